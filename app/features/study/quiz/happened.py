"""What happened to a quiz, for ever; of a drawn one with the pool from which its draws are computed again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.history import service as histories
from app.features.history.service import Happened
from app.features.study.quiz.models import Quiz, QuizQuestion
from app.features.study.quiz.queries import QUIZ

SUBJECT: Final = "quiz"
_TAKE: Final = select(Quiz.take).where(Quiz.id == QUIZ)
_POOL: Final = (
    select(QuizQuestion.question_id)
    .where(QuizQuestion.quiz_id == QUIZ, QuizQuestion.is_drawn)
    .order_by(QuizQuestion.position)
)


class Step(Word):
    """A step of its history."""

    PLANNED = "planned", _("planned")
    CORRECTED = "corrected", _("question corrected; from then on its new version is asked")
    WITHDRAWN = "withdrawn", _("question withdrawn: faulty")
    RESTORED = "restored", _("withdrawal taken back")
    CALLED_OFF = "called_off", _("called off")


class Pool(NamedTuple):
    """What a quiz drew from, from some moment on."""

    since: datetime
    ids: Sequence[str]


def note(session: Session, quiz_id: UUID, step: Step, *, by_id: UUID, question_id: UUID | None = None) -> None:
    """Write a step down, after it was flushed."""
    detail: dict[str, Any] = {"question": str(question_id)} if question_id else {}
    if session.scalar(_TAKE, {"quiz": quiz_id}):
        detail["pool"] = [str(name) for name in session.scalars(_POOL, {"quiz": quiz_id})]
    histories.record(session, SUBJECT, quiz_id, step, by_id=by_id, **detail)


def history(session: Session, quiz_id: UUID) -> Sequence[Happened]:
    """All of it, oldest first."""
    return histories.history(session, quiz_id)


def pools(history: Sequence[Happened]) -> list[Pool]:
    """What was drawn from, the first one first."""
    return [Pool(one.at, one.detail["pool"]) for one in history if "pool" in one.detail]
