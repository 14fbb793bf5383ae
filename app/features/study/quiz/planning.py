"""Quizzes as they are planned, and called off while nobody has answered."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import BadInputError, ConflictError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.features.members.actor import Actor
from app.features.study.bank import service as bank
from app.features.study.quiz import queries
from app.features.study.quiz.models import Quiz, QuizAttempt, QuizQuestion, ShowAnswers
from app.features.study.quiz.queries import QUIZ
from app.features.study.quiz.service import NotPlannerError, held

MOST_QUESTIONS: Final = 100
"""Of one attempt, so that its answers fit into one item of a phone."""
_ANY: Final = select(QuizAttempt.id).where(QuizAttempt.quiz_id == QUIZ).limit(1)


class BadQuizError(BadInputError):
    """A quiz that cannot be."""

    code = "bad_quiz"


class HasAttemptsError(ConflictError):
    """Somebody has answered."""

    code = "has_attempts"
    message = _("Somebody has answered already: the quiz stays. A faulty question can be withdrawn.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuiz:
    """A quiz as it is planned."""

    id: UUID
    title: str
    opens_at: datetime
    closes_at: datetime
    question_ids: Sequence[UUID]
    take: int | None
    line: int
    attempts: int
    half: bool
    shows: ShowAnswers


def plan(session: Session, actor: Actor, new: NewQuiz) -> UUID:
    """Plan a quiz of the actor's branch; the same form twice is once.

    Raises:
        NotPlannerError: the actor does not plan them.
        NotFoundError: a question is in no bank that the branch may use.
        BadQuizError: it closes before it opens, has no questions, or draws more than there are.
    """
    if not bank.is_planner(actor):
        raise NotPlannerError
    if session.get(Quiz, new.id):
        return queries.quiz(session, actor, new.id).id
    ids = list(dict.fromkeys(new.question_ids))
    _check(new, len(ids))
    if not {row.id for row in bank.offered(session, actor)}.issuperset(ids):
        raise NotFoundError
    said = {name: getattr(new, name) for name in NewQuiz.__slots__ if name != "question_ids"}
    session.add(Quiz(**said, branch_id=actor.branch_id, seed=secrets.token_hex(16), planned_by_id=actor.member_id))
    session.flush()
    session.add_all(QuizQuestion(quiz_id=new.id, question_id=name, position=at) for at, name in enumerate(ids))
    session.flush()
    return new.id


def _check(new: NewQuiz, number: int) -> None:
    refusals = (
        (new.closes_at <= new.opens_at, "closes", _("It closes after it opens.")),
        (new.closes_at <= clock.now(), "closes", _("This moment is over.")),
        (not number, "questions", _("Please choose at least one question.")),
        ((new.take or 0) > number, "take", _("More are to be drawn than there are.")),
        ((new.take or number) > MOST_QUESTIONS, "take", _("An attempt has at most a hundred questions.")),
    )
    for is_wrong, field, sentence in refusals:
        if is_wrong:
            refusal = BadQuizError(sentence)
            refusal.field = field
            raise refusal


def call_off(session: Session, actor: Actor, *, quiz_id: UUID) -> None:
    """Forget a quiz that nobody has answered.

    Raises:
        NotPlannerError, NotFoundError: as for ``plan``.
        HasAttemptsError: somebody has.
    """
    of = held(session, actor, quiz_id)
    if session.scalars(_ANY, {"quiz": quiz_id}).first():
        raise HasAttemptsError
    session.delete(of)
    session.flush()
