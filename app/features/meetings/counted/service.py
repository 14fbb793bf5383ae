"""One person enters, another confirms: rights that rest, people left out at one meeting."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import locked, one
from app.features.meetings.counted import queries
from app.features.meetings.counted.models import LeftOut, Suspension
from app.features.meetings.counted.rules import ConsentLaterError, Rests, WaitsAlreadyError, check_days, check_votes
from app.features.meetings.events import expected
from app.features.meetings.events import queries as events
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import NotOfTheBranchError
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.members.two_people import DecidedByNowError, Second, Stands, decide, enter

_SUSPENSION: Final = locked(
    select(Suspension)
    .join(Member, Member.id == Suspension.member_id)
    .where(Suspension.id == bindparam("said"), Member.branch_id == bindparam("branch"))
)
_LEFT_OUT: Final = locked(
    select(LeftOut)
    .join(MeetingEvent, MeetingEvent.id == LeftOut.event_id)
    .where(LeftOut.id == bindparam("said"), MeetingEvent.branch_id == bindparam("branch"))
)
_OPEN: Final = locked(
    select(LeftOut).where(
        LeftOut.event_id == bindparam("event"),
        LeftOut.member_id == bindparam("member"),
        LeftOut.stands == Stands.CONFIRMED,
        LeftOut.adopted.is_(False),
    )
)
_TAKEN: Final = {
    "uq_suspensions_one_waits": WaitsAlreadyError,
    "uq_suspensions_replaced_once": WaitsAlreadyError,
    "uq_left_out_once": WaitsAlreadyError,
}


def enter_suspension(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    member_id: UUID,
    rests: Rests,
    starts_on: date,
    ends_on: date | None,
    document: str,
    replaces_id: UUID | None = None,
) -> UUID:
    """Say that somebody's rights rest, or until when in the place of what was said; the other one confirms it."""
    known = {row.id: row.member_id for row in queries.suspensions(session, actor)}
    members.colleague(session, actor, member_id)
    if replaces_id and known.get(replaces_id) != member_id:
        raise NotFoundError
    check_days(starts_on, ends_on)
    said = {"rests": rests, "starts_on": starts_on, "ends_on": ends_on, "document": document}
    return enter(session, actor, Suspension(id=id, member_id=member_id, replaces_id=replaces_id, **said), _TAKEN)


def decide_suspension(session: Session, actor: Actor, *, suspension_id: UUID, second: Second) -> None:
    """Confirm it, or not."""
    if not queries.sees_rights(actor):
        raise NotFoundError
    said = one(session, _SUSPENSION, {"said": suspension_id, "branch": actor.branch_id})
    decide(session, actor, said, second)


def leave_out(
    session: Session,
    actor: Actor,
    *,
    event_id: UUID,
    id: UUID,  # noqa: A002 (what it is)
    member_id: UUID,
    **said: Any,
) -> UUID:
    """Say that somebody is left out of those who should come to this meeting; the other one confirms it.

    ``said``: ``reason``, ``consent``, ``consented_on``, ``adopted``. What was entered before the meeting took it over
    counts for nothing, and makes room for what is entered when it did.
    """
    event = decided(session, actor, event_id)
    check_votes(frozenset(item.kind for item in expected.items_of(session, event_id)))
    if member_id not in queries.counted(session, event).full:
        raise NotOfTheBranchError(at="member_id")
    if said["consented_on"] > clock.local_day(event.begins_at):
        raise ConsentLaterError
    if said["adopted"] and (before := session.scalars(_OPEN, {"event": event_id, "member": member_id}).one_or_none()):
        before.stands = Stands.DECLINED
        session.flush()
    return enter(session, actor, LeftOut(id=id, event_id=event_id, member_id=member_id, **said), _TAKEN)


def decide_left_out(session: Session, actor: Actor, *, left_out_id: UUID, second: Second) -> UUID:
    """Confirm it, or not; gives the meeting."""
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    said = one(session, _LEFT_OUT, {"said": left_out_id, "branch": actor.branch_id})
    decide(session, actor, said, second)
    return said.event_id


def take_back(session: Session, actor: Actor, *, left_out_id: UUID) -> UUID:
    """Say no longer that somebody is left out, as one of the two who did; gives the meeting.

    It counts as long as both say so. What was voted until then stays as it was computed.
    """
    if not actor.may(Permission.APPROVE):
        raise NotFoundError
    said = one(session, _LEFT_OUT, {"said": left_out_id, "branch": actor.branch_id})
    if said.stands is not Stands.CONFIRMED:
        raise DecidedByNowError(state=said.stands.label)
    if actor.member_id not in (said.entered_by_id, said.decided_by_id):
        raise NotFoundError
    said.stands = Stands.DECLINED
    session.flush()
    return said.event_id


def decided(session: Session, actor: Actor, event_id: UUID) -> MeetingEvent:
    """The meeting, for the secretary, the deputy and the organisation commissioner of its branch."""
    event = events.whole(session, actor, event_id)
    if not (actor.may(Permission.APPROVE) and event.branch_id == actor.branch_id):
        raise NotFoundError
    return event
