"""Quizzes answered and scored; a faulty question withdrawn, and who has a pass by that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import BadInputError, ConflictError, ContentDiffersError, ForbiddenError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.core.portions import Came
from app.core.rows import IDS, locked, one
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.study.bank.keepers import kept_by
from app.features.study.bank.rules import FALSE, LETTERS, TRUE
from app.features.study.quiz import again, happened, passes, queries
from app.features.study.quiz.happened import Step
from app.features.study.quiz.models import Quiz, QuizAttempt, QuizQuestion, ShowAnswers
from app.features.study.quiz.queries import ME, QUIZ, AskedQuestion
from app.features.study.quiz.rules import Attempt, QuestionType
from app.features.study.quiz.sets import QuizSet, is_ours

_HELD: Final = locked(select(Quiz).where(Quiz.id == QUIZ, Quiz.organisation_id.in_(IDS)))
_SHARED: Final = select(Quiz).where(Quiz.id == QUIZ).with_for_update(read=True)
"""Held against a withdrawal of this moment, and not against other attempts."""
_TAKEN: Final = select(QuizAttempt.number).where(
    QuizAttempt.quiz_id == QUIZ, QuizAttempt.member_id == ME, QuizAttempt.counts
)


class BadSetError(BadInputError):
    """Another set, another member's, or options that are none."""

    code = "bad_payload"
    message = _("These answers do not belong to the questions that were put before you. Open the quiz anew.")


class NotPlannerError(ForbiddenError):
    """Quizzes of a branch are planned there, those of a committee by its officers."""

    code = ForbiddenError.code
    message = _("Secretary, deputy secretary and publicity commissioner plan the quizzes of a branch.")


class NotOpenError(ConflictError):
    """Nobody sees the questions before."""

    code = "not_open"
    message = _("The quiz has not opened yet.")


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
    """A quiz that the actor gives, held.

    Raises:
        NotPlannerError, NotFoundError: the actor gives none, or not this one.
    """
    if not (kept := kept_by(actor)):
        raise NotPlannerError
    return one(session, _HELD, {"quiz": quiz_id, "ids": kept})


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
        passes.post(session, of, [attempt], waits=_may_have_read(session, of, attempt))
    return attempt


def _may_have_read(session: Session, of: Quiz, attempt: QuizAttempt) -> bool:
    """Whether what says to have been answered in time came when its member could read the answers already."""
    if not attempt.is_late or of.shows is ShowAnswers.AFTER_EACH:
        return False
    return any(one.received_at < attempt.received_at for one in queries.mine(session, of.id, attempt.member_id))


def _is_possible(one: AskedQuestion, answer: str) -> bool:
    """Whether an answer names options that there are, each once and in order."""
    kind = one.question.kind
    letters = TRUE + FALSE if kind is QuestionType.TRUE_FALSE else LETTERS[: len(one.question.options)]
    most = len(letters) if kind is QuestionType.MULTIPLE else 1
    return len(answer) <= most and answer == "".join(letter for letter in letters if letter in answer)


def withdraw(session: Session, actor: Actor, *, quiz_id: UUID, question_id: UUID) -> Came:
    """Withdraw a faulty question: all attempts are scored without it. Passes are gained, none is taken away.

    Those of the first people at once; ``go_on`` scores the others.

    Raises:
        NotPlannerError, NotFoundError: as for ``held``; the quiz has no such question.
    """
    of, _questions, row = _question(session, actor, quiz_id, question_id)
    if row.withdrawn_at:
        return again.score_next(session, of)
    row.is_drawn, row.withdrawn_at, row.withdrawn_by_id = False, clock.now(), actor.member_id
    return _score(session, actor, of, Step.WITHDRAWN, question_id)


def restore(session: Session, actor: Actor, *, quiz_id: UUID, question_id: UUID) -> Came:
    """Take a withdrawal back: the question counts again, and every pass that there is by now stays.

    Raises:
        NotPlannerError, NotFoundError: as for ``withdraw``.
    """
    of, questions, row = _question(session, actor, quiz_id, question_id)
    if not row.withdrawn_at:
        return again.score_next(session, of)
    mine = questions[question_id].question
    is_newest = all(
        one.question.version <= mine.version for one in questions.values() if one.question.first_id == mine.first_id
    )
    row.is_drawn, row.withdrawn_at, row.withdrawn_by_id = is_newest, None, None
    return _score(session, actor, of, Step.RESTORED, question_id)


def go_on(session: Session, actor: Actor, *, quiz_id: UUID) -> Came:
    """Score the attempts of the next people, where a question was withdrawn or restored.

    Raises:
        NotPlannerError, NotFoundError: as for ``held``.
    """
    return again.score_next(session, held(session, actor, quiz_id))


def _question(
    session: Session, actor: Actor, quiz_id: UUID, question_id: UUID
) -> tuple[Quiz, Mapping[UUID, AskedQuestion], QuizQuestion]:
    of = held(session, actor, quiz_id)
    questions = queries.asked(session, of.id)
    if question_id not in questions:
        raise NotFoundError
    return of, questions, questions[question_id].of_quiz


def _score(session: Session, actor: Actor, of: Quiz, step: Step, question_id: UUID) -> Came:
    again.begin(of)
    session.flush()
    happened.note(session, of.id, step, by_id=actor.member_id, question_id=question_id)
    return again.score_next(session, of)
