"""Who was there: the list of one meeting, and one person's own line in it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import IDS
from app.features.meetings.attachments.rules import AROUND
from app.features.meetings.attendance.rules import State
from app.features.meetings.events.models import MeetingEvent, MeetingExpected
from app.features.meetings.events.queries import BETWEEN, between
from app.features.meetings.events.rules import BESIDE, Belongs, Capacity
from app.features.meetings.ticks.models import SAID, Attendance, AttendanceTick
from app.features.meetings.ticks.rules import Mark, Source, StoredTick, mark_of, word_of
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.names import place_key
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus

_Group, _Branch, _Recorder, _Decider = aliased(Organisation), aliased(Organisation), aliased(Member), aliased(Member)
_TICK: Final = (
    AttendanceTick.id,
    AttendanceTick.member_id,
    *SAID,
    AttendanceTick.source,
    AttendanceTick.note,
    AttendanceTick.recorded_by_id,
    AttendanceTick.recorded_at,
    _Recorder.name.label("recorded_by"),
    Review.status,
    Review.reason,
    _Decider.name.label("decided_by"),
    Review.flags,
    Review.branch_id.label("decided_in"),
)
_TICKS: Final = (
    select(*_TICK)
    .join(_Recorder, _Recorder.id == AttendanceTick.recorded_by_id)
    .outerjoin(Review, Review.id == AttendanceTick.id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
    .where(AttendanceTick.event_id == bindparam("event"))
    .order_by(AttendanceTick.id)
)
_LAST: Final = _TICKS.join(Attendance, Attendance.tick_id == AttendanceTick.id)
_OF_MEMBER: Final = _TICKS.where(AttendanceTick.member_id == bindparam("member"))
_PEOPLE: Final = (
    select(Member.id, Member.name, Member.pinyin, _Group.name.label("group"), _Branch.name.label("branch"))
    .join(_Branch, _Branch.id == Member.branch_id)
    .outerjoin(_Group, _Group.id == Member.group_id)
    .where(Member.id.in_(IDS))
    .order_by(Member.group_id.is_(None), _Group.pinyin, Member.pinyin, Member.id)
)
_EVENT_OF: Final = select(AttendanceTick.event_id).where(AttendanceTick.id == bindparam("tick"))
_CAME: Final = AttendanceTick.state == State.PRESENT
_NUMBERS: Final = (
    select(
        MeetingExpected.own_branch_id,
        func.count().label("expected"),
        func.sum(case((_CAME, 1), else_=0)).label("present"),
    )
    .outerjoin(
        Attendance,
        (Attendance.event_id == MeetingExpected.event_id) & (Attendance.member_id == MeetingExpected.member_id),
    )
    .outerjoin(AttendanceTick, AttendanceTick.id == Attendance.tick_id)
    .where(
        MeetingExpected.event_id == bindparam("event"),
        MeetingExpected.is_gone.is_(False),
        MeetingExpected.capacity.not_in(BESIDE),
    )
    .group_by(MeetingExpected.own_branch_id)
)
_OWN: Final = (
    select(Attendance.event_id, *SAID, Review.status)
    .join(AttendanceTick, AttendanceTick.id == Attendance.tick_id)
    .outerjoin(Review, Review.id == AttendanceTick.id)
    .where(Attendance.member_id == bindparam("me"), Attendance.event_id.in_(IDS))
)
_EXCUSED: Final = (
    select(AttendanceTick.member_id, func.min(MeetingEvent.begins_at).label("begins_at"))
    .join(Attendance, Attendance.tick_id == AttendanceTick.id)
    .join(Review, Review.id == AttendanceTick.id)
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .where(
        AttendanceTick.member_id.in_(IDS),
        AttendanceTick.state == State.LEAVE,
        Review.status == ReviewStatus.APPROVED,
        Review.decided_at <= bindparam("by", type_=Review.decided_at.type),
        MeetingEvent.begins_at >= bindparam("since", type_=MeetingEvent.begins_at.type),
        MeetingEvent.begins_at < bindparam("until", type_=MeetingEvent.begins_at.type),
    )
    .group_by(AttendanceTick.member_id, func.coalesce(MeetingEvent.linked_to_id, MeetingEvent.id))
    .order_by(func.min(MeetingEvent.begins_at))
)
"""A gathering of several linked events is one."""
_TOOK_PART: Final = (
    select(AttendanceTick.member_id, func.max(MeetingEvent.begins_at).label("last"))
    .join(Review, Review.id == AttendanceTick.id)
    .join(MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)
    .join(
        MeetingExpected,
        (MeetingExpected.event_id == AttendanceTick.event_id) & (MeetingExpected.member_id == AttendanceTick.member_id),
    )
    .join(Attendance, Attendance.tick_id == AttendanceTick.id)
    .where(
        AttendanceTick.member_id.in_(IDS),
        MeetingExpected.capacity == Capacity.ATTACHED,
        AttendanceTick.state == State.PRESENT,
        Review.status == ReviewStatus.APPROVED,
        BETWEEN,
    )
    .group_by(AttendanceTick.member_id)
)


class Tick(NamedTuple):
    """One tick as it is shown."""

    id: UUID
    member_id: UUID
    said: StoredTick
    source: Source
    note: str | None
    recorded_by_id: UUID
    recorded_at: datetime
    recorded_by: str
    status: ReviewStatus | None
    """``None``: it waits for nobody's word, as somebody was not expected."""
    reason: str | None
    """Why an officer gave it back."""
    decided_by: str | None
    flags: Collection[Flag] | None
    """Why it wants a look of its own; ``None`` where it waits for nobody's word."""
    decided_in: UUID | None
    """The branch whose officers decide on it: the host or, on what costs points, the own one."""

    @property
    def mark(self) -> Mark | None:
        """Its word."""
        return mark_of(self.said)

    @classmethod
    def of(cls, row: AnyRow) -> "Tick":
        """A row of the statements above."""
        return cls(row.id, row.member_id, StoredTick(*row[2:6]), *row[6:])


