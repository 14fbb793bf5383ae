"""Who was there: the list of one meeting, and one person's own line in it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from app.core.rows import IDS
from app.features.meetings.attendance.rules import State
from app.features.meetings.events.models import MeetingExpected
from app.features.meetings.events.rules import Belongs
from app.features.meetings.ticks.models import Attendance, AttendanceTick
from app.features.meetings.ticks.rules import Mark, Said, Source, mark_of, word_of
from app.features.members.actor import Actor
from app.features.members.models import Member, Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus

_Group, _Recorder, _Decider = aliased(Organisation), aliased(Member), aliased(Member)
_TICK: Final = (
    AttendanceTick.id,
    AttendanceTick.member_id,
    AttendanceTick.state,
    AttendanceTick.leave,
    AttendanceTick.is_late,
    AttendanceTick.left_early,
    AttendanceTick.source,
    AttendanceTick.note,
    AttendanceTick.recorded_by_id,
    AttendanceTick.recorded_at,
    _Recorder.name.label("recorded_by"),
    Review.status,
    Review.reason,
    _Decider.name.label("decided_by"),
    Review.flags,
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
    select(Member.id, Member.name, Member.pinyin, _Group.name.label("group"))
    .outerjoin(_Group, _Group.id == Member.group_id)
    .where(Member.id.in_(IDS))
    .order_by(Member.group_id.is_(None), _Group.pinyin, Member.pinyin, Member.id)
)
_EVENT_OF: Final = select(AttendanceTick.event_id).where(AttendanceTick.id == bindparam("tick"))
_CAME: Final = AttendanceTick.state == State.PRESENT
_NUMBERS: Final = (
    select(
        MeetingExpected.event_id,
        func.sum(case((MeetingExpected.is_full, 1), else_=0)).label("full"),
        func.count().label("expected"),
        func.sum(case((_CAME, 1), else_=0)).label("present"),
        func.sum(case((_CAME & MeetingExpected.is_full, 1), else_=0)).label("full_present"),
    )
    .outerjoin(
        Attendance,
        (Attendance.event_id == MeetingExpected.event_id) & (Attendance.member_id == MeetingExpected.member_id),
    )
    .outerjoin(AttendanceTick, AttendanceTick.id == Attendance.tick_id)
    .where(MeetingExpected.event_id.in_(IDS), MeetingExpected.is_gone.is_(False))
    .group_by(MeetingExpected.event_id)
)
_OWN: Final = (
    select(
        Attendance.event_id,
        AttendanceTick.state,
        AttendanceTick.leave,
        AttendanceTick.is_late,
        AttendanceTick.left_early,
        Review.status,
    )
    .join(AttendanceTick, AttendanceTick.id == Attendance.tick_id)
    .outerjoin(Review, Review.id == AttendanceTick.id)
    .where(Attendance.member_id == bindparam("me"), Attendance.event_id.in_(IDS))
)


class Tick(NamedTuple):
    """One tick as it is shown."""

    id: UUID
    member_id: UUID
    said: Said
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

    @property
    def mark(self) -> Mark | None:
        """Its word."""
        return mark_of(self.said)

    @classmethod
    def of(cls, row: AnyRow) -> "Tick":
        """A row of the statements above."""
        return cls(row.id, row.member_id, Said(*row[2:6]), *row[6:])


class Person(NamedTuple):
    """Somebody on the list of a meeting."""

    id: UUID
    name: str
    pinyin: str
    group: str | None
    belongs: Belongs
    tick: Tick | None
    word: Mark | State | None
    """What the reader may know of it."""


def last_ticks(session: Session, event_id: UUID) -> dict[UUID, Tick]:
    """The last tick of each person at a meeting."""
    return {tick.member_id: tick for tick in map(Tick.of, session.execute(_LAST, {"event": event_id}))}


def history(session: Session, event_id: UUID, member_id: UUID | None = None) -> list[Tick]:
    """Every tick of a meeting, or of one person at it, the first one first."""
    if member_id is None:
        return [Tick.of(row) for row in session.execute(_TICKS, {"event": event_id})]
    return [Tick.of(row) for row in session.execute(_OF_MEMBER, {"event": event_id, "member": member_id})]


def people(session: Session, actor: Actor, event_id: UUID, expected: Mapping[UUID, Belongs]) -> list[Person]:
    """Those who are expected, by group and pinyin, with what was last said of each and the actor may know."""
    ticks, sees_kinds = last_ticks(session, event_id), actor.may(Permission.SEE_BRANCH)
    words = {one: word_of(tick.said, sees_kinds=sees_kinds) for one, tick in ticks.items()}
    return [
        Person(row.id, row.name, row.pinyin, row.group, expected[row.id], ticks.get(row.id), words.get(row.id))
        for row in session.execute(_PEOPLE, {"ids": sorted(expected)})
    ]


def numbers(session: Session, event_ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
    """How many are expected at each of these meetings, were present, and how many of both are full members."""
    if not event_ids:
        return {}
    return {row.event_id: row for row in session.execute(_NUMBERS, {"ids": sorted(event_ids)})}


def own_marks(session: Session, member_id: UUID, event_ids: Collection[UUID]) -> Mapping[UUID, AnyRow]:
    """What was last said about one person at each of these meetings, and what became of it."""
    if not event_ids:
        return {}
    return {row.event_id: row for row in session.execute(_OWN, {"me": member_id, "ids": sorted(event_ids)})}


def event_of(session: Session, tick_id: UUID) -> UUID | None:
    """The meeting that a tick is about."""
    return session.scalars(_EVENT_OF, {"tick": tick_id}).one_or_none()


def sums(people: Sequence[Person]) -> Counter[Mark | State]:
    """How many there are of each word."""
    return Counter(one.word for one in people if one.word)


def said_of(row: AnyRow) -> Any:
    """The word of a row of ``own_marks``."""
    return mark_of(Said(row.state, row.leave, row.is_late, row.left_early))
