"""Quizzes answered and scored; a faulty question withdrawn, and who has a pass by that.

Those who made a quiz know its key, or set it: their own passes count once another officer has looked at it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import BadInputError, ConflictError, ContentDiffersError, ForbiddenError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.core.rows import locked, one
from app.features.ledger import service as ledger
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission, Role
from app.features.members.two_people import check_second
from app.features.study.bank import service as bank
from app.features.study.bank.rules import FALSE, LETTERS, TRUE
from app.features.study.quiz import queries
from app.features.study.quiz.models import Quiz, QuizAttempt
from app.features.study.quiz.queries import BRANCH, ME, QUIZ, Asked
from app.features.study.quiz.rules import Attempt, QuestionType
from app.features.study.quiz.sets import QuizSet, is_ours

SOURCE: Final = "study.quiz"
_HELD: Final = locked(select(Quiz).where(Quiz.id == QUIZ, Quiz.branch_id == BRANCH))
_SHARED: Final = select(Quiz).where(Quiz.id == QUIZ).with_for_update(read=True)
"""Held against a withdrawal of this moment, and not against other attempts."""
_COUNTED: Final = (
    select(QuizAttempt)
    .where(QuizAttempt.quiz_id == QUIZ, QuizAttempt.counts)
    .order_by(QuizAttempt.corrected_at, QuizAttempt.id)
)
_TAKEN: Final = select(QuizAttempt.number).where(
    QuizAttempt.quiz_id == QUIZ, QuizAttempt.member_id == ME, QuizAttempt.counts
)


class BadSetError(BadInputError):
    """Another set, another member's, or options that are none."""

    code = "bad_payload"
    message = _("These answers do not belong to the questions that were put before you. Open the quiz anew.")


class NotPlannerError(ForbiddenError):
    """Quizzes of a branch are planned there."""

    message = _("Secretary, deputy secretary and publicity commissioner plan the quizzes of a branch.")


class NotOpenError(ConflictError):
    """Nobody sees the questions before."""

    code = "not_open"
    message = _("The quiz has not opened yet.")


class StillOpenError(ConflictError):
    """Whoever looks at the keys has answered before."""

    code = "still_open"
    message = _("Look at it once it has closed: the keys stand there.")


