"""Quizzes as their pages show them: always of the branch of the one who asks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import one
from app.features.education.rules import SMALL_CELL
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.study.quiz.models import BankQuestion, Quiz, QuizAttempt, QuizQuestion, ShowAnswers
from app.features.study.quiz.rules import Question, Score, scored
from app.features.study.quiz.sets import QuizSet, questions_of, sign

MISSED_SHOWN: Final = 3
MISSED_FROM: Final = 5
"""Answers from which on it is said how often a question was missed. Source: domain, study §3."""
LISTED: Final = 60
QUIZ: Final[BindParameter[Any]] = bindparam("quiz", type_=Uuid())
ME: Final[BindParameter[Any]] = bindparam("me", type_=Uuid())
BRANCH: Final[BindParameter[Any]] = bindparam("branch", type_=Uuid())
NOW: Final[BindParameter[Any]] = bindparam("now", type_=Quiz.opens_at.type)
_ONE: Final = select(Quiz).where(Quiz.id == QUIZ, Quiz.branch_id == BRANCH)
_LIST: Final = select(Quiz).where(Quiz.branch_id == BRANCH).order_by(Quiz.closes_at.desc(), Quiz.id).limit(LISTED)
_QUESTIONS: Final = (
    select(QuizQuestion, BankQuestion)
    .join(BankQuestion, BankQuestion.id == QuizQuestion.question_id)
    .where(QuizQuestion.quiz_id == QUIZ)
    .order_by(QuizQuestion.position, BankQuestion.version)
)
_MINE: Final = (
    select(QuizAttempt)
    .where(QuizAttempt.quiz_id == QUIZ, QuizAttempt.member_id == ME)
    .order_by(QuizAttempt.received_at, QuizAttempt.id)
)
_MY_OPEN: Final = (
    select(Quiz.id, Quiz.title, Quiz.closes_at, Quiz.attempts, func.count(QuizAttempt.id).label("used"))
    .outerjoin(QuizAttempt, and_(QuizAttempt.quiz_id == Quiz.id, QuizAttempt.member_id == ME, QuizAttempt.counts))
    .where(Quiz.branch_id == BRANCH, Quiz.opens_at <= NOW, Quiz.closes_at >= NOW)
    .group_by(Quiz.id, Quiz.title, Quiz.closes_at, Quiz.attempts)
    .order_by(Quiz.closes_at, Quiz.id)
)
_COUNTED: Final = select(QuizAttempt.member_id, QuizAttempt.answers, QuizAttempt.passed).where(
    QuizAttempt.quiz_id == QUIZ, QuizAttempt.counts
)
_MADE: Final = or_(
    QuizAttempt.member_id == Quiz.planned_by_id,
    exists()
    .where(
        QuizQuestion.quiz_id == Quiz.id,
        BankQuestion.id == QuizQuestion.question_id,
        or_(BankQuestion.entered_by_id == QuizAttempt.member_id, QuizQuestion.withdrawn_by_id == QuizAttempt.member_id),
    )
    .correlate_except(QuizQuestion, BankQuestion),
)
_TO_VOUCH: Final = (
    select(Quiz.id)
    .where(
        Quiz.branch_id == BRANCH,
        Quiz.vouched_by_id.is_(None),
        Quiz.closes_at < NOW,
        exists().where(QuizAttempt.quiz_id == Quiz.id, QuizAttempt.counts, QuizAttempt.passed, _MADE),
        Quiz.planned_by_id != ME,
        ~exists().where(
            QuizQuestion.quiz_id == Quiz.id,
            BankQuestion.id == QuizQuestion.question_id,
            or_(BankQuestion.entered_by_id == ME, QuizQuestion.withdrawn_by_id == ME),
        ),
    )
    .order_by(Quiz.id)
)
"""Closed quizzes in which somebody passed who had a hand in them, and the one who asks had none."""


class Asked(NamedTuple):
    """A question as a quiz has it."""

    of_quiz: QuizQuestion
    question: BankQuestion

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was faulty."""
        return self.of_quiz.withdrawn_at is not None


class Missed(NamedTuple):
    """How often a question was missed, of so many answers."""

    stem: str
    missed: int
    answers: int


class Coverage(NamedTuple):
    """What officers read of a quiz: numbers of people, and no person. Source: domain, study §3."""

    asked: int
    taken: int
    passed: int
    missed: Sequence[Missed]

    @property
    def is_small(self) -> bool:
        """Whether so few took part that a number would be about somebody."""
        return self.taken < SMALL_CELL


