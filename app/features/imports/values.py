"""What people write in cells, read the same in every list: nothing, names, numbers, yes and no, days. Pure."""

import math
import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from app.core.months import last_of_month
from app.core.tables import Cell, folded, one_line
from app.features.members.partial_dates import EARLIEST_YEAR, LATEST_YEAR, partial_date
from app.features.members.rules import phone_number

_IDEOGRAPH: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_SPACE_IN_CHINESE: Final = re.compile(rf"(?<=[{_IDEOGRAPH}]) (?=[{_IDEOGRAPH}])")
_NAME_DOT: Final = re.compile(rf" ?[·•‧∙⋅・●] ?|(?<=[{_IDEOGRAPH}])\.(?=[{_IDEOGRAPH}])")
_NOTHING: Final = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "不详", "未知", "n/a", "na", "none", "nil"}
)
_LOST: Final = re.compile("[?\ufffd□＊*※■�\ue000-\uf8ff\U000f0000-\U0010fffd]")
"""What stands where a character was lost on the way."""
_YES: Final = frozenset({"是", "√", "✓", "✔", "☑", "对", "有", "同意", "已同意", "y", "yes", "true", "1"})
_NO: Final = frozenset({"", "否", "×", "✗", "✘", "☐", "没有", "无", "不", "不同意", "未同意", "n", "no", "false", "0"})
_MOBILE_IN_TEXT: Final = re.compile(r"(?<!\d)(?:\+?86[ -]?|0)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")
_MOBILE_DIGITS: Final = 11
_DIGITS_BEFORE_E: Final = re.compile(r"[eE].*|\D")
_IN_POWERS: Final = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)

EXCEL_EPOCH: Final = date(1899, 12, 30)
EPOCH_1904: Final = date(1904, 1, 1)
_SERIALS: Final = range(10_000, 73_416)
"""Day numbers of Excel from 1927 to 2100: whole numbers of five digits mean nothing else."""
_LIKE_A_MONTH: Final = re.compile(r"(?:19|20)\d[1-9]{2}|(?:19|20)\d\d[1-9]")
"""Five digits that were typed as year and month: ``20141``. In a text nobody can say."""
_TIME: Final = re.compile(r"[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_NUMERALS: Final = re.compile("[零一二三四五六七八九十]+")
_DIGITS: Final = "零一二三四五六七八九"


def said(cell: Cell) -> str:
    """The cell's text on one line, or nothing where the cell only says that there is nothing (``-``, ``无``)."""
    text = one_line(cell)
    return "" if folded(text).casefold() in _NOTHING else text


def plain(text: str) -> str:
    """A title or a name for comparing: full-width forms, spaces, capitals and punctuation do not matter."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def person_name(cell: Cell) -> str:
    """A name without the spaces that align two characters with three (``金  红`` → ``金红``).

    The dot of names such as 阿依古丽·买买提 is kept, in its one right form.
    """
    return _SPACE_IN_CHINESE.sub("", _NAME_DOT.sub("·", folded(cell)))


def has_lost_characters(text: str) -> bool:
    """Whether a sign stands in ``text`` where a character was lost: ``辰?``, ``辰□``."""
    return bool(_LOST.search(text))


def is_yes(text: str) -> bool | None:
    """Whether a cell says yes; ``None`` where it says neither yes nor no. Blank is no."""
    word = folded(text).casefold()
    return True if word in _YES else False if word in _NO else None


def is_cut_number(cell: Cell) -> bool:
    """Whether Excel has kept only the first 15 digits of a number that was longer (``9.90101E+17``)."""
    if isinstance(cell, (int, float)):
        return abs(cell) >= 1e15
    return bool(_IN_POWERS.fullmatch(folded(cell)))


def mobile_number(cell: Cell) -> str | None:
    """The eleven digits of a mobile number, also from a number cell, or ``None`` if it is none."""
    text = one_line(cell).removesuffix(".0")
    if _IN_POWERS.fullmatch(folded(text)) and len(_DIGITS_BEFORE_E.sub("", folded(text))) == _MOBILE_DIGITS:
        text = str(int(Decimal(folded(text))))  # 1.3800000011E10 has all its digits, 1.38E10 has not
    try:
        return phone_number(text)
    except ValueError:
        return None


def first_mobile_number(text: str) -> str | None:
    """The first mobile number among other words and numbers: ``办:65231234 手:13800000011``, ``…(微信同号)``."""
    found = _MOBILE_IN_TEXT.search(folded(text))
    return mobile_number(found[1]) if found else None


def cell_date(cell: Cell, *, from_1904: bool = False) -> str | None:
    """``1988年7月5日`` → ``1988-07-05``, ``2014.07`` → ``2014-07``, ``1998`` → ``1998``; ``None`` if not understood.

    Beyond what ``members.partial_dates`` reads: day cells, Excel's day numbers, a time of day behind the day,
    and Chinese numerals. Two-digit years and days written before months are not guessed at. A *number* cell
    ``2016.1`` is October: Excel drops the last zero of ``2016.10``, and January would be ``2016.01``.
    """
    if is_october_guess(cell):
        return f"{cell}0".replace(".", "-")
    text = _TIME.sub("", folded(cell)).replace("〇", "零").replace("○", "零")
    if (number := _serial(cell, text)) is not None:
        return (day_zero(from_1904=from_1904) + timedelta(days=number)).isoformat()
    try:
        return partial_date(_NUMERALS.sub(_arabic, text))
    except ValueError:
        return None


def day_zero(*, from_1904: bool) -> date:
    """The day that Excel counts from."""
    return EPOCH_1904 if from_1904 else EXCEL_EPOCH


def is_october_guess(cell: Cell) -> bool:
    """Whether ``cell`` is a number like ``2016.1``, which was most likely typed as ``2016.10``."""
    if not isinstance(cell, float) or not math.isfinite(cell):
        return False
    return EARLIEST_YEAR <= cell <= LATEST_YEAR and repr(cell).endswith(".1")


def is_serial_guess(cell: Cell) -> bool:
    """Whether ``cell`` is a day number that may as well have been typed as a year and a month: ``20141``."""
    return isinstance(cell, (int, float)) and bool(_LIKE_A_MONTH.fullmatch(one_line(cell)))


def _serial(cell: Cell, text: str) -> int | None:
    if not (text.isdecimal() and len(text) == 5 and int(text) in _SERIALS):
        return None
    if isinstance(cell, str) and _LIKE_A_MONTH.fullmatch(text):
        return None
    return int(text)


def in_figures(text: str) -> str:
    """``第十二党小组`` and ``第012党小组`` → ``第12党小组``: numbers written one way, for comparing."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", _NUMERALS.sub(_arabic, text))