class Came(NamedTuple):
    """How many of a branch were expected, and were there."""

    expected: int
    present: int


class ListedPerson(NamedTuple):
    """Somebody on the list of a meeting."""

    id: UUID
    name: str
    pinyin: str
    group: str | None
    belongs: Belongs
    tick: Tick | None
    word: Mark | State | None
    """What the reader may know of it."""
    sees_kind: bool
    """Whether the reader knows on which leave the person is: officers of the own branch alone."""


Ticks = Mapping[UUID, Tick]
"""By whom they are about."""


def last_ticks(session: Session, event_id: UUID) -> dict[UUID, Tick]:
    """The last tick of each person at a meeting."""
    return {tick.member_id: tick for tick in map(Tick.of, session.execute(_LAST, {"event": event_id}))}


def history(session: Session, event_id: UUID, member_id: UUID | None = None) -> list[Tick]:
    """Every tick of a meeting, or of one person at it, the first one first."""
    if member_id is None:
        return [Tick.of(row) for row in session.execute(_TICKS, {"event": event_id})]
    return [Tick.of(row) for row in session.execute(_OF_MEMBER, {"event": event_id, "member": member_id})]


def people(
    session: Session, actor: Actor, event: Any, expected: Mapping[UUID, Belongs], last: Ticks | None = None
) -> list[ListedPerson]:
    """Those who are expected, by group and pinyin, then those of other branches by branch.

    With what was ``last`` said of each and the actor may know.
    """
    ticks, may_see = last_ticks(session, event.id) if last is None else last, actor.may(Permission.SEE_BRANCH)
    found = []
    for row in session.execute(_PEOPLE, {"ids": sorted(expected)}):
        belongs, tick = expected[row.id], ticks.get(row.id)
        sees = may_see and (belongs.own_branch_id or event.branch_id) == actor.branch_id
        word = word_of(tick.said, sees_kinds=sees) if tick else None
        group = row.branch if belongs.own_branch_id else row.group
        found.append(ListedPerson(row.id, row.name, row.pinyin, group, belongs, tick, word, sees))
    own, others = ([one for one in found if bool(one.belongs.own_branch_id) is other] for other in (False, True))
    return own + sorted(others, key=lambda one: place_key(one.group or ""))


def numbers(session: Session, event_id: UUID) -> Mapping[UUID | None, Came]:
    """How many of each branch came to a meeting; the host's under ``None``. Who is attached or a guest is in none."""
    rows = session.execute(_NUMBERS, {"event": event_id})
    return {row.own_branch_id: Came(row.expected, row.present) for row in rows}


def own_marks(session: Session, member_id: UUID, event_ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
    """What was last said about one person at each of these meetings, and what became of it."""
    if not event_ids:
        return {}
    return {row.event_id: row for row in session.execute(_OWN, {"me": member_id, "ids": sorted(event_ids)})}


def took_part(session: Session, member_ids: Collection[UUID], day: date) -> Mapping[UUID, date]:
    """The last day, around ``day``, on which each of these was present where they are attached; confirmed."""
    if not member_ids:
        return {}
    rows = session.execute(_TOOK_PART, {"ids": sorted(member_ids), **between(day - AROUND, day + AROUND)})
    return {row.member_id: clock.local_day(row.last) for row in rows}


def on_leave(
    session: Session, member_ids: Collection[UUID], first: date, last: date, by: datetime
) -> list[tuple[UUID, date]]:
    """Who of these was excused from a meeting, and on which days, as confirmed by a moment; nothing of the kind."""
    since, until = clock.midnight(first), clock.midnight(last + timedelta(days=1))
    rows = session.execute(_EXCUSED, {"ids": sorted(member_ids), "since": since, "until": until, "by": by})
    return [(row.member_id, clock.local_day(row.begins_at)) for row in rows]


def event_of(session: Session, tick_id: UUID) -> UUID | None:
    """The meeting that a tick is about."""
    return session.scalars(_EVENT_OF, {"tick": tick_id}).one_or_none()


def sums(people: Sequence[ListedPerson]) -> Counter[Mark | State]:
    """How many there are of each word."""
    return Counter(one.word for one in people if one.word)


def said_of(row: AnyRow) -> Any:
    """The word of a row of ``own_marks``."""
    return mark_of(StoredTick(row.state, row.leave, row.is_late, row.left_early))
