"""What a report of study says, and what of it goes upward. It names nobody. Source: domain, study §5, §9.

Upward, nothing can be computed that is about fewer than five people: neither those whom a number counts nor the rest of
its denominator, which stands beside it, nor what is left between two numbers of one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from app.core.cells import SMALL_CELL
from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.formats import day as day_words
from app.core.i18n import lazy_gettext as _
from app.features.members.rules import Role
from app.features.reviews.rules import ReturnReason
from app.features.scores.publicity.rules import Period

REMARK_LENGTH: Final = 300
REASONS_SHOWN: Final = 3
MISSED_SHOWN: Final = 3
GIVERS: Final = frozenset({Role.SECRETARY, Role.DEPUTY, Role.PUBLICITY})
FEW: Final = f"<{SMALL_CELL}"
KEPT_BACK: Final = "…"
"""Large enough by itself, but another number could be computed with it."""
NONE: Final = "–"


class NotGiverError(ForbiddenError):
    code = "not_giver_of_reports"
    message = _("The secretary, the deputy or the publicity commissioner gives out the report of the branch.")


class NotOverError(ConflictError):
    code = "quarter_not_over"
    message = _("A quarter is reported on when it is over, from %(day)s on.")


class GivenOutError(ConflictError):
    code = "report_given_out"
    message = _("This report was given out already and stays as it is. Your remark was not added.")


class NamesSomebodyError(BadInputError):
    code = "report_names_somebody"
    field = "remark"
    message = _("A report names nobody: please say it without “%(name)s”.")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and how many different people stand behind it."""

    part: int
    whole: int
    people: int
    """Behind the part."""
    rest: int
    """Behind what the part lacks of the whole; somebody can be behind both."""
    everybody: int
    each: int = 1
    """How often one person can be in the whole; 0: nobody knows."""

    @property
    def is_open(self) -> bool:
        """Whether the part says nothing about a few."""
        return min(self.people, self.rest) >= SMALL_CELL

    @property
    def percent(self) -> int:
        """Whole percent, half-up."""
        return (200 * self.part + self.whole) // (2 * self.whole)

    @property
    def words(self) -> str:
        """``12/17 · 71%`` for the branch itself, which knows its people; of a few people no number."""
        if not self.whole:
            return NONE
        return FEW if self.everybody < SMALL_CELL else f"{self.part}/{self.whole} · {self.percent}%"


@dataclass(frozen=True, slots=True)
class Missed:
    """A question, and how often it was missed of so many answers."""

    stem: str
    missed: int
    answers: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """A quarter of a branch, as it was when the report was given out."""

    planned: tuple[int, int] | None
    """Items of the plan that were held, and all; ``None``: there was no plan."""
    sessions: int
    present: Share
    confirmed: Share
    """Of the records that came in."""
    returned: Share
    waiting: int
    """People with a record that still waits."""
    reasons: tuple[tuple[ReturnReason, int], ...]
    quizzes: int
    taken: Share
    passed: Share
    """Of those who took part."""
    missed: tuple[Missed, ...]
    on_track: Share
    """Members who have the hours due by the last day, of those who are asked for any."""
    made_up: int
    made_up_people: int


class Cell(NamedTuple):
    """What one place of the committee's table says: words, and the numbers in them where they are exact."""

    words: str
    part: int | None = None
    whole: int | None = None


def above(share: Share) -> Cell:
    """A share as it goes upward: exact, or so that neither side can be told where it is of a few people.

    Of fewer than ten people one side is always of a few, so only the whole is said.
    """
    if not share.whole:
        return Cell(NONE)
    if share.everybody < SMALL_CELL:
        return Cell(FEW)
    if share.is_open:
        return Cell(f"{share.part}/{share.whole} · {share.percent}%", share.part, share.whole)
    if share.everybody < 2 * SMALL_CELL:
        return Cell(f"{KEPT_BACK}/{share.whole}")
    if share.people < SMALL_CELL:
        return Cell(f"{FEW if share.each == 1 else KEPT_BACK}/{share.whole}")  # people, where each is there once
    least = share.whole - (SMALL_CELL - 1) * share.each
    return Cell(f"≥{least}/{share.whole}" if share.each and least > 0 else f"{KEPT_BACK}/{share.whole}")


def upward(numbers: Numbers) -> list[Cell]:
    """The row of one branch, in the order of ``routes.columns``."""
    received = numbers.confirmed
    is_few = received.everybody < SMALL_CELL
    confirmed, returned = above(received), above(numbers.returned)
    if confirmed.part is not None and min(numbers.returned.people, numbers.waiting) < SMALL_CELL:
        returned = Cell(f"{KEPT_BACK}/{received.whole}")  # with what is confirmed, either tells the other
    taken, passed = above(numbers.taken), above(numbers.passed)
    if numbers.quizzes and taken.part is None:  # the denominator of those who passed is who took part
        passed = Cell(FEW if taken.words.startswith(FEW) else KEPT_BACK)
    return [
        Cell(f"{numbers.planned[0]}/{numbers.planned[1]}", *numbers.planned) if numbers.planned else Cell(NONE),
        Cell(str(numbers.sessions), numbers.sessions),
        above(numbers.present),
        Cell(FEW) if is_few else Cell(str(received.whole), received.whole),
        Cell(FEW) if is_few else confirmed,
        Cell(FEW) if is_few else returned,
        Cell(str(numbers.quizzes), numbers.quizzes),
        taken,
        passed,
        above(numbers.on_track),
        Cell(FEW) if numbers.made_up_people < SMALL_CELL else Cell(str(numbers.made_up), numbers.made_up),
    ]


def sums(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The last line: what is exact above it, added up. Whatever is kept back is in no sum, so none gives it away."""
    found = []
    for column in zip(*rows, strict=True):
        exact = [cell for cell in column if cell.part is not None]
        part, wholes = sum(cell.part or 0 for cell in exact), [cell.whole for cell in exact if cell.whole is not None]
        found.append(f"{part}/{sum(wholes)}" if wholes else str(part) if exact else NONE)
    return found


def check_over(asked: Period, today: date) -> None:
    """Let a quarter pass that is over."""
    if today <= asked.last:
        raise NotOverError(day=day_words(asked.last + timedelta(days=1)))


def check_roles(roles: frozenset[Role]) -> None:
    """Let those pass who give out reports."""
    if roles.isdisjoint(GIVERS):
        raise NotGiverError