class MadeItError(ForbiddenError):
    """Not another pair of eyes."""

    code = "made_it"
    message = _("You had a hand in this quiz: another officer looks at it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAttempt:
    """Answers as they arrived."""

    id: UUID
    given: QuizSet
    answers: Mapping[UUID, str]
    member_id: UUID
    branch_id: UUID
    at: datetime
    """By our clock."""
    received_at: datetime


def held(session: Session, actor: Actor, quiz_id: UUID) -> Quiz:
    """A quiz that the actor plans, held.

    Raises:
        NotPlannerError, NotFoundError: the actor does not plan them, or there is none.
    """
    if not bank.is_planner(actor):
        raise NotPlannerError
    return one(session, _HELD, {"quiz": quiz_id, "branch": actor.branch_id})


def hand_in(session: Session, new: NewAttempt) -> QuizAttempt:
    """Score and keep what somebody answered; the same again is once, another one of the same set is practice.

    The quiz is held first, then the member, whose attempts are counted.

    Raises:
        BadSetError: these questions were not put before this member, or an answer is none of the options.
        ContentDiffersError: the id belongs to other answers.
        KeyMissingError: the signature cannot be read just now.
    """
    asked = {"quiz": new.given.quiz_id, "me": new.member_id}
    of = session.scalars(_SHARED, asked).one_or_none()
    if of is None or not is_ours(new.given, new.member_id):
        raise BadSetError
    members.lock(session, new.member_id)
    answers = {str(name): new.answers[name] for name in new.given.question_ids}
    if there := session.get(QuizAttempt, new.id):
        if there.member_id != new.member_id or there.quiz_id != of.id or there.answers != answers:
            raise ContentDiffersError
        return there
    questions = queries.asked(session, of.id)
    if not answers or not all(_is_possible(questions[name], new.answers[name]) for name in new.given.question_ids):
        raise BadSetError
    at = max(new.at, of.opens_at)
    said = Attempt((), at, new.received_at)
    number = new.given.number
    counts = said.counts(number, closes=of.closes_at, allowed=of.attempts)
    counts = counts and number not in session.scalars(_TAKEN, asked).all()
    score = queries.score_of(of, questions, answers)
    attempt = QuizAttempt(
        id=new.id,
        quiz_id=of.id,
        member_id=new.member_id,
        branch_id=new.branch_id,
        number=number,
        answers=answers,
        corrected_at=at,
        received_at=new.received_at,
        counts=counts,
        is_late=counts and said.late_upload(of.closes_at),
        score=score.score if score else 0,
        total=score.total if score else 0,
        passed=bool(score and score.passed),
    )
    session.add(attempt)
    session.flush()
    if counts and attempt.passed:
        _post(session, of, questions, [attempt])
    return attempt


def _is_possible(one: Asked, answer: str) -> bool:
    """Whether an answer names options that there are, each once and in order."""
    kind = one.question.kind
    letters = TRUE + FALSE if kind is QuestionType.TRUE_FALSE else LETTERS[: len(one.question.options)]
    most = len(letters) if kind is QuestionType.MULTIPLE else 1
    return len(answer) <= most and answer == "".join(letter for letter in letters if letter in answer)


def withdraw(session: Session, actor: Actor, *, quiz_id: UUID, question_id: UUID) -> None:
    """Withdraw a faulty question: all attempts are scored without it. Passes are gained, none is taken away.

    Raises:
        NotPlannerError, NotFoundError: as for ``plan``; the quiz has no such question.
    """
    of = held(session, actor, quiz_id)
    questions = queries.asked(session, of.id)
    if question_id not in questions:
        raise NotFoundError
    row = questions[question_id].of_quiz
    if row.withdrawn_at:
        return
    row.is_drawn, row.withdrawn_at, row.withdrawn_by_id = False, clock.now(), actor.member_id
    of.vouched_by_id = of.vouched_at = None
    attempts = session.scalars(_COUNTED, {"quiz": of.id}).all()
    for attempt in attempts:
        if str(question_id) in attempt.answers and (score := queries.score_of(of, questions, attempt.answers)):
            attempt.score, attempt.total = score.score, score.total
            attempt.passed = attempt.passed or score.passed
    session.flush()
    _post(session, of, questions, [attempt for attempt in attempts if attempt.passed])


def vouch(session: Session, actor: Actor, *, quiz_id: UUID) -> None:
    """Say that a quiz that has closed was fair: those who made it have their passes, too.

    Raises:
        NotFoundError: there is none in the branch, or the actor is no officer of it.
        StillOpenError: it has not closed.
        MadeItError, BoundError: somebody else says it.
    """
    if not may_vouch(actor):
        raise NotFoundError
    of = one(session, _HELD, {"quiz": quiz_id, "branch": actor.branch_id})
    if of.vouched_at:
        return
    if clock.now() <= of.closes_at:
        raise StillOpenError
    questions = queries.asked(session, of.id)
    hands = makers(of, questions)
    if actor.member_id in hands:
        raise MadeItError
    for hand in sorted(hands):
        check_second(session, actor, entered_by_id=hand)
    of.vouched_by_id, of.vouched_at = actor.member_id, clock.now()
    attempts = session.scalars(_COUNTED, {"quiz": of.id}).all()
    _post(session, of, questions, [attempt for attempt in attempts if attempt.passed])
    session.flush()


def may_vouch(actor: Actor) -> bool:
    """Whether the actor may look at what other officers of the branch made."""
    return actor.may(Permission.APPROVE) or bank.is_planner(actor) or Role.SUPERVISOR in actor.roles


def makers(of: Quiz, questions: Mapping[UUID, Asked]) -> set[UUID]:
    """Who had a hand in a quiz: who planned it, wrote or corrected its questions, or withdrew one."""
    found = {of.planned_by_id} | {row.question.entered_by_id for row in questions.values()}
    return found | {row.of_quiz.withdrawn_by_id for row in questions.values() if row.of_quiz.withdrawn_by_id}


def _post(session: Session, of: Quiz, questions: Mapping[UUID, Asked], passes: Collection[QuizAttempt]) -> None:
    """Let the ledger say who passed, once a person, on the day of the first of these passes."""
    hands = makers(of, questions)
    first: dict[UUID, QuizAttempt] = {}
    for attempt in sorted(passes, key=lambda one: (one.corrected_at, one.number)):
        if of.vouched_by_id or attempt.member_id not in hands:
            first.setdefault(attempt.member_id, attempt)
    known = {fact.source_id for fact in ledger.facts_of(session, SOURCE, [_name(of, member) for member in first])}
    ledger.append(
        session,
        [
            NewFact(
                branch_id=attempt.branch_id,
                member_id=attempt.member_id,
                fact_type=FactType.STUDY_QUIZ_PASSED,
                occurred_on=clock.local_day(attempt.corrected_at),
                source=SOURCE,
                source_id=_name(of, attempt.member_id),
                recorded_by_id=attempt.member_id,
                confirmed_by_id=of.vouched_by_id if attempt.member_id in hands else None,
                note=of.title,
            )
            for attempt in first.values()
            if _name(of, attempt.member_id) not in known
        ],
    )


def _name(of: Quiz, member_id: UUID) -> str:
    return f"{of.id}:{member_id}"
