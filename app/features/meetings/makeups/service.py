"""Saying that somebody has made up for a meeting, and what time brings where nobody did."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.errors import NotFoundError
from app.core.rows import IDS, locked, one, put_once
from app.features.meetings.attendance.rules import MAKE_UP_DAYS, Item, Leave, State
from app.features.meetings.events import queries as events
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.makeups import queries, rules
from app.features.meetings.makeups.review_kind import MAKE_UP
from app.features.meetings.makeups.rules import MadeUpAlreadyError, NothingToMakeUpError
from app.features.meetings.ticks import facts
from app.features.meetings.ticks.models import Attendance, AttendanceTick, MakeUp
from app.features.meetings.ticks.rules import How
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus

LOOKED_BACK: Final = timedelta(days=100)
"""How long ago a meeting may be of which private leave is still posted: longer than any server stands still."""
_MAKE_UPS: Final = cast(Table, MakeUp.__table__)
_HELD: Final = locked(
    select(Attendance).where(Attendance.event_id == bindparam("event"), Attendance.member_id == bindparam("of"))
)
_PRIVATE: Final = (
    select(
        AttendanceTick.id,
        AttendanceTick.event_id,
        AttendanceTick.member_id,
        Review.counts_in_id.label("branch_id"),
        MeetingEvent.begins_at,
    )
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .join(Review, Review.id == AttendanceTick.id)
    .where(
        AttendanceTick.state == State.LEAVE,
        AttendanceTick.leave == Leave.PRIVATE,
        Review.status == ReviewStatus.APPROVED,
        MeetingEvent.begins_at >= bindparam("since", type_=MeetingEvent.begins_at.type),
        MeetingEvent.begins_at < bindparam("until", type_=MeetingEvent.begins_at.type),
    )
    .order_by(AttendanceTick.id)
)
_REVIEWS: Final = select(Review).where(Review.id.in_(IDS)).order_by(Review.id)


def report(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    event_id: UUID,
    done_on: date,
    how: How,
    member_id: UUID | None = None,
) -> Review:
    """Say that the actor, or for officers somebody of the branch, has made up for a meeting. Twice is once.

    What was returned is corrected by it.

    Raises:
        NothingToMakeUpError: neither a leave nor an absence, or too long ago for anybody to confirm it in time.
        DayNotThereError: before the meeting, after the last day, or not come yet.
    """
    member_id = member_id or actor.member_id
    seen = queries.missed(session, actor, event_id, member_id)
    if member_id != actor.member_id and not actor.may(Permission.RECORD_FOR_OTHERS):
        raise NotFoundError
    one(session, _HELD, {"event": event_id, "of": member_id})  # one at a time: nobody says it twice meanwhile
    seen, before = queries.missed(session, actor, event_id, member_id), session.get(MakeUp, id)
    if before is None:
        if seen.status in {ReviewStatus.PENDING, ReviewStatus.APPROVED}:
            raise MadeUpAlreadyError
        if not seen.can_make_up:
            raise NothingToMakeUpError
        rules.check_day(done_on, day=seen.day, today=clock.today())
    agenda = [Item(item.kind, item.minutes, item.study) for item in events.items(session, [event_id])[event_id]]
    new = NewReview(
        id=id,
        kind=MAKE_UP.name,
        branch_id=seen.branch_id,
        member_id=member_id,
        recorded_by_id=actor.member_id,
        title=seen.title,
        detail={
            "day": seen.day.isoformat(),
            "done_on": done_on.isoformat(),
            "how": how.value,
            "is_absence": seen.state is State.ABSENT,
            "until": rules.confirmed_by(seen.day).isoformat() if seen.takes_loss_away else "",
            "study": any(item.teaches for item in agenda),
        },
        occurred_on=done_on,
        submitted_at=clock.now(),
        corrects_id=seen.make_up_id if seen.status is ReviewStatus.RETURNED else None,
    )
    submitted = reviews.submit(session, [new])[0]
    row = {"id": id, "event_id": event_id, "member_id": member_id, "done_on": done_on, "how": how}
    put_once(session, _MAKE_UPS, [row], said=("event_id", "member_id", "done_on", "how"))
    return submitted.review


def withdraw(session: Session, actor: Actor, *, make_up_id: UUID) -> None:
    """Take back what waits: the member, or who recorded it. Twice is once."""
    for refused in reviews.withdraw(session, [make_up_id], by_id=actor.member_id):
        raise refused.error


def post_private_leave(database: Database, now: datetime) -> int:
    """Let private leave count that can no longer be made up for: from day 31 on. Gives how many facts that brought.

    What is held by a make-up that waits is looked at again; a branch at a time, and twice is once.
    """
    number = 0
    with database.read() as session:
        due = losses_due(session, clock.local_day(now))
    for _branch, ticks in sorted(due.items()):
        with database.write() as session:
            number += post_losses(session, ticks)
    return number


def losses_due(session: Session, today: date) -> Mapping[UUID, Sequence[UUID]]:
    """Ticks of private leave whose loss is due and not posted, by the branch in which it counts: three statements."""
    asked = {
        "since": clock.midnight(today - LOOKED_BACK),
        "until": clock.midnight(today - timedelta(days=MAKE_UP_DAYS)),
    }
    rows = session.execute(_PRIVATE, asked).all()
    made_up = facts.made_up_for(session, {(row.event_id, row.member_id) for row in rows})
    posted = facts.posted_for(session, {row.id: row.member_id for row in rows})
    due: dict[UUID, list[UUID]] = defaultdict(list)
    for row in rows:
        make_up = made_up.get((row.event_id, row.member_id))
        if row.id not in posted and not (make_up and make_up.keeps_off(clock.local_day(row.begins_at), today)):
            due[row.branch_id].append(row.id)
    return due


def post_losses(session: Session, ticks: Sequence[UUID]) -> int:
    """Let these count, if they still have to: another may have confirmed a make-up meanwhile."""
    found = session.scalars(_REVIEWS, {"ids": ticks}).all()
    return facts.settle(session, found, next(one.decided_by_id for one in found if one.decided_by_id))
