"""Quizzes scored exactly, draws that anybody can recompute, and how a spot check goes on."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

DEFAULT_POINTS: Final = 5
POINTS: Final = range(1, 21)
"""Points a question may be worth. Source: domain, study §3."""
LINES: Final = range(50, 101)
"""Percent from which a quiz is passed."""
ATTEMPTS: Final = 3


class QuestionType(Word):
    """Kinds of questions."""

    SINGLE = "single", _("one answer")
    MULTIPLE = "multiple", _("several answers")
    TRUE_FALSE = "true_false", _("right or wrong")


class Broken(Word):
    """What about a quiz or a draw cannot be."""

    KEY = "broken_key", _("The key of a question does not fit its kind.")
    ANSWER = "broken_answer", _("An answer is none of the options.")
    POINTS = "points_of_1_to_20", _("A question is worth 1 to 20 points.")
    LINE = "line_of_50_to_100", _("The line lies between 50 and 100 percent.")
    NUMBER = "wrong_number_of_answers", _("There is one answer for each question.")
    NOTHING = "no_questions", _("There is no question left.")
    PERCENT = "percent_of_1_to_100", _("A spot check takes 1 to 100 percent.")
    TAKE = "more_than_there_are", _("More are to be drawn than there are.")
    TWICE = "named_twice", _("One of them is named twice.")
    RETURNED = "more_returned_than_drawn", _("More were returned than were looked at.")
    STEPS = "drawn_too_often", _("After this result nothing more is drawn.")


_TRUE: Final = frozenset({"对", "正确", "√", "✓", "✔", "T", "TRUE", "是"})
_FALSE: Final = frozenset({"错", "错误", "×", "✗", "✘", "F", "FALSE", "否"})


def choices(text: str, kind: QuestionType) -> frozenset[str]:
    """The options that ``text`` names: letters as people type them, or right and wrong; none in an empty text.

    Raises:
        ImpossibleError: it names none of the options.
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    if not plain:
        return frozenset()
    if kind is QuestionType.TRUE_FALSE:
        if plain in _TRUE | {"X"} | _FALSE:
            return frozenset({"T" if plain in _TRUE else "F"})
        raise ImpossibleError(Broken.ANSWER)
    letters = re.sub(r"[\s,、;/]+", "", plain)
    if not letters or not set(letters) <= set("ABCDEFGH") or len(set(letters)) != len(letters):
        raise ImpossibleError(Broken.ANSWER)
    return frozenset(letters)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its key.

    Raises:
        ImpossibleError: a key that does not fit, or points outside 1 to 20.
    """

    kind: QuestionType
    key: frozenset[str]
    points: int = DEFAULT_POINTS

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not self.key or (self.kind is QuestionType.SINGLE and len(self.key) != 1):
            raise ImpossibleError(Broken.KEY)
        if self.points not in POINTS:
            raise ImpossibleError(Broken.POINTS)

    def score(self, answer: frozenset[str], *, half: bool) -> int:
        """Hundredths of a point: all or nothing; with ``half``, a part of the key without a wrong letter is half."""
        if answer == self.key:
            return 100 * self.points
        part = half and self.kind is QuestionType.MULTIPLE and bool(answer) and answer < self.key
        return 50 * self.points if part else 0


@dataclass(frozen=True, slots=True)
class Score:
    """What an attempt came to, in hundredths of a point."""

    score: int
    total: int
    line: int

    @property
    def passed(self) -> bool:
        """Compared by multiplication, never by the rounded percent. Source: §3."""
        return 100 * self.score >= self.line * self.total

    @property
    def percent(self) -> int:
        """Hundredths of a percent, half-up, for show."""
        return (2 * 10_000 * self.score + self.total) // (2 * self.total)


def scored(
    questions: Sequence[Question],
    answers: Sequence[str],
    *,
    line: int,
    half: bool,
    withdrawn: Collection[int] = (),
) -> Score:
    """The score of an attempt, without the ``withdrawn`` questions (numbers from 1).

    Raises:
        ImpossibleError: another number of answers, a line outside 50 to 100, no question left, an answer that is none.
    """
    if len(answers) != len(questions):
        raise ImpossibleError(Broken.NUMBER)
    if line not in LINES:
        raise ImpossibleError(Broken.LINE)
    if not set(withdrawn) <= set(range(1, len(questions) + 1)):
        raise ImpossibleError(Broken.NUMBER)
    given = [choices(answer, question.kind) for question, answer in zip(questions, answers, strict=True)]
    if any(
        len(one) > 1 and question.kind is QuestionType.SINGLE for question, one in zip(questions, given, strict=True)
    ):
        raise ImpossibleError(Broken.ANSWER)
    kept = [number - 1 for number in range(1, len(questions) + 1) if number not in withdrawn]
    if not kept:
        raise ImpossibleError(Broken.NOTHING)
    return Score(
        sum(questions[number].score(given[number], half=half) for number in kept),
        sum(100 * questions[number].points for number in kept),
        line,
    )


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a quiz."""

    answers: Sequence[str]
    at: datetime | None = None
    """Corrected."""
    received_at: datetime | None = None

    def counts(self, number: int, *, closes: datetime | None, allowed: int) -> bool:
        """Whether it counts: one of the first ``allowed`` ones, and made before the quiz closed. Source: §3, §8."""
        return number <= allowed and (closes is None or self.at is None or self.at <= closes)

    def late_upload(self, closes: datetime | None) -> bool:
        """Whether it was made in time and arrived later."""
        made, arrived = self.at, self.received_at
        return closes is not None and made is not None and arrived is not None and made <= closes < arrived


