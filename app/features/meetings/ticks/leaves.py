"""Attendance follows a leave by itself: who was ticked absent and was on leave is on leave, as long as that stands."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import takewhile
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.core.rows import IDS
from app.features.leave import queries as leaves
from app.features.leave.excuses import excuses
from app.features.leave.view import ShownLeave
from app.features.ledger import service as ledger
from app.features.meetings.attendance.rules import Item, State
from app.features.meetings.events import queries
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import brings_facts
from app.features.meetings.ticks import facts
from app.features.meetings.ticks.models import AttendanceTick
from app.features.meetings.ticks.putting import point_at
from app.features.meetings.ticks.rules import Mark, Source, StoredTick, first_mark, said
from app.features.meetings.ticks.service import detail_of
from app.features.reviews import posting
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus

_MEMBERS: Final[BindParameter[Any]] = bindparam("members", type_=Uuid(), expanding=True)
_MET: Final = (
    select(
        AttendanceTick.event_id,
        AttendanceTick.member_id,
        func.coalesce(Review.counts_in_id, MeetingEvent.branch_id).label("branch_id"),
        MeetingEvent.begins_at,
    )
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .outerjoin(Review, Review.id == AttendanceTick.id)
    .where(
        AttendanceTick.member_id.in_(_MEMBERS),
        or_(AttendanceTick.state == State.ABSENT, AttendanceTick.source == Source.LEAVE),
        queries.BETWEEN,
    )
)
_TICKS: Final = (
    select(AttendanceTick, MeetingEvent, Review)
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .outerjoin(Review, Review.id == AttendanceTick.id)
    .where(AttendanceTick.event_id.in_(IDS), AttendanceTick.member_id.in_(_MEMBERS))
    .order_by(AttendanceTick.id)
    .execution_options(populate_existing=True)
)
Whose = tuple[UUID, UUID]
"""A meeting and a member."""


class _Line(NamedTuple):
    """One tick, and what was decided about it."""

    tick: AttendanceTick
    event: MeetingEvent
    review: Review | None

    @property
    def status(self) -> ReviewStatus | None:
        return self.review.status if self.review else None

    @property
    def said(self) -> StoredTick:
        return StoredTick(self.tick.state, self.tick.leave, self.tick.is_late, self.tick.left_early)


def follow_leaves(session: Session, leave_ids: Collection[UUID], by_id: UUID) -> None:
    """Bring along whom these leaves excuse by now, or no longer: a tick of its own, and what the ledger says of it.

    The ends of the chains are held before the ticks are read, as whoever confirms one does: each sees the other's word.
    """
    changed = leaves.by_ids(session, leave_ids)
    asked = {
        "members": sorted({leave.member_id for leave in changed}),
        "since": min(leave.span.begins for leave in changed),
        "until": max(leave.span.ends for leave in changed),
    }
    met = [
        row
        for row in session.execute(_MET, asked)
        if any(leave.member_id == row.member_id and leave.span.covers(row.begins_at) for leave in changed)
    ]
    if met:
        ledger.hold(session, {row.branch_id for row in met})
        if moved := follow(session, {(row.event_id, row.member_id) for row in met}):
            facts.settle(session, moved, by_id)


def follow(session: Session, whose: Collection[Whose]) -> list[Review]:
    """Let what is confirmed of ``whose`` say what the leaves say. Twice is once.

    Gives the reviews of the ticks that came or went; of the ledger nothing changes yet. What was corrected and waits
    for an officer is left alone until it is decided on.
    """
    if not whose:
        return []
    asked = {"ids": sorted({event_id for event_id, _id in whose}), "members": sorted({member for _id, member in whose})}
    lines: dict[Whose, list[_Line]] = defaultdict(list)
    for line in map(_Line._make, session.execute(_TICKS, asked)):
        lines[line.tick.event_id, line.tick.member_id].append(line)
    counting = {key: [line for line in lines[key] if line.status is ReviewStatus.APPROVED] for key in sorted(whose)}
    last = {
        key: found[-1]
        for key, found in counting.items()
        if found
        and (found[-1].tick.state is State.ABSENT or found[-1].tick.source is Source.LEAVE)
        and not any(line.status is ReviewStatus.PENDING and line.tick.id > found[-1].tick.id for line in lines[key])
    }
    excused = excuses(session, [(member_id, line.event.begins_at) for (_id, member_id), line in last.items()])
    changed: list[Review] = []
    for key, line in last.items():
        leave = excused.get((key[1], line.event.begins_at))
        if leave is None:
            changed += _fall(session, lines[key], counting[key])
        elif line.said != said(_mark_of(leave)):
            changed.append(_stand(session, line, leave))
    return changed


def _mark_of(leave: ShownLeave) -> Mark:
    return first_mark(is_exempt=False, voluntary=False, away=leave.away)


def _stand(session: Session, line: _Line, leave: ShownLeave) -> Review:
    """The tick that follows from a leave, by the word of who approved that."""
    event, member_id, stood = line.event, line.tick.member_id, line.review
    ground = session.get_one(Review, leave.id)
    items = queries.items(session, [event.id])[event.id]
    mark, now, tick_id = _mark_of(leave), clock.now(), new_id()
    new = NewReview(
        id=tick_id,
        kind=facts.SOURCE,
        branch_id=stood.branch_id if stood else event.branch_id,
        own_branch_id=stood.own_branch_id if stood else None,
        member_id=member_id,
        recorded_by_id=ground.recorded_by_id,
        title=event.title,
        detail=detail_of(
            event,
            [Item(item.kind, item.minutes, item.study) for item in items],
            mark,
            counts=brings_facts(event.begins_at, event.planned_at),
            corrects=True,
        ),
        occurred_on=clock.local_day(event.begins_at),
        submitted_at=now,
    )
    stands = posting.stand(session, new, ground)
    session.add(
        AttendanceTick(
            id=tick_id,
            event_id=event.id,
            member_id=member_id,
            **said(mark)._asdict(),
            source=Source.LEAVE,
            recorded_by_id=ground.recorded_by_id,
            recorded_at=now,
        )
    )
    session.flush()
    point_at(session, [(event.id, member_id, tick_id)])
    return stands


def _fall(session: Session, lines: Sequence[_Line], counting: Sequence[_Line]) -> list[Review]:
    """Let the ticks go that followed from a leave; what was said before them counts again."""
    follows = takewhile(lambda line: line.tick.source is Source.LEAVE, reversed(counting))
    gone = [line.review for line in follows if line.review]
    if gone:
        posting.fall(session, gone)
        before = next(line.tick for line in reversed(lines) if line.tick.source is not Source.LEAVE)
        point_at(session, [(before.event_id, before.member_id, before.id)])
    return gone
