"""Hours of education that confirmed attendance gives: the minutes of what taught, as the meeting was held."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import DateTime, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS
from app.features.education.rules import DayHours, HoursClass, Taken
from app.features.meetings.attendance.rules import MAKE_UP_DAYS, TEACHING, Item, State, given
from app.features.meetings.events import queries
from app.features.meetings.events.models import MeetingEvent, MeetingItem
from app.features.meetings.events.rules import EventState
from app.features.meetings.ticks.facts import MADE_UP_FOR, AnyRow, made_up_for
from app.features.meetings.ticks.models import SAID, AttendanceTick
from app.features.meetings.ticks.rules import StoredTick, attended
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_TEACHES: Final = exists().where(
    MeetingItem.event_id == MeetingEvent.id,
    MeetingItem.minutes > 0,
    or_(MeetingItem.kind.in_(sorted(TEACHING)), MeetingItem.study),
)
"""Most meetings of a year teach nothing: what everybody did there is not read."""
_APPROVED: Final = (
    select(
        AttendanceTick.event_id,
        AttendanceTick.member_id,
        *SAID,
        MeetingEvent.title,
        MeetingEvent.begins_at,
        MeetingEvent.ends_at,
        Organisation.name.label("branch"),
        Member.name.label("decided_by"),
    )
    .join(Review, Review.id == AttendanceTick.id)
    .join(Member, Member.id == Review.decided_by_id)
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .join(Organisation, Organisation.id == MeetingEvent.branch_id)
    .where(
        AttendanceTick.member_id.in_(IDS),
        Review.status == ReviewStatus.APPROVED,
        MeetingEvent.begins_at >= bindparam("since", type_=DateTime(timezone=True)),
        MeetingEvent.begins_at < bindparam("until", type_=DateTime(timezone=True)),
        MeetingEvent.state != EventState.CANCELLED,
        _TEACHES,
    )
    .order_by(AttendanceTick.id)
)


def of_attendance(session: Session, member_ids: Collection[UUID], year: int) -> Iterator[Taken]:
    """What these members' attendance gives in ``year``, made up for or not: three statements at most.

    Of a meeting the last confirmed word counts; what was made up for belongs to the day on which that was done.
    """
    since = clock.midnight(date(year - 1, 12, 31 - MAKE_UP_DAYS))
    asked = {"ids": sorted(member_ids), "since": since, "until": clock.midnight(date(year + 1, 1, 1))}
    rows = {(row.event_id, row.member_id): row for row in session.execute(_APPROVED, asked)}
    agenda = {
        event_id: [Item(item.kind, item.minutes, item.study) for item in items]
        for event_id, items in queries.items(session, {event_id for event_id, _member in rows}).items()
    }
    made_up = made_up_for(session, {key for key, row in rows.items() if row.state in MADE_UP_FOR})
    for key, row in rows.items():
        make_up = made_up.get(key)
        taken = _taken(row, agenda[row.event_id], make_up.done_on if make_up and make_up.confirmed_on else None)
        if taken and taken.entry.day and taken.entry.day.year == year:
            yield taken


def _taken(row: AnyRow, items: Collection[Item], done_on: date | None) -> Taken | None:
    said = StoredTick(row.state, row.leave, row.is_late, row.left_early)
    minutes = given([attended(row.begins_at, row.ends_at, items, said, made_up_on=done_on)]).education_minutes
    if not minutes:
        return None
    there: tuple[datetime | None, datetime | None] = (row.begins_at, row.ends_at)
    day = clock.local_day(row.begins_at)
    if row.state is not State.PRESENT:
        there, day = (None, None), done_on or day
    form = next(item.kind.label for item in items if item.teaches and item.minutes)
    entry = DayHours(HoursClass.ORGANISED, minutes, day, row.title, *there)
    return Taken(row.member_id, entry, str(form), row.branch, row.decided_by)