def quiz(session: Session, actor: Actor, quiz_id: UUID) -> Quiz:
    """A quiz of the actor's branch.

    Raises:
        NotFoundError: there is none.
    """
    return one(session, _ONE, {"quiz": quiz_id, "branch": actor.branch_id})


def of_branch(session: Session, actor: Actor) -> Sequence[Quiz]:
    """The quizzes of the actor's branch, the latest first."""
    return session.scalars(_LIST, {"branch": actor.branch_id}).all()


def asked(session: Session, quiz_id: UUID) -> Mapping[UUID, Asked]:
    """All questions of a quiz, also those that were replaced or withdrawn, in their order."""
    return {row[1].id: Asked(*row) for row in session.execute(_QUESTIONS, {"quiz": quiz_id})}


def mine(session: Session, quiz_id: UUID, member_id: UUID) -> Sequence[QuizAttempt]:
    """What somebody handed in of a quiz, the first one first."""
    return session.scalars(_MINE, {"quiz": quiz_id, "me": member_id}).all()


def open_to(session: Session, actor: Actor, now: datetime) -> Sequence[AnyRow]:
    """The quizzes of the actor's branch that are open now, each with how many attempts the actor has used."""
    return session.execute(_MY_OPEN, {"branch": actor.branch_id, "me": actor.member_id, "now": now}).all()


def to_vouch(session: Session, actor: Actor, now: datetime) -> Sequence[UUID]:
    """The quizzes of the branch at which the actor is asked to look as another officer."""
    return session.scalars(_TO_VOUCH, {"branch": actor.branch_id, "me": actor.member_id, "now": now}).all()


def next_set(session: Session, actor: Actor, of: Quiz, there: Mapping[UUID, Asked]) -> QuizSet:
    """The signed set of the actor's next attempt. One that no longer counts has a number beyond those that do.

    Raises:
        KeyMissingError: the server does not find its key.
    """
    before = mine(session, of.id, actor.member_id)
    counted = sum(attempt.counts for attempt in before)
    is_open = clock.now() <= of.closes_at
    number = counted + 1 if is_open and counted < of.attempts else of.attempts + len(before) - counted + 1
    pool = [name for name, one in there.items() if one.of_quiz.is_drawn]
    return sign(of.id, actor.member_id, number, questions_of(of.seed, actor.member_id, number, pool, of.take))


def score_of(of: Quiz, there: Mapping[UUID, Asked], answers: Mapping[str, str]) -> Score | None:
    """What these answers come to without the questions withdrawn by now; ``None`` where none is left.

    Raises:
        ImpossibleError: an answer that is none.
    """
    ordered = [there[UUID(name)] for name in answers]
    withdrawn = [number for number, one in enumerate(ordered, start=1) if one.is_withdrawn]
    if len(withdrawn) == len(ordered):
        return None
    questions = [Question(one.question.kind, frozenset(one.question.key), one.question.points) for one in ordered]
    return scored(questions, [*answers.values()], line=of.line, half=of.half, withdrawn=withdrawn)


def coverage(session: Session, of: Quiz) -> Coverage:
    """How many took part and passed, and which questions were missed most; for callers whose branch it is."""
    there = asked(session, of.id)
    rows = session.execute(_COUNTED, {"quiz": of.id}).all()
    answers, missed = Counter[UUID](), Counter[UUID]()
    for row in rows:
        for name, given in row.answers.items():
            one = there[UUID(name)]
            if not one.is_withdrawn:
                answers[one.question.id] += 1
                missed[one.question.id] += given != one.question.key
    most = sorted(
        (name for name in missed if answers[name] >= MISSED_FROM and missed[name]), key=lambda name: -missed[name]
    )
    day = min(clock.today(), clock.local_day(of.closes_at))
    return Coverage(
        asked=len(members.branch_members(session, of.branch_id, day)),
        taken=len({row.member_id for row in rows}),
        passed=len({row.member_id for row in rows if row.passed}),
        missed=[Missed(there[name].question.stem, missed[name], answers[name]) for name in most[:MISSED_SHOWN]],
    )


def share(attempt: QuizAttempt) -> Fraction:
    """How much of an attempt was right, exactly: what the best one is found by."""
    return Fraction(attempt.score, attempt.total or 1)


def shows_answers(of: Quiz, attempts: Sequence[QuizAttempt], *, closed: bool) -> bool:
    """Whether somebody with these attempts reads the key by now."""
    return bool(attempts) and (closed or of.shows is ShowAnswers.AFTER_EACH)


def tag_of(question: AnyRow) -> str:
    """The part of a bank that a question belongs to."""
    return f"{question.bank_id}:{question.tag or ''}"
