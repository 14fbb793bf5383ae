"""Due days as people write them in lists: days, but also ends of months, quarters and years."""

import calendar
import re
from datetime import date, timedelta
from typing import Final

from app.core.tables import Cell, folded
from app.features.members.partial_dates import partial_date

_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(40_000, 73_416)
"""Day numbers of Excel from 2009 to 2100."""
_LOST_ZERO: Final = re.compile(r"\d{1,2}\.\d")
"""A number cell ``6.3`` was typed as 6.3 or as 6.30: Excel drops the last zero, so nobody can say."""
_BEFORE: Final = re.compile(r"\s*(?:以前|之前|前|止|完成|办结)+$")
_YEAR: Final = r"(?:(?P<year>\d{4})\s*年?[.\-/年]?\s*)?"
_NUMERALS: Final = {"一": "1", "二": "2", "三": "3", "四": "4"}
_MONTH_DAY: Final = re.compile(r"(?P<month>\d{1,2})\s*[月.\-/]\s*(?P<day>\d{1,2})\s*日?")
_MONTH: Final = re.compile(_YEAR + r"(?P<month>\d{1,2})\s*月\s*(?:份|底|末)?")
_QUARTER: Final = re.compile(_YEAR + r"第?(?P<quarter>[1-4])季度(?:底|末)?")
_HALF: Final = re.compile(_YEAR + r"(?P<half>上半年|下半年|年中|年底|年末|全年|底|末)")


def due_day(cell: Cell, *, year: int) -> date | None:
    """``2026-03-31``, ``3月31日前``, ``3月底``, ``一季度``, ``年底`` → the last day that is meant; ``None`` otherwise.

    ``year`` is the one that is meant where none is written. Words such as 长期 name no day and are not guessed at.
    """
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and _LOST_ZERO.fullmatch(repr(cell)):
        return None
    text = _BEFORE.sub("", folded(cell))
    text = re.sub("第?([一二三四])季度", lambda match: f"{_NUMERALS[match[1]]}季度", text)
    if text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:
        return _EXCEL_EPOCH + timedelta(days=int(text))
    if match := _MONTH_DAY.fullmatch(text):
        return _day(year, int(match["month"]), int(match["day"]))
    if match := _QUARTER.fullmatch(text):
        return _end_of_month(_year(match, year), int(match["quarter"]) * 3)
    if match := _HALF.fullmatch(text):
        return _end_of_month(_year(match, year), 6 if match["half"] in ("上半年", "年中") else 12)
    if match := _MONTH.fullmatch(text):
        return _end_of_month(_year(match, year), int(match["month"]))
    return _written_out(text)


def _written_out(text: str) -> date | None:
    """A whole date, or a year and month, in any of the usual forms."""
    try:
        known = partial_date(text)
    except ValueError:
        return None
    parts = [int(part) for part in known.split("-")]
    if len(parts) == 3:
        return _day(*parts)
    return _end_of_month(parts[0], parts[1] if len(parts) == 2 else 12)


def _year(match: re.Match[str], year: int) -> int:
    return int(match["year"]) if match["year"] else year


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _end_of_month(year: int, month: int) -> date | None:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return None
    return date(year, month, calendar.monthrange(year, month)[1])
