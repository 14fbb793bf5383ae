"""What somebody missed and has made up for, or can: by person, by meeting, and the branch's register 补课登记."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import one_row
from app.features.meetings.attendance.rules import MAKE_UP_DAYS, Leave, State
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.makeups import rules
from app.features.meetings.ticks.models import Attendance, AttendanceTick, MakeUp
from app.features.meetings.ticks.rules import How
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.members.rules import Permission
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_TickReview, _Recorder, _Decider = aliased(Review), aliased(Member), aliased(Member)
_Newer, _NewerReview = aliased(MakeUp), aliased(Review)
_STANDS: Final = (ReviewStatus.PENDING, ReviewStatus.APPROVED, ReviewStatus.RETURNED)
_ATTENDED: Final = (
    select(
        Attendance.event_id,
        Attendance.member_id,
        Member.name,
        _TickReview.counts_in_id.label("branch_id"),
        MeetingEvent.title,
        MeetingEvent.begins_at,
        AttendanceTick.state,
        AttendanceTick.leave,
        _TickReview.status.label("tick_status"),
        MakeUp.id.label("make_up_id"),
        MakeUp.done_on,
        MakeUp.how,
        Review.status,
        Review.reason,
        _Recorder.name.label("recorded_by"),
        _Decider.name.label("decided_by"),
        Review.recorded_by_id,
    )
    .join(AttendanceTick, AttendanceTick.id == Attendance.tick_id)
    .join(_TickReview, _TickReview.id == AttendanceTick.id)
    .join(MeetingEvent, MeetingEvent.id == Attendance.event_id)
    .join(Member, Member.id == Attendance.member_id)
)
_LAST: Final = and_(
    MakeUp.event_id == Attendance.event_id,
    MakeUp.member_id == Attendance.member_id,
    exists().where(_NewerReview.id == MakeUp.id, _NewerReview.status.in_(_STANDS)).correlate(MakeUp),
    ~exists()
    .where(
        _Newer.event_id == MakeUp.event_id,
        _Newer.member_id == MakeUp.member_id,
        _Newer.id > MakeUp.id,
        _NewerReview.id == _Newer.id,
        _NewerReview.status.in_(_STANDS),
    )
    .correlate(MakeUp),
)
"""Of the make-ups of an attendance the last that was not withdrawn."""
_LIST: Final = (
    _ATTENDED.outerjoin(MakeUp, _LAST)
    .outerjoin(Review, Review.id == MakeUp.id)
    .outerjoin(_Recorder, _Recorder.id == Review.recorded_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
)
"""Each attendance with the last make-up that was not withdrawn."""
_MADE_UP: Final = (
    _ATTENDED.join(MakeUp, _LAST)
    .join(Review, Review.id == MakeUp.id)
    .join(_Recorder, _Recorder.id == Review.recorded_by_id)
    .outerjoin(_Decider, _Decider.id == Review.decided_by_id)
)
"""Only those with one: found by it, not by everybody's attendance."""
_ONE: Final = _LIST.where(
    Attendance.event_id == bindparam("event"),
    Attendance.member_id == bindparam("of"),
    or_(
        Attendance.member_id == bindparam("me", type_=Uuid()),
        _TickReview.counts_in_id == bindparam("sees", type_=Uuid()),
    ),
)
_NAMED: Final = select(MakeUp.event_id, MakeUp.member_id).where(MakeUp.id == bindparam("make_up"))
_SINCE: Final = bindparam("since", type_=MeetingEvent.begins_at.type)
_UNTIL: Final = bindparam("until", type_=MeetingEvent.begins_at.type)
_PRIVATE: Final = and_(
    AttendanceTick.state == State.LEAVE,
    AttendanceTick.leave == Leave.PRIVATE,
    _TickReview.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
    MeetingEvent.begins_at >= _SINCE,
    or_(MakeUp.id.is_(None), Review.status == ReviewStatus.RETURNED),
)
_OPEN: Final = _LIST.where(_PRIVATE).order_by(MeetingEvent.begins_at, Attendance.id)
_MY_OPEN: Final = _OPEN.where(Attendance.member_id == bindparam("me", type_=Uuid()))
_REGISTER: Final = _MADE_UP.where(
    Review.branch_id == bindparam("branch", type_=Uuid()),
    Review.kind == rules.KIND,
    MeetingEvent.begins_at >= _SINCE,
    MeetingEvent.begins_at < _UNTIL,
    Review.status != ReviewStatus.RETURNED,
).order_by(Member.pinyin, Member.id, MeetingEvent.begins_at)


class Missed(NamedTuple):
    """What somebody missed, with the last word on making up for it. Columns of ``_LIST``, in their order."""

    event_id: UUID
    member_id: UUID
    name: str
    branch_id: UUID
    title: str
    begins_at: datetime
    state: State
    leave: Leave | None
    tick_status: ReviewStatus
    make_up_id: UUID | None
    done_on: date | None
    how: How | None
    status: ReviewStatus | None
    """Of the make-up."""
    reason: str | None
    recorded_by: str | None
    decided_by: str | None
    recorded_by_id: UUID | None

    @property
    def day(self) -> date:
        """Of the meeting."""
        return clock.local_day(self.begins_at)

    @property
    def last_day(self) -> date:
        """On which it is made up for."""
        return rules.last_day(self.day)

    @property
    def takes_loss_away(self) -> bool:
        """Whether points depend on it."""
        return rules.takes_loss_away(self.state, self.leave)

    @property
    def can_make_up(self) -> bool:
        """Whether it can be said to be made up for."""
        stands = self.tick_status in {ReviewStatus.PENDING, ReviewStatus.APPROVED}
        is_open = self.status in {None, ReviewStatus.RETURNED}
        return stands and is_open and self.state in rules.TO_MAKE_UP and clock.today() <= rules.confirmed_by(self.day)


def missed(session: Session, actor: Actor, event_id: UUID, member_id: UUID) -> Missed:
    """What one person missed at a meeting, for that person and officers of the branch."""
    asked = {
        "event": event_id,
        "of": member_id,
        "me": actor.member_id,
        "sees": actor.branch_id if actor.may(Permission.SEE_BRANCH) else None,
    }
    return Missed._make(one_row(session, _ONE, asked))


def named(session: Session, actor: Actor, make_up_id: UUID) -> Missed:
    """The same by the id of a make-up."""
    row = one_row(session, _NAMED, {"make_up": make_up_id})
    return missed(session, actor, row.event_id, row.member_id)


def open_for(session: Session, member_id: UUID, today: date) -> list[Missed]:
    """Private leave of a member that can still be made up for, and nobody has said that it was: one statement."""
    rows = session.execute(_MY_OPEN, {"me": member_id, "since": _first(today)})
    return list(map(Missed._make, rows))


def open_for_all(session: Session, today: date) -> list[Missed]:
    """The same of everybody."""
    return list(map(Missed._make, session.execute(_OPEN, {"since": _first(today)})))


def register(session: Session, branch_id: UUID, year: int) -> Sequence[Missed]:
    """What was made up for of a branch's meetings of a year, by name. For callers that know the branch is theirs."""
    asked = {"since": clock.midnight(date(year, 1, 1)), "until": clock.midnight(date(year + 1, 1, 1))}
    return list(map(Missed._make, session.execute(_REGISTER, {"branch": branch_id, **asked})))


def _first(today: date) -> datetime:
    return clock.midnight(today - timedelta(days=MAKE_UP_DAYS))
