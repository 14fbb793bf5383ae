"""Which quarter and which grade is meant, and when it is taken over. Source: domain, quantified §1, §2, §8. Pure."""

import re
from datetime import date
from typing import Final, NamedTuple

from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.tables import folded
from app.features.ledger.periods import last_day_of
from app.features.ledger.rules import APPRAISAL_NAMES, AppraisalGrade

NOTE_LENGTH: Final = 200
_OF_FOUR: Final = {sign: number for number, sign in enumerate("一二三四", 1)}
_QUARTER: Final = re.compile(r"(?:(20\d\d)年?(?:度|[-./])?)?第?(?:[qQ]?([1-4一二三四])(?:季度?|\.0)?)")
_GRADES: Final = {
    **APPRAISAL_NAMES,
    **dict.fromkeys(("不定等次", "未确定等次", "不评定等次"), AppraisalGrade.NOT_GRADED),
    **{grade.value: grade for grade in AppraisalGrade},
}
YEARLY: Final = frozenset({"优", "优秀", "称职", "基本称职", "不称职", "合格", "基本合格", "不合格", "excellent"})
"""Words of the yearly assessment: none of them is a grade of a quarter."""


class OwnAppraisalError(ForbiddenError):
    message = lazy_gettext("This is your own grade. Another officer enters it.")


class QuarterNotOverError(BadInputError):
    field = "quarter"
    message = lazy_gettext("This quarter is not over yet, or lies before last year.")


class GradeWaitsError(ConflictError):
    message = lazy_gettext(
        "For this quarter another grade waits for its confirmation. Withdraw it, or let it be decided first."
    )


class ReasonWantedError(BadInputError):
    field = "note"
    message = lazy_gettext("Another grade of this quarter is confirmed. Say why it changes.")


class LaterGradeError(ConflictError):
    message = lazy_gettext("A later grade of this quarter stands or waits. Decide on that one.")


class Quarter(NamedTuple):
    """A quarter of a year."""

    year: int
    number: int

    @property
    def last_day(self) -> date:
        """The day its appraisal is of."""
        return last_day_of(self.year, self.number)

    @property
    def key(self) -> str:
        """As forms send it: ``2026-1``."""
        return f"{self.year}-{self.number}"

    @property
    def words(self) -> str:
        """``2026年一季度``."""
        return _("Quarter %(number)s of %(year)s") % {"number": self.number, "year": self.year}


def latest_over(number: int, today: date) -> Quarter:
    """The last quarter of this ``number`` that is over: where no year is written, it is meant."""
    this_year = Quarter(today.year, number)
    return this_year if this_year.last_day <= today else Quarter(today.year - 1, number)


def quarters_over(today: date) -> list[Quarter]:
    """Those whose grades can be entered, the newest first: of this year and the last."""
    both = (Quarter(year, number) for year in (today.year, today.year - 1) for number in (4, 3, 2, 1))
    return [quarter for quarter in both if quarter.last_day <= today]


def quarter_of(text: str, today: date) -> Quarter | None:
    """``1``, ``一季度``, ``Q1``, ``2026年第一季度``, ``2026-1``; ``None`` where none is meant."""
    match = _QUARTER.fullmatch(folded(text).replace(" ", ""))
    if match is None:
        return None
    number = _OF_FOUR.get(match[2]) or int(match[2])
    return Quarter(int(match[1]), number) if match[1] else latest_over(number, today)


def check_quarter(quarter: Quarter, today: date) -> None:
    """Let a quarter pass that is over, of this year or the last."""
    if quarter not in quarters_over(today):
        raise QuarterNotOverError


def grade_of(text: str) -> AppraisalGrade | None:
    """The grade a cell says; ``None`` for any other word."""
    return _GRADES.get(folded(text).casefold())


def is_yearly(text: str) -> bool:
    """Whether a cell says a grade of the yearly assessment."""
    return folded(text).casefold() in YEARLY