def _arabic(numeral: re.Match[str]) -> str:
    """``二零一二`` → ``2012``, ``七`` → ``7``, ``十二`` → ``12``, ``二十`` → ``20``, ``三十一`` → ``31``."""
    tens, ten, ones = numeral[0].rpartition("十")
    if not ten:
        return "".join(str(_DIGITS.index(digit)) for digit in ones)
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return numeral[0]
    return (str(_DIGITS.index(tens)) if tens else "1") + (str(_DIGITS.index(ones)) if ones else "0")


_LOST_ZERO: Final = re.compile(r"\d{1,2}\.\d")
"""A number cell ``6.3`` was typed as 6.3 or as 6.30: Excel drops the last zero, so nobody can say."""
_BEFORE: Final = re.compile(r"\s*(?:以前|之前|前|止|完成|办结)+$")
_YEAR: Final = r"(?:(?P<year>\d{4})\s*年?[.\-/年]?\s*)?"
_OF_FOUR: Final = {"一": "1", "二": "2", "三": "3", "四": "4"}
_MONTH_DAY: Final = re.compile(r"(?P<month>\d{1,2})\s*[月.\-/]\s*(?P<day>\d{1,2})\s*日?")
_MONTH: Final = re.compile(_YEAR + r"(?P<month>\d{1,2})\s*月\s*(?:份|底|末)?")
_QUARTER: Final = re.compile(_YEAR + r"第?(?P<quarter>[1-4])季度(?:底|末)?")
_HALF: Final = re.compile(_YEAR + r"(?P<half>上半年|下半年|年中|年底|年末|全年|底|末)")


def due_day(cell: Cell, *, year: int, from_1904: bool = False) -> date | None:
    """``2026-03-31``, ``3月31日前``, ``3月底``, ``一季度``, ``年底`` → the last day that is meant; ``None`` otherwise.

    ``year`` is the one that is meant where none is written. Words such as 长期 name no day and are not guessed at.
    """
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and (_LOST_ZERO.fullmatch(repr(cell)) or is_october_guess(cell)):
        return None  # 2026.1 is January or, with the zero that Excel drops, October
    text = _BEFORE.sub("", folded(cell))
    text = re.sub("第?([一二三四])季度", lambda match: f"{_OF_FOUR[match[1]]}季度", text)
    if match := _MONTH_DAY.fullmatch(text):
        return _day(year, int(match["month"]), int(match["day"]))
    if match := _QUARTER.fullmatch(text):
        return _end_of_month(_year(match, year), int(match["quarter"]) * 3)
    if match := _HALF.fullmatch(text):
        return _end_of_month(_year(match, year), 6 if match["half"] in ("上半年", "年中") else 12)
    if match := _MONTH.fullmatch(text):
        return _end_of_month(_year(match, year), int(match["month"]))
    known = cell_date(text if isinstance(cell, str) else cell, from_1904=from_1904)
    parts = [int(part) for part in (known or "").split("-") if part]
    match parts:
        case [whole_year]:
            return _end_of_month(whole_year, 12)
        case [of_year, month]:
            return _end_of_month(of_year, month)
        case [of_year, month, day]:
            return _day(of_year, month, day)
        case _:
            return None


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
    return last_of_month(year, month)
