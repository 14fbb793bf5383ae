"""Quizzes as their pages show them: those that ask the branch of the one who asks, or that the person gives."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFoundError
from app.core.rows import IDS, one
from app.features.members.actor import Actor
from app.features.members.models import Organisation
from app.features.members.queries import AnyRow
from app.features.members.rules import OrganisationKind
from app.features.organisations.queries import descendants
from app.features.study.bank.keepers import kept_by
from app.features.study.quiz.models import BankQuestion, Quiz, QuizAttempt, QuizBranch, QuizQuestion, ShowAnswers
from app.features.study.quiz.rules import Question, Score, scored
from app.features.study.quiz.sets import QuizSet, questions_of, sign

LISTED: Final = 60
QUIZ: Final[BindParameter[Any]] = bindparam("quiz", type_=Uuid())
ME: Final[BindParameter[Any]] = bindparam("me", type_=Uuid())
BRANCH: Final[BindParameter[Any]] = bindparam("branch", type_=Uuid())
NOW: Final[BindParameter[Any]] = bindparam("now", type_=Quiz.opens_at.type)
_ASKS: Final = exists().where(QuizBranch.quiz_id == QUIZ, QuizBranch.branch_id == BRANCH)
_ONE: Final = select(Quiz).where(
    Quiz.id == QUIZ, or_(_ASKS, Quiz.organisation_id.in_(bindparam("kept", type_=Uuid(), expanding=True)))
)
_ASKED: Final = select(Quiz).where(Quiz.id == QUIZ, _ASKS)
_OF_ATTEMPT: Final = select(QuizAttempt.quiz_id).where(QuizAttempt.id == bindparam("attempt", type_=Uuid()))
_ANY: Final = select(QuizAttempt.id).where(QuizAttempt.quiz_id == QUIZ).limit(1)
_LIST: Final = (
    select(Quiz)
    .join(QuizBranch, QuizBranch.quiz_id == Quiz.id)
    .where(QuizBranch.branch_id == BRANCH)
    .order_by(Quiz.closes_at.desc(), Quiz.id)
    .limit(LISTED)
)
_GIVEN: Final = select(Quiz).where(Quiz.organisation_id.in_(IDS)).order_by(Quiz.closes_at.desc(), Quiz.id).limit(LISTED)
_QUESTIONS: Final = (
    select(QuizQuestion, BankQuestion)
    .join(BankQuestion, BankQuestion.id == QuizQuestion.question_id)
    .where(QuizQuestion.quiz_id.in_(IDS))
    .order_by(QuizQuestion.position, BankQuestion.version)
)
_MINE: Final = (
    select(QuizAttempt)
    .where(QuizAttempt.quiz_id == QUIZ, QuizAttempt.member_id == ME)
    .order_by(QuizAttempt.received_at, QuizAttempt.id)
)
_MY_OPEN: Final = (
    select(
        Quiz.id,
        Quiz.organisation_id,
        Quiz.title,
        Quiz.closes_at,
        Quiz.attempts,
        func.count(QuizAttempt.id).label("used"),
    )
    .join(QuizBranch, QuizBranch.quiz_id == Quiz.id)
    .outerjoin(QuizAttempt, and_(QuizAttempt.quiz_id == Quiz.id, QuizAttempt.member_id == ME, QuizAttempt.counts))
    .where(QuizBranch.branch_id == BRANCH, Quiz.opens_at <= NOW, Quiz.closes_at >= NOW)
    .group_by(Quiz.id, Quiz.organisation_id, Quiz.title, Quiz.closes_at, Quiz.attempts)
    .order_by(Quiz.closes_at, Quiz.id)
)

MOST_LISTED: Final = 200
"""Branches that are chosen one by one; of a larger organ whole parts of it are."""
_BELOW: Final = descendants(
    select(Organisation.id.label("top"), Organisation.id.label("id")).where(Organisation.id.in_(IDS))
)
_UNITS: Final = (
    select(Organisation.id, Organisation.name, Organisation.kind, Organisation.parent_id)
    .where(Organisation.id.in_(select(_BELOW.c.id)))
    .order_by(Organisation.pinyin, Organisation.id)
)


class AskedQuestion(NamedTuple):
    """A question as a quiz has it."""

    of_quiz: QuizQuestion
    question: BankQuestion

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was faulty."""
        return self.of_quiz.withdrawn_at is not None


def quiz(session: Session, actor: Actor, quiz_id: UUID) -> Quiz:
    """A quiz that asks the actor's branch, or that the actor gives.

    Raises:
        NotFoundError: there is none.
    """
    return one(session, _ONE, {"quiz": quiz_id, "branch": actor.branch_id, "kept": kept_by(actor)})


