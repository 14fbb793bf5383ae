"""The numbers of a branch's quarter, out of what the streams know: nobody types any of them."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import DateTime, Uuid, and_, bindparam, or_, select, union
from sqlalchemy.orm import Session

from app.core import clock
from app.core.cells import SMALL_CELL
from app.features.board.reports.rules import MISSED_SHOWN, REASONS_SHOWN, Missed, Numbers, Share
from app.features.meetings.attendance.rules import Kind, State
from app.features.meetings.events.models import MeetingBranch, MeetingEvent, MeetingExpected, MeetingItem
from app.features.meetings.events.queries import between
from app.features.meetings.events.rules import BESIDE, EventState, Joins
from app.features.meetings.ticks.models import Attendance, AttendanceTick, MakeUp
from app.features.members import queries as members
from app.features.members.models import Member
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.scores.publicity.rules import Period
from app.features.study.hours.queries import coverage
from app.features.study.models import StudyRecord
from app.features.study.plan.queries import held_of
from app.features.study.quiz import coverage as quizzes
from app.features.study.quiz.models import Quiz, QuizAttempt, QuizBranch

_BRANCH: Final = bindparam("branch", type_=Uuid())
_SINCE: Final = bindparam("since", type_=DateTime(timezone=True))
_UNTIL: Final = bindparam("until", type_=DateTime(timezone=True))
_HELD: Final = and_(
    MeetingEvent.begins_at.between(_SINCE, _UNTIL),
    MeetingEvent.state != EventState.CANCELLED,
    select(MeetingItem.event_id)
    .where(
        MeetingItem.event_id == MeetingEvent.id,
        or_(
            MeetingItem.kind.in_((Kind.LECTURE, Kind.STUDY_SESSION)),
            and_(MeetingItem.kind == Kind.THEME_DAY, MeetingItem.study),
        ),
    )
    .correlate(MeetingEvent)
    .exists(),
)
"""What taught, as ``attendance.rules.Item.teaches`` says."""
_OWN: Final = select(MeetingEvent.id).where(MeetingEvent.branch_id == _BRANCH, _HELD)
_JOINT: Final = (
    select(MeetingEvent.id)
    .join(MeetingBranch, MeetingBranch.event_id == MeetingEvent.id)
    .where(MeetingBranch.branch_id == _BRANCH, MeetingBranch.answer == Joins.JOINED, _HELD)
)
_EVENTS: Final = union(_OWN, _JOINT).subquery()
_PRESENT: Final = (
    select(MeetingExpected.event_id, MeetingExpected.member_id, AttendanceTick.state)
    .join(MeetingEvent, MeetingEvent.id == MeetingExpected.event_id)
    .outerjoin(
        Attendance,
        and_(Attendance.event_id == MeetingExpected.event_id, Attendance.member_id == MeetingExpected.member_id),
    )
    .outerjoin(AttendanceTick, AttendanceTick.id == Attendance.tick_id)
    .where(
        MeetingExpected.event_id.in_(select(_EVENTS.c.id)),
        MeetingExpected.is_gone.is_(False),
        MeetingExpected.is_exempt.is_(False),
        MeetingExpected.capacity.not_in(BESIDE),
        or_(
            MeetingExpected.own_branch_id == _BRANCH,
            and_(MeetingExpected.own_branch_id.is_(None), MeetingEvent.branch_id == _BRANCH),
        ),
    )
)
"""Whom the branch expected at its sessions and at joint ones, and what was last said of them."""
_RECORDS: Final = (
    select(StudyRecord.id, StudyRecord.member_id, Review.status, Review.returned_for)
    .join(Review, Review.id == StudyRecord.id)
    .where(
        StudyRecord.branch_id == _BRANCH,
        StudyRecord.occurred_on.between(bindparam("first"), bindparam("last")),
        Review.status != ReviewStatus.WITHDRAWN,
    )
)
_QUIZZES: Final = (
    select(Quiz)
    .join(QuizBranch, QuizBranch.quiz_id == Quiz.id)
    .where(QuizBranch.branch_id == _BRANCH, Quiz.closes_at.between(_SINCE, _UNTIL))
    .order_by(Quiz.closes_at)
)
_ATTEMPTS: Final = select(QuizAttempt.member_id, QuizAttempt.passed).where(
    QuizAttempt.quiz_id == bindparam("quiz", type_=Uuid()), QuizAttempt.branch_id == _BRANCH, QuizAttempt.counts
)
_MADE_UP: Final = (
    select(MakeUp.member_id)
    .join(Review, Review.id == MakeUp.id)
    .where(
        MakeUp.member_id.in_(select(Member.id).where(Member.branch_id == _BRANCH)),
        Review.counts_in_id == _BRANCH,
        Review.status == ReviewStatus.APPROVED,
        MakeUp.done_on.between(bindparam("first"), bindparam("last")),
    )
)
Row = tuple[Hashable, UUID]
"""One thing of one person."""


def share(whole: Collection[Row], part: Collection[Row], *, each: int = 1) -> Share:
    """How many of ``whole`` are in ``part``, and how many people stand behind either side."""
    kept, rest = set(whole) & set(part), set(whole) - set(part)

    def people(rows: Collection[Row]) -> int:
        return len({row[1] for row in rows})

    return Share(len(kept), len(set(whole)), people(kept), people(rest), people(whole), each)


def numbers(session: Session, branch_id: UUID, asked: Period) -> Numbers:
    """What the streams know of the quarter now. For callers that know the branch is theirs."""
    span = between(asked.first, asked.last)
    days = {"branch": branch_id, "first": asked.first, "last": asked.last}
    attended = session.execute(_PRESENT, {"branch": branch_id, **span}).all()
    came = [(row.event_id, row.member_id) for row in attended if row.state is State.PRESENT]
    held = {event for event, _member in came}  # of the others nobody has said who was there
    expected = [(row.event_id, row.member_id) for row in attended if row.event_id in held]
    made_up = session.scalars(_MADE_UP, days).all()
    covered = coverage(session, branch_id, asked.last)
    lacking = covered.asked - covered.on_track
    return Numbers(
        planned=held_of(session, branch_id, asked.first, asked.last),
        sessions=len(held),
        present=share(expected, came, each=len(held)),
        **_records(session, days),
        **_quizzes(session, branch_id, span),
        on_track=Share(covered.on_track, covered.asked, covered.on_track, lacking, covered.asked),
        made_up=len(made_up),
        made_up_people=len(set(made_up)),
    )


def _records(session: Session, days: dict[str, Any]) -> dict[str, Any]:
    rows = session.execute(_RECORDS, days).all()

    def those(is_meant: Callable[[ReviewStatus], bool]) -> list[Row]:
        return [(row.id, row.member_id) for row in rows if is_meant(row.status)]

    everything = those(lambda status: True)
    reasons = Counter(row.returned_for for row in rows if row.returned_for)
    return {
        "confirmed": share(everything, those(lambda status: status is ReviewStatus.APPROVED), each=0),
        "returned": share(everything, those(lambda status: status is ReviewStatus.RETURNED), each=0),
        "waiting": len({who for _id, who in those(lambda status: status is ReviewStatus.PENDING)}),
        "reasons": tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))[:REASONS_SHOWN]),
    }


def _quizzes(session: Session, branch_id: UUID, span: dict[str, datetime]) -> dict[str, Any]:
    closed = [of for of in session.scalars(_QUIZZES, {"branch": branch_id, **span}) if of.closes_at < clock.now()]
    asked, taken, passed = set[Row](), set[Row](), set[Row]()
    missed: list[Missed] = []
    for of in closed:
        rows = session.execute(_ATTEMPTS, {"quiz": of.id, "branch": branch_id}).all()
        took_part = {(of.id, row.member_id) for row in rows}
        day = clock.local_day(of.closes_at)
        asked |= {(of.id, one.id) for one in members.belonging(session, branch_id, day)} | took_part
        taken |= took_part
        passed |= {(of.id, row.member_id) for row in rows if row.passed}
        if len(took_part) >= SMALL_CELL:
            found = quizzes.of_branch(session, of, branch_id).missed
            missed += [Missed(one.stem, one.missed, one.answers) for one in found]
    missed.sort(key=lambda one: -one.missed)
    return {
        "quizzes": len(closed),
        "taken": share(asked, taken, each=len(closed)),
        "passed": share(taken, passed, each=len(closed)),
        "missed": tuple(missed[:MISSED_SHOWN]),
    }