def ordered(seed: str, ids: Collection[str]) -> list[str]:
    """All ids in the order of a draw: by the SHA-256 of seed, colon and id. Anybody can recompute it. Source: §3.

    Raises:
        ImpossibleError: an id stands there twice.
    """
    if len(set(ids)) != len(ids):
        raise ImpossibleError(Broken.TWICE)
    return sorted(ids, key=lambda one: (hashlib.sha256(f"{seed}:{one}".encode()).hexdigest(), one))


def sample_size(pool: int, percent: int) -> int:
    """How many of a pool are looked at: none of none, else at least one. Source: §4.

    Raises:
        ImpossibleError: outside 1 to 100 percent.
    """
    if not 1 <= percent <= 100:
        raise ImpossibleError(Broken.PERCENT)
    return -(-percent * pool // 100)


def drawn(seed: str, ids: Collection[str], take: int) -> list[str]:
    """The first ``take`` of the order.

    Raises:
        ImpossibleError: there are not so many, or an id stands there twice.
    """
    if take > len(ids):
        raise ImpossibleError(Broken.TAKE)
    return ordered(seed, ids)[:take]


class Next(Word):
    """How a spot check goes on."""

    DRAW = "draw", _("draw the sample")
    SECOND_DRAW = "second_draw", _("draw a second sample")
    BULK = "bulk", _("approve the rest together")
    SINGLY = "singly", _("look at the rest one by one")
    NOTHING = "nothing", _("nothing is left")


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """Where a spot check stands."""

    take: int
    rest: int
    next: Next


def spot_check(pool: int, percent: int, returned: Sequence[int]) -> SpotCheck:
    """How it goes on after the samples looked at: ``returned`` has how many of each were returned. Source: §4.

    Raises:
        ImpossibleError: outside 1 to 100 percent, more returned than drawn, a sample too many.
    """
    take = sample_size(pool, percent)
    rest = pool
    for number, back in enumerate(returned):
        looked_at = min(take, rest)
        if number > 1 or looked_at == 0 or (number == 1 and returned[0] == 0):
            raise ImpossibleError(Broken.STEPS)
        if back > looked_at:
            raise ImpossibleError(Broken.RETURNED)
        rest -= looked_at
    if rest == 0:
        return SpotCheck(take, 0, Next.NOTHING)
    if not returned:
        return SpotCheck(take, rest, Next.DRAW)
    if returned[-1] == 0:
        return SpotCheck(take, rest, Next.BULK)
    return SpotCheck(take, rest, Next.SECOND_DRAW if len(returned) == 1 else Next.SINGLY)