def asking(session: Session, actor: Actor, quiz_id: UUID) -> Quiz:
    """A quiz that asks the actor's branch, for the actor to answer.

    Raises:
        NotFoundError: there is none.
    """
    return one(session, _ASKED, {"quiz": quiz_id, "branch": actor.branch_id})


def asks(session: Session, quiz_id: UUID, branch_id: UUID) -> bool:
    """Whether a quiz asks this branch."""
    return bool(session.scalar(select(_ASKS), {"quiz": quiz_id, "branch": branch_id}))


def of_branch(session: Session, actor: Actor) -> Sequence[Quiz]:
    """The quizzes that ask the actor's branch, the latest first."""
    return session.scalars(_LIST, {"branch": actor.branch_id}).all()


def given_by(session: Session, actor: Actor) -> Sequence[Quiz]:
    """The quizzes of the committees that the actor leads, the latest first."""
    return session.scalars(_GIVEN, {"ids": sorted(actor.leads)}).all() if actor.leads else ()


def quiz_of(session: Session, attempt_id: UUID) -> UUID:
    """The quiz of an attempt; for callers who then ask whether they may see it.

    Raises:
        NotFoundError: there is no such attempt.
    """
    return one(session, _OF_ATTEMPT, {"attempt": attempt_id})


def is_answered(session: Session, quiz_id: UUID) -> bool:
    """Whether somebody has handed something in."""
    return session.scalar(_ANY, {"quiz": quiz_id}) is not None


def asked(session: Session, quiz_id: UUID) -> Mapping[UUID, AskedQuestion]:
    """All questions of a quiz, also those that were replaced or withdrawn, in their order."""
    return asked_by(session, [quiz_id])[quiz_id]


def asked_by(session: Session, quiz_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[UUID, AskedQuestion]]:
    """The same of several quizzes."""
    found: dict[UUID, dict[UUID, AskedQuestion]] = {quiz_id: {} for quiz_id in quiz_ids}
    for of_quiz, question in session.execute(_QUESTIONS, {"ids": list(quiz_ids)}) if quiz_ids else ():
        found[of_quiz.quiz_id][question.id] = AskedQuestion(of_quiz, question)
    return found


def mine(session: Session, quiz_id: UUID, member_id: UUID) -> Sequence[QuizAttempt]:
    """What somebody handed in of a quiz, the first one first."""
    return session.scalars(_MINE, {"quiz": quiz_id, "me": member_id}).all()


def open_to(session: Session, actor: Actor, now: datetime) -> Sequence[AnyRow]:
    """The quizzes that ask the actor's branch and are open now, each with how many attempts the actor has used."""
    return session.execute(_MY_OPEN, {"branch": actor.branch_id, "me": actor.member_id, "now": now}).all()


def next_set(session: Session, actor: Actor, of: Quiz, there: Mapping[UUID, AskedQuestion]) -> QuizSet:
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


def score_of(of: Quiz, there: Mapping[UUID, AskedQuestion], answers: Mapping[str, str]) -> Score | None:
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


def share(attempt: QuizAttempt) -> Fraction:
    """How much of an attempt was right, exactly: what the best one is found by."""
    return Fraction(attempt.score, attempt.total or 1)


def shows_answers(of: Quiz, attempts: Sequence[QuizAttempt], *, closed: bool) -> bool:
    """Whether somebody with these attempts reads the key by now."""
    return bool(attempts) and (closed or of.shows is ShowAnswers.AFTER_EACH)


def tag_of(question: AnyRow) -> str:
    """The part of a bank that a question belongs to."""
    return f"{question.bank_id}:{question.tag or ''}"


def choosable(session: Session, organisation_id: UUID) -> Sequence[AnyRow]:
    """What of a committee can be chosen, in order of name: its branches or, where they are many, its parts."""
    units = session.execute(_UNITS, {"ids": [organisation_id]}).all()
    branches = [unit for unit in units if unit.kind is OrganisationKind.BRANCH]
    few = len(branches) <= MOST_LISTED
    return branches if few else [unit for unit in units if unit.parent_id == organisation_id]


def branches(session: Session, organisation_id: UUID, chosen: Collection[UUID]) -> list[UUID]:
    """The branches meant by ``chosen`` parts of an organisation, or all of it; of a branch, itself.

    Raises:
        NotFoundError: something chosen is not below it, or there is no branch.
    """
    below = {unit.id for unit in session.execute(_UNITS, {"ids": [organisation_id]})}
    meant = session.execute(_UNITS, {"ids": sorted(chosen) or [organisation_id]}).all()
    found = [unit.id for unit in meant if unit.kind is OrganisationKind.BRANCH]
    if not below.issuperset(chosen) or not found:
        raise NotFoundError
    return found
