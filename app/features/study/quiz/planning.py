"""Quizzes as they are planned, and called off while nobody has answered."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import BadInputError, ConflictError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.features.members.actor import Actor
from app.features.study.bank import service as bank
from app.features.study.bank.keepers import kept_by
from app.features.study.quiz import happened, queries
from app.features.study.quiz.happened import Step
from app.features.study.quiz.models import Quiz, QuizBranch, QuizQuestion, ShowAnswers
from app.features.study.quiz.service import NotPlannerError, held

MOST_QUESTIONS: Final = 100
"""Of one attempt, so that its answers fit into one item of a phone."""


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
    organisation_id: UUID
    """The branch that gives it itself, or the committee."""
    chosen: Sequence[UUID] = ()
    """Which branches of a committee it asks, or which parts of it; all, where none is said."""
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
    """Plan a quiz of a branch or committee whose quizzes the actor plans; the same form twice is once.

    Raises:
        NotPlannerError: the actor plans none.
        NotFoundError: not for this organisation or these branches, or a question is in no bank that it may use.
        BadQuizError: it closes before it opens, has no questions, or draws more than there are.
    """
    if not (kept := kept_by(actor)):
        raise NotPlannerError
    if new.organisation_id not in kept:
        raise NotFoundError
    if session.get(Quiz, new.id):
        return queries.quiz(session, actor, new.id).id
    ids = list(dict.fromkeys(new.question_ids))
    _check(new, len(ids))
    if not {row.id for row in bank.offered(session, new.organisation_id)}.issuperset(ids):
        raise NotFoundError
    asked = queries.branches(session, new.organisation_id, new.chosen)
    said = {name: getattr(new, name) for name in NewQuiz.__slots__ if name not in ("question_ids", "chosen")}
    session.add(Quiz(**said, seed=secrets.token_hex(16), planned_by_id=actor.member_id))
    session.flush()
    session.add_all(QuizQuestion(quiz_id=new.id, question_id=name, position=at) for at, name in enumerate(ids))
    session.add_all(QuizBranch(quiz_id=new.id, branch_id=name) for name in asked)
    session.flush()
    happened.note(session, new.id, Step.PLANNED, by_id=actor.member_id)
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
    if queries.is_answered(session, quiz_id):
        raise HasAttemptsError
    happened.note(session, quiz_id, Step.CALLED_OFF, by_id=actor.member_id)
    session.delete(of)
    session.flush()
