"""Days in the cells of a roster, kept as exact as they were said: ISO day, month or year."""

import math
import re
from datetime import date, timedelta
from typing import Final

from app.core.tables import Cell, folded
from app.features.members.partial_dates import EARLIEST_YEAR, LATEST_YEAR, partial_date

_EXCEL_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(10_000, 73_416)
"""Day numbers of Excel from 1927 to 2100: whole numbers of five digits mean nothing else."""

_TIME: Final = re.compile(r"[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_NUMERALS: Final = re.compile("[零一二三四五六七八九十]+")
_DIGITS: Final = "零一二三四五六七八九"


def cell_date(cell: Cell) -> str | None:
    """``1988年7月5日`` → ``1988-07-05``, ``2014.07`` → ``2014-07``, ``1998`` → ``1998``; ``None`` if not understood.

    Beyond what ``members.partial_dates`` reads: day cells, Excel's day numbers, a time of day behind the day,
    and Chinese numerals. Two-digit years and days written before months are not guessed at. A *number* cell
    ``2016.1`` is October: Excel drops the last zero of ``2016.10``, and January would be ``2016.01``.
    """
    if is_october_guess(cell):
        return f"{cell}0".replace(".", "-")
    text = _TIME.sub("", folded(cell)).replace("〇", "零").replace("○", "零")
    if text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:
        return (_EXCEL_EPOCH + timedelta(days=int(text))).isoformat()
    try:
        return partial_date(_NUMERALS.sub(_arabic, text))
    except ValueError:
        return None


def is_october_guess(cell: Cell) -> bool:
    """Whether ``cell`` is a number like ``2016.1``, which was most likely typed as ``2016.10``."""
    if not isinstance(cell, float) or not math.isfinite(cell):
        return False
    return EARLIEST_YEAR <= cell <= LATEST_YEAR and repr(cell).endswith(".1")


def _arabic(numeral: re.Match[str]) -> str:
    """``二零一二`` → ``2012``, ``七`` → ``7``, ``十二`` → ``12``, ``二十`` → ``20``, ``三十一`` → ``31``."""
    tens, ten, ones = numeral[0].rpartition("十")
    if not ten:
        return "".join(str(_DIGITS.index(digit)) for digit in ones)
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return numeral[0]
    return (str(_DIGITS.index(tens)) if tens else "1") + (str(_DIGITS.index(ones)) if ones else "0")
