"""Asking for a token, confirming it, taking its secret, ending it, and what became of it in the audit log."""

from datetime import date, datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Date, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_adding_up
from app.core.errors import ConflictError, ForbiddenError, NotFoundError
from app.core.i18n import gettext
from app.core.i18n import lazy_gettext as _
from app.core.rows import locked, one, rowcount
from app.features.api import rules
from app.features.api.models import ApiRead, ApiToken
from app.features.api.rules import Scope, TokenState
from app.features.members import audit, places
from app.features.members.actor import Actor
from app.features.members.errors import AmbiguousBranchError, UnknownBranchError
from app.features.members.models import Organisation
from app.features.members.rules import AuditAction, OrganisationKind
from app.features.members.two_people import LIFE, Second, check_second
from app.features.sign_in.tokens import digest

_READS: Final = cast(Table, ApiRead.__table__)
_ONE: Final = locked(select(ApiToken).where(ApiToken.id == bindparam("id")))
_REACHES: Final = (OrganisationKind.COMMITTEE, OrganisationKind.GENERAL_BRANCH, OrganisationKind.BRANCH)
_OLD_READS: Final = (
    select(ApiRead.day, ApiRead.scope, ApiRead.calls, ApiRead.lines, ApiToken.id, ApiToken.name, ApiToken.reach_id)
    .join(ApiToken, ApiToken.id == ApiRead.token_id)
    .where(ApiRead.day < bindparam("today", type_=Date()))
    .order_by(ApiRead.day, ApiToken.id, ApiRead.scope)
)
_USED: Final = (
    update(ApiToken)
    .where(ApiToken.id == bindparam("of_token"), ApiToken.last_used_on.is_distinct_from(bindparam("on", type_=Date())))
    .values(last_used_on=bindparam("on"))
    .execution_options(synchronize_session=False)
)


class TakenError(ConflictError):
    message = _("This token was taken already and is shown no second time. End it, and ask for another one.")


class NotToTakeError(ForbiddenError):
    message = _("Only who asked for a token takes it, once it is confirmed.")


def ask(session: Session, actor: Actor, *, id: UUID, name: str, scopes: list[Scope], reach: str, ends_on: date) -> None:  # noqa: A002
    """Ask for a token; it opens nothing yet. The same form twice is once.

    Raises:
        ImpossibleError: no token can be like that.
        UnknownBranchError, AmbiguousBranchError: ``reach`` names no place, or several.
    """
    if session.get(ApiToken, id):
        return
    place = _place(session, reach)
    rules.check_asked(scopes, place.kind, ends_on, clock.today())
    token = ApiToken(
        id=id, name=name, scopes=sorted(set(scopes)), reach_id=place.id, ends_on=ends_on, entered_by_id=actor.member_id
    )
    session.add(token)
    session.flush()
    _note(session, actor, AuditAction.TOKEN_ASKED, token, scopes=", ".join(token.scopes), until=str(ends_on))


def decide(session: Session, actor: Actor, *, token_id: UUID, second: Second) -> None:
    """Let it be, or not.

    Raises:
        DecidedByNowError: somebody was faster.
        SamePersonError, BoundError: somebody else confirms it.
    """
    token = one(session, _ONE, {"id": token_id})
    if not rules.sees_what_it_reads(actor, token.scopes, token.reach_id):
        raise NotFoundError
    stands = LIFE.after(token.stands, second)
    check_second(session, actor, entered_by_id=token.entered_by_id)
    token.stands, token.decided_by_id, token.decided_at = stands, actor.member_id, clock.now()
    session.flush()
    confirmed = second is Second.CONFIRM
    _note(session, actor, AuditAction.TOKEN_CONFIRMED if confirmed else AuditAction.TOKEN_DECLINED, token)


def take(session: Session, actor: Actor, *, token_id: UUID, secret: str) -> None:
    """Let the token be used with ``secret`` from now on. The same secret twice is once.

    Raises:
        NotToTakeError: it is not the actor's to take.
        TakenError: it was taken with another secret.
    """
    token = one(session, _ONE, {"id": token_id})
    if token.entered_by_id != actor.member_id or token.state not in (TokenState.CONFIRMED, TokenState.IN_USE):
        raise NotToTakeError
    if token.token_digest is None:
        token.token_digest = digest(secret)
        session.flush()
        _note(session, actor, AuditAction.TOKEN_TAKEN, token)
    elif token.token_digest != digest(secret):
        raise TakenError


def end(session: Session, actor: Actor, *, token_id: UUID) -> None:
    """End it at once. Twice is once."""
    token = one(session, _ONE, {"id": token_id})
    if not rules.may_end(actor, token.reach_id):
        raise NotFoundError
    if token.ended_at is None:
        token.ended_at, token.ended_by_id = clock.now(), actor.member_id
        session.flush()
        _note(session, actor, AuditAction.TOKEN_ENDED, token)


def forget_secrets(session: Session, _now: datetime) -> int:
    """Nothing is read with any secret that was taken: who asked for the token takes another one; gives how many."""
    taken = update(ApiToken).where(ApiToken.token_digest.is_not(None))
    return rowcount(session.execute(taken.values(token_digest=None, last_used_on=None)))


def note_read(session: Session, *, token_id: UUID, scope: Scope, lines: int) -> None:
    """Count one answer of ``lines`` rows, by the day alone."""
    today = clock.today()
    row = {"token_id": token_id, "day": today, "scope": scope, "calls": 1, "lines": lines}
    session.execute(insert_adding_up(session, _READS, ("calls", "lines")), row)
    session.execute(_USED, {"of_token": token_id, "on": today})


def note_days(session: Session, now: datetime) -> int:
    """Put what was read on days that are over into the audit log, one row a token, day and kind; gives how many."""
    today = clock.local_day(now)
    rows = session.execute(_OLD_READS, {"today": today}).all()
    for row in rows:
        about = audit.Subject(row.name, row.id, row.reach_id)
        said = {"day": row.day, "scope": row.scope, "calls": row.calls, "lines": row.lines}
        audit.record(session, None, AuditAction.TOKEN_READ, about, audit.changed({}, said))
    session.execute(delete(ApiRead).where(ApiRead.day < today))
    return len(rows)


def _place(session: Session, typed: str) -> Organisation:
    found = places.meant(session, typed, _REACHES)
    exactly = [row for row in found if row.name == typed]
    if not found:
        raise UnknownBranchError(name=typed)
    if len(found) > 1 and len(exactly) != 1:
        raise AmbiguousBranchError(names=gettext(", ").join(row.name for row in found[:5]))
    return session.get_one(Organisation, (exactly or found)[0].id)


def _note(session: Session, actor: Actor, action: AuditAction, token: ApiToken, **said: str) -> None:
    about = audit.Subject(token.name, token.id, token.reach_id)
    audit.record(session, actor.member_id, action, about, audit.changed({}, said))
