"""Guests of a meeting 列席: they are named in its record, have no vote, and bring no fact."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, delete, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ConflictError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.features.meetings.events import expected
from app.features.meetings.events.models import MeetingGuest
from app.features.meetings.events.rules import LIFE, Step
from app.features.meetings.events.service import kept
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import OrganisationKind

MOST: Final = 30
"""Guests of one meeting. Ours."""
_OF_EVENT: Final = (
    select(
        MeetingGuest.id,
        MeetingGuest.member_id,
        func.coalesce(Member.name, MeetingGuest.name).label("name"),
        Organisation.name.label("branch"),
    )
    .outerjoin(Member, Member.id == MeetingGuest.member_id)
    .outerjoin(Organisation, Organisation.id == Member.branch_id)
    .where(MeetingGuest.event_id == bindparam("event"))
    .order_by(MeetingGuest.member_id.is_(None), Member.pinyin, MeetingGuest.id)
)
_NAMED: Final = (
    select(Member.id, Member.name, Organisation.name.label("branch"))
    .join(Organisation, Organisation.id == Member.branch_id)
    .where(
        Member.name == bindparam("name"),
        Organisation.kind == OrganisationKind.BRANCH,
        or_(Member.left_on.is_(None), Member.left_on > bindparam("day", type_=Member.left_on.type)),
    )
    .order_by(Organisation.pinyin, Member.id)
)
_GONE: Final = delete(MeetingGuest).where(
    MeetingGuest.id == bindparam("guest"), MeetingGuest.event_id == bindparam("event")
)
NOBODY_WE_KNOW: Final = "other"
"""Chosen where members bear the name that was typed, and none of them is meant."""


class WhichOneError(ConflictError):
    message = _("Somebody here has this name. Choose whom you mean.")
    field = "who"


class ExpectedAnywayError(ConflictError):
    message = _("This person is expected at the meeting anyway, and stands on the list.")
    field = "name"


class TooManyGuestsError(ConflictError):
    message = _("A meeting has at most %(most)s guests by name.")
    field = "name"


def guests(session: Session, event_id: UUID) -> Sequence[AnyRow]:
    """Who sits in on a meeting: rows ``id, member_id, name, branch``. For callers that may see it."""
    return session.execute(_OF_EVENT, {"event": event_id}).all()


def named(session: Session, name: str) -> Sequence[AnyRow]:
    """Which members bear exactly this name, wherever they belong: rows ``id, name, branch``."""
    return session.execute(_NAMED, {"name": name, "day": clock.today()}).all()


def add_guest(session: Session, actor: Actor, *, event_id: UUID, name: str, who: str | None = None) -> None:
    """Let somebody sit in; ``who`` says which member of this ``name`` is meant, or ``NOBODY_WE_KNOW``. Twice is once.

    Raises:
        WhichOneError: members bear the name, and nobody said which of them.
    """
    event = kept(session, actor, event_id)
    LIFE.check(event.state, Step.RECORDED)
    there, known = guests(session, event_id), {str(row.id): row for row in named(session, name)}
    if known and not who:
        raise WhichOneError
    chosen = None if not known or who == NOBODY_WE_KNOW else known.get(who or "")
    if chosen is None and who not in (None, NOBODY_WE_KNOW):
        raise NotFoundError
    if chosen and chosen.id in expected.current(session, event):
        raise ExpectedAnywayError
    member_id = chosen.id if chosen else None
    if any(row.member_id == member_id and row.name == name for row in there):
        return
    if len(there) >= MOST:
        raise TooManyGuestsError(most=MOST)
    free = None if member_id else name
    session.add(MeetingGuest(event_id=event_id, member_id=member_id, name=free, added_by_id=actor.member_id))
    session.flush()
    expected.bring_along(session, event)


def remove_guest(session: Session, actor: Actor, *, event_id: UUID, guest_id: UUID) -> None:
    """Let somebody not sit in. Twice is once."""
    event = kept(session, actor, event_id)
    session.execute(_GONE, {"guest": guest_id, "event": event_id})
    expected.bring_along(session, event)
