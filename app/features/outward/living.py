"""Reminders in a browser hang on the sign-in there: who is signed out of it is not reminded in it any more.

Signed out by hand or from another device, by a new password, a new slip or a restore, or because somebody else came in
there. Only that a phone's session is over by itself changes nothing: people are reminded because they have not come.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.features.outward.models import NoticeChannel
from app.features.outward.rules import ChannelKind
from app.features.sign_in.models import KnownDevice, SignInSession

_LATER: Final = aliased(KnownDevice)
"""Somebody else whose account was opened in the same browser since."""
LIVES: Final = or_(
    NoticeChannel.kind != ChannelKind.PUSH,
    select(KnownDevice.token_digest)
    .outerjoin(SignInSession, SignInSession.id == KnownDevice.session_id)
    .outerjoin(
        _LATER,
        (_LATER.token_digest == KnownDevice.token_digest)
        & (_LATER.member_id != KnownDevice.member_id)
        & (_LATER.used_at > KnownDevice.used_at),
    )
    .where(
        KnownDevice.member_id == NoticeChannel.member_id,
        KnownDevice.token_digest == NoticeChannel.device_digest,
        SignInSession.ended_at.is_(None),
        _LATER.member_id.is_(None),
    )
    .correlate(NoticeChannel)
    .exists(),
)
_OF_SESSION: Final = select(KnownDevice.token_digest).where(KnownDevice.session_id == bindparam("session_id"))


def device_of(session: Session, session_id: UUID) -> str | None:
    """The digest by which the browser of a session is known; ``None``: it keeps nothing."""
    return session.scalars(_OF_SESSION, {"session_id": session_id}).first()
