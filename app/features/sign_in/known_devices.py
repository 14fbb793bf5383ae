"""Browsers on which an account was opened before: they keep attempts of their own, whatever strangers use up.

A browser keeps one random token for years; the database keeps its digest beside each account that was opened with it.
It is no key: nothing opens by it, and it is forgotten when its session is ended from elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, or_, select, true
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_renewing
from app.core.rows import AnyRow, rowcount
from app.features.members.actor import Actor
from app.features.sign_in.models import KnownDevice, SignInSession
from app.features.sign_in.rules import DEVICE_KNOWN
from app.features.sign_in.tokens import digest, new_token

_TABLE: Final = cast(Table, KnownDevice.__table__)
_KNOWN: Final = select(KnownDevice.token_digest).where(
    KnownDevice.token_digest == bindparam("token_digest"), KnownDevice.used_at > bindparam("since")
)
_KNOWN_TO: Final = _KNOWN.where(KnownDevice.member_id == bindparam("member"))
_OWN: Final = (
    select(KnownDevice.device, KnownDevice.used_at)
    .where(KnownDevice.member_id == bindparam("member"))
    .order_by(KnownDevice.device, KnownDevice.token_digest)
)


def name_for(session: Session, member_id: UUID, token: str | None) -> str | None:
    """What attempts on the member's account from the browser with ``token`` are counted by; ``None``: it is unknown."""
    if not token:
        return None
    values = {"token_digest": digest(token), "member": member_id, "since": clock.now() - DEVICE_KNOWN}
    found = session.scalar(_KNOWN_TO, values)
    return f"{member_id}:{found}" if found else None


def remember(session: Session, *, opened: str, token: str | None) -> str | None:
    """Know the browser in which the session with the token ``opened`` was begun; gives what it keeps for that.

    Nothing while the session waits for its second factor: the password alone makes no device known.
    ``token`` is what it keeps already. Only one that was given out here is gone on with, so that nobody lets a browser
    carry a token of their choice.
    """
    known = token and session.scalar(_KNOWN, {"token_digest": digest(token), "since": clock.now() - DEVICE_KNOWN})
    kept = token if token and known else new_token()
    begun = session.execute(
        select(
            SignInSession.id, SignInSession.member_id, SignInSession.device, SignInSession.awaits_factor_since
        ).where(SignInSession.token_digest == digest(opened))
    ).one()
    if begun.awaits_factor_since:
        return None
    row = {
        "member_id": begun.member_id,
        "token_digest": digest(kept),
        "session_id": begun.id,
        "device": begun.device,
        "used_at": clock.now(),
    }
    session.execute(insert_renewing(session, _TABLE, where=true()), row)
    return kept


def forget(session: Session, member_id: UUID, *, but: UUID | None = None) -> None:
    """Know none of the member's browsers any more, except the one of session ``but``."""
    others = or_(KnownDevice.session_id.is_(None), KnownDevice.session_id != but) if but else true()
    session.execute(delete(KnownDevice).where(KnownDevice.member_id == member_id, others))


def forget_session(session: Session, session_id: UUID) -> None:
    """The session was ended from elsewhere: its browser may be in other hands."""
    session.execute(delete(KnownDevice).where(KnownDevice.session_id == session_id))


def own(session: Session, actor: Actor) -> Sequence[AnyRow]:
    """The browsers that are known to the actor's account, by name."""
    return session.execute(_OWN, {"member": actor.member_id}).all()


def sweep(session: Session, now: datetime) -> int:
    """Forget browsers that nobody has used for ``DEVICE_KNOWN``; gives their number."""
    unused = delete(KnownDevice).where(KnownDevice.used_at < now - DEVICE_KNOWN)
    return rowcount(session.execute(unused))
