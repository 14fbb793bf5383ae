"""What officers read of a quiz: numbers of people, and no person. Source: domain, study §3 and §5."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Date, bindparam, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.cells import SMALL_CELL
from app.core.rows import IDS
from app.features.members.models import Member, Organisation
from app.features.study.quiz import queries
from app.features.study.quiz.models import Quiz, QuizAttempt, QuizBranch
from app.features.study.quiz.queries import BRANCH, QUIZ, AskedQuestion

MISSED_SHOWN: Final = 3
MISSED_FROM: Final = 5
"""Answers from which on it is said how often a question was missed. Source: domain, study §3."""
_DAY: Final = bindparam("day", type_=Date())
_ANSWERS: Final = select(QuizAttempt.answers).where(QuizAttempt.quiz_id == QUIZ, QuizAttempt.counts)
_COUNTED: Final = (
    func.count(distinct(QuizAttempt.member_id)).label("taken"),
    func.count(distinct(case((QuizAttempt.passed, QuizAttempt.member_id)))).label("passed"),
)
_TAKEN: Final = (
    select(QuizAttempt.branch_id, *_COUNTED)
    .where(QuizAttempt.quiz_id == QUIZ, QuizAttempt.counts)
    .group_by(QuizAttempt.branch_id)
)
_MINE: Final = (QuizAttempt.quiz_id.in_(IDS), QuizAttempt.branch_id == BRANCH, QuizAttempt.counts)
_TAKEN_HERE: Final = select(QuizAttempt.quiz_id, *_COUNTED).where(*_MINE).group_by(QuizAttempt.quiz_id)
_ANSWERS_HERE: Final = (
    select(QuizAttempt.quiz_id, QuizAttempt.answers).where(*_MINE).order_by(QuizAttempt.quiz_id, QuizAttempt.id)
)
_LEFT: Final = select(Member.left_on).where(Member.branch_id == BRANCH)
_BRANCHES: Final = (
    select(Organisation.id, Organisation.name, func.count(Member.id).label("asked"))
    .join(QuizBranch, QuizBranch.branch_id == Organisation.id)
    .outerjoin(Member, (Member.branch_id == Organisation.id) & or_(Member.left_on.is_(None), Member.left_on > _DAY))
    .where(QuizBranch.quiz_id == QUIZ)
    .group_by(Organisation.id, Organisation.name, Organisation.pinyin)
    .order_by(Organisation.pinyin, Organisation.id)
)


class Missed(NamedTuple):
    """How often a question was missed, of so many answers."""

    stem: str
    missed: int
    answers: int


class Coverage(NamedTuple):
    """How many were asked, took part and passed: people, each once."""

    asked: int
    taken: int
    passed: int
    missed: Sequence[Missed] = ()

    @property
    def is_small(self) -> bool:
        """Whether so few took part that a number would be about somebody."""
        return self.taken < SMALL_CELL


class Branches(NamedTuple):
    """The branches that a quiz asks, in order of name, and all of them together."""

    rows: Sequence[tuple[str, Coverage]]
    together: Coverage
    left_out: int
    """Branches that the numbers of all leave out, because theirs could be found by subtraction."""


def together(rows: Iterable[tuple[str, Coverage]]) -> tuple[Coverage, int]:
    """The sum of those whose own number is shown, and how many are left out: no difference is about fewer than five."""
    found = [one for _name, one in rows]
    shown = [one for one in found if not one.is_small]
    total = Coverage(
        *(sum(column) for column in zip((0, 0, 0), *((a.asked, a.taken, a.passed) for a in shown), strict=True))
    )
    return total, len(found) - len(shown)


def of_branch(session: Session, of: Quiz, branch_id: UUID) -> Coverage:
    """The numbers of one branch; for callers whose branch it is."""
    return of_quizzes(session, [of], branch_id)[of.id]


def of_quizzes(session: Session, quizzes: Sequence[Quiz], branch_id: UUID) -> Mapping[UUID, Coverage]:
    """The numbers of one branch in each of these quizzes, in as many statements for one as for sixty."""
    here = {"ids": [of.id for of in quizzes], "branch": branch_id}
    counted = {row.quiz_id: row for row in session.execute(_TAKEN_HERE, here)} if quizzes else {}
    left = session.scalars(_LEFT, here).all()
    enough = [name for name, row in counted.items() if row.taken >= SMALL_CELL]
    there = queries.asked_by(session, enough)
    missed: dict[UUID, Sequence[Missed]] = {}
    rows = session.execute(_ANSWERS_HERE, here | {"ids": enough}).yield_per(1000) if enough else ()
    for quiz_id, of_quiz in groupby(rows, itemgetter(0)):
        missed[quiz_id] = most_missed(there[quiz_id], map(itemgetter(1), of_quiz))
    found: dict[UUID, Coverage] = {}
    for of in quizzes:
        asked, mine = sum(day is None or day > _day(of) for day in left), counted.get(of.id)
        found[of.id] = (
            Coverage(asked, mine.taken, mine.passed, missed.get(of.id, ())) if mine else Coverage(asked, 0, 0)
        )
    return found


def of_all(session: Session, of: Quiz) -> Branches:
    """The numbers of each branch; for callers who give the quiz."""
    taken = {row.branch_id: row for row in session.execute(_TAKEN, {"quiz": of.id})}
    found = session.execute(_BRANCHES, {"quiz": of.id, "day": _day(of)}).all()
    rows = [
        (row.id, row.name, Coverage(row.asked, mine.taken, mine.passed) if mine else Coverage(row.asked, 0, 0))
        for row in found
        for mine in (taken.get(row.id),)
    ]
    named = [(name, one) for _id, name, one in rows]
    total, left_out = together(named)
    if clock.now() <= of.closes_at:  # nobody reads before what was missed
        return Branches(named, total, left_out)
    shown = [branch_id for branch_id, _name, one in rows if not one.is_small]
    return Branches(named, total._replace(missed=_missed(session, of, shown)), left_out)


def _day(of: Quiz) -> date:
    return min(clock.today(), clock.local_day(of.closes_at))


def _missed(session: Session, of: Quiz, branch_ids: Sequence[UUID]) -> Sequence[Missed]:
    """The questions missed most in these branches, read as they come: a quiz of many branches has many answers."""
    there = queries.asked(session, of.id)
    found = session.scalars(_ANSWERS.where(QuizAttempt.branch_id.in_(IDS)), {"quiz": of.id, "ids": [*branch_ids]})
    return most_missed(there, found.yield_per(1000)) if branch_ids else ()


def most_missed(there: Mapping[UUID, AskedQuestion], given: Iterable[Mapping[str, str]]) -> Sequence[Missed]:
    """Those missed most, from ``MISSED_FROM`` answers on; without those withdrawn."""
    right = {str(name): one.question.key for name, one in there.items() if not one.is_withdrawn}
    answers, missed = Counter[str](), Counter[str]()
    for answered in given:
        for name in answered.keys() & right.keys():
            answers[name] += 1
            missed[name] += answered[name] != right[name]
    most = sorted(
        (name for name in missed if answers[name] >= MISSED_FROM and missed[name]),
        key=lambda name: (-missed[name], name),
    )
    return [Missed(there[UUID(name)].question.stem, missed[name], answers[name]) for name in most[:MISSED_SHOWN]]
