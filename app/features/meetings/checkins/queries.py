"""What a check-in is judged by, and what was said before it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, String, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.rows import IDS, locked
from app.features.meetings.checkins.models import MeetingCheckIn
from app.features.meetings.checkins.rules import Stands, Typed
from app.features.meetings.events import expected
from app.features.meetings.events.models import MeetingEvent, MeetingExpected
from app.features.meetings.events.rules import Belongs, Capacity
from app.features.meetings.events.secrets import secrets_of
from app.features.meetings.ticks.models import SAID, Attendance, AttendanceTick
from app.features.meetings.ticks.putting import Before
from app.features.meetings.ticks.rules import StoredTick
from app.features.meetings.venue_code.rules import CheckIn, Moment, Reason
from app.features.members.models import Member
from app.features.members.queries import AnyRow
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus

_MEMBER: Final[BindParameter[Any]] = bindparam("member", type_=Uuid())
_DEVICES: Final[BindParameter[Any]] = bindparam("devices", type_=String(), expanding=True)
_EVENTS: Final = (
    select(MeetingEvent)
    .where(MeetingEvent.id.in_(IDS))
    .order_by(MeetingEvent.id)
    .with_for_update(read=True)
    .execution_options(populate_existing=True)
)
"""Held against who saves the list at this moment, and not against each other."""
_EXPECTED: Final = select(
    MeetingExpected.event_id,
    MeetingExpected.capacity,
    MeetingExpected.is_full,
    MeetingExpected.is_exempt,
    MeetingExpected.own_branch_id,
).where(
    MeetingExpected.member_id == _MEMBER,
    MeetingExpected.event_id.in_(IDS),
    MeetingExpected.is_gone.is_(False),
    MeetingExpected.capacity != Capacity.GUEST,
)
"""A guest is in none of the numbers, whoever shows them the code. Source: domain, meetings §2."""
_BEFORE: Final = select(
    MeetingCheckIn.id,
    MeetingCheckIn.event_id,
    MeetingCheckIn.device_id,
    MeetingCheckIn.seq,
    MeetingCheckIn.occurred_at,
    MeetingCheckIn.corrected_at,
    MeetingCheckIn.outcome,
    MeetingCheckIn.reason,
    MeetingCheckIn.minutes_late,
    MeetingCheckIn.minutes_off,
    MeetingCheckIn.tick_id,
).where(
    MeetingCheckIn.member_id == _MEMBER, or_(MeetingCheckIn.event_id.in_(IDS), MeetingCheckIn.device_id.in_(_DEVICES))
)
_ON_PHONES: Final = (
    select(MeetingCheckIn.event_id, MeetingCheckIn.device_id, MeetingCheckIn.member_id, MeetingCheckIn.tick_id)
    .where(MeetingCheckIn.event_id.in_(IDS), MeetingCheckIn.device_id.in_(_DEVICES))
    .where(MeetingCheckIn.outcome != CheckIn.REFUSED, MeetingCheckIn.member_id != _MEMBER)
)
_TICKED: Final = (
    select(
        AttendanceTick.id,
        AttendanceTick.event_id,
        *SAID,
        AttendanceTick.recorded_by_id,
        Review.status,
        (Attendance.tick_id == AttendanceTick.id).label("is_last"),
    )
    .join(
        Attendance,
        (Attendance.event_id == AttendanceTick.event_id) & (Attendance.member_id == AttendanceTick.member_id),
    )
    .outerjoin(Review, Review.id == AttendanceTick.id)
    .where(AttendanceTick.member_id == _MEMBER, AttendanceTick.event_id.in_(IDS))
    .order_by(AttendanceTick.id)
)
_WAITING: Final = locked(select(Review.id, Review.status).where(Review.id.in_(IDS)).order_by(Review.id))

_STRANGERS: Final = (
    select(Member.name)
    .where(
        Member.id.in_(
            select(MeetingCheckIn.member_id).where(
                MeetingCheckIn.event_id == bindparam("event"), MeetingCheckIn.reason == Reason.NOT_EXPECTED
            )
        ),
        Member.id.not_in(
            select(MeetingExpected.member_id).where(
                MeetingExpected.event_id == bindparam("event"), MeetingExpected.is_gone.is_(False)
            )
        ),
    )
    .order_by(Member.pinyin, Member.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCheckIn:
    """A code somebody typed, on its way to be judged."""

    id: UUID
    event_id: UUID
    member_id: UUID
    branch_id: UUID
    recorded_by_id: UUID
    code: str
    moment: Moment
    received_at: datetime
    device_id: str | None = None
    seq: int | None = None
    flags: frozenset[Flag] = frozenset()
    """Why an officer should look, as far as the door knows."""


class Last(NamedTuple):
    """What was said last about the member at a meeting."""

    before: Before | None = None
    stands: Stands | None = None
    confirmed: bool = False
    """Whether anything was confirmed."""


class CheckInContext(NamedTuple):
    """What a check-in is judged by, besides the code."""

    events: Mapping[UUID, MeetingEvent]
    expected: Mapping[UUID, Belongs]
    """At which of them the member is expected, and as what."""
    secrets: Mapping[UUID, bytes | None]
    before: Sequence[Any]
    others: Mapping[tuple[UUID, str], set[UUID]]
    """Who else typed a code on the same phone."""


def known_of(session: Session, member_id: UUID, news: Sequence[NewCheckIn]) -> CheckInContext:
    """What is known of these meetings and of who typed; the meetings are held against who saves a list just now."""
    ids = sorted({new.event_id for new in news})
    of_member = {"ids": ids, "member": member_id, "devices": devices(news)}
    events = {event.id: event for event in session.scalars(_EVENTS, {"ids": ids})}
    there = {
        event_id: one
        for event_id, one in written_down(session, member_id, ids).items()
        if (one.own_branch_id or events[event_id].branch_id) == news[0].branch_id
    }
    for event_id in events.keys() - there.keys():  # perhaps somebody has moved since the plan was written
        if belongs := expected.current(session, events[event_id]).get(member_id):
            there[event_id] = belongs
    others = defaultdict[tuple[UUID, str], set[UUID]](set)
    for row in others_on_phones(session, member_id, news):
        others[row.event_id, row.device_id].add(row.member_id)
    before = session.execute(_BEFORE, of_member).all()
    return CheckInContext(events, there, secrets_of(session, events), before, others)


def last_said(session: Session, member_id: UUID, known: CheckInContext) -> Mapping[UUID, Last]:
    """What was said last at each of these meetings; what waits for an officer's word is held, with its reviews."""
    rows = session.execute(_TICKED, {"ids": sorted(known.events), "member": member_id}).all()
    waits = [row.id for row in rows if row.status is ReviewStatus.PENDING]
    held = {row.id: row.status for row in session.execute(_WAITING, {"ids": waits})} if waits else {}
    typed = {row.tick_id: Typed(row.outcome, row.corrected_at) for row in known.before if row.tick_id}
    found = defaultdict[UUID, Last](Last)
    for row in rows:
        status = held.get(row.id, row.status)
        last = found[row.event_id]
        if status is ReviewStatus.APPROVED:
            last = last._replace(confirmed=True)
        if row.is_last:
            stands = Stands(StoredTick(*row[2:6]), status, typed.get(row.id))
            last = last._replace(before=Before(row.id, row.recorded_by_id, status), stands=stands)
        found[row.event_id] = last
    return found


def others_on_phones(session: Session, member_id: UUID, news: Sequence[NewCheckIn]) -> Sequence[AnyRow]:
    """Who else typed a code of these meetings on these phones."""
    ids = sorted({new.event_id for new in news})
    return session.execute(_ON_PHONES, {"ids": ids, "devices": devices(news), "member": member_id}).all()


def written_down(session: Session, member_id: UUID, event_ids: Collection[UUID]) -> dict[UUID, Belongs]:
    """At which of these meetings the member is written down as expected, and as what."""
    rows = session.execute(_EXPECTED, {"ids": sorted(event_ids), "member": member_id})
    return {row.event_id: Belongs(*row[1:]) for row in rows}


def not_expected(session: Session, event_id: UUID) -> Sequence[str]:
    """Who typed a code and was not expected: the organiser may add them as guests. For who keeps the meeting."""
    return session.scalars(_STRANGERS, {"event": event_id}).all()


def devices(news: Sequence[NewCheckIn]) -> list[str]:
    """The phones they came from."""
    return sorted({new.device_id for new in news if new.device_id})
