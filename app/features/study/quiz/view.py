"""What somebody answered beside the key, for the page on which it may be shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from app.core.i18n import gettext as _
from app.features.history.service import Happened
from app.features.study.bank.rules import FALSE, LETTERS, TRUE
from app.features.study.quiz.happened import Step
from app.features.study.quiz.models import BankQuestion, QuizAttempt
from app.features.study.quiz.queries import AskedQuestion
from app.features.study.quiz.rules import QuestionType


class HistoryLine(NamedTuple):
    """One step of a quiz's history, in words."""

    words: str
    at: datetime
    by: str | None


class Reviewed(NamedTuple):
    """One question of the last attempt, with its key."""

    stem: str
    answer: str
    key: str
    is_right: bool
    is_withdrawn: bool
    explanation: str | None
    source: str | None


def options(question: BankQuestion) -> list[tuple[str, str]]:
    """What may be chosen: letters and words."""
    if question.kind is QuestionType.TRUE_FALSE:
        return [(TRUE, _("right")), (FALSE, _("wrong"))]
    return list(zip(LETTERS, question.options, strict=False))


def words(question: BankQuestion, letters: str) -> str:
    """Chosen options in words."""
    named = dict(options(question))
    is_choice = question.kind is not QuestionType.TRUE_FALSE
    return _("; ").join(f"{letter} {named[letter]}" if is_choice else named[letter] for letter in letters)


def reviewed(attempts: Sequence[QuizAttempt], there: Mapping[UUID, AskedQuestion]) -> list[Reviewed]:
    """The questions of the last attempt with what was answered and what is right."""
    return [
        Reviewed(
            one.question.stem,
            words(one.question, answer),
            words(one.question, one.question.key),
            answer == one.question.key,
            one.is_withdrawn,
            one.question.explanation,
            one.question.source,
        )
        for one, answer in ((there[UUID(name)], answer) for name, answer in attempts[-1].answers.items())
    ]


def steps(history: Sequence[Happened], there: Mapping[UUID, AskedQuestion]) -> list[HistoryLine]:
    """What happened to a quiz, the latest first."""
    return [HistoryLine(_said(one, there), one.at, one.by) for one in reversed(history)]


def _said(one: Happened, there: Mapping[UUID, AskedQuestion]) -> str:
    words = str(Step(one.step).label)
    question = there.get(UUID(one.detail["question"])) if "question" in one.detail else None
    return _("%(step)s: “%(stem)s”") % {"step": words, "stem": question.question.stem} if question else words
