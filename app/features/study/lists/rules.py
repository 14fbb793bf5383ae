"""What cells of other systems' lists say about hours: amounts, numbers of people, totals, columns. Pure.

Minutes throughout. Source: domain, study §7, its examples §9, and the readings settled in §10.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import ceil
from typing import Final, NamedTuple

from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.tables import Cell, folded
from app.core.words import Word
from app.features.education.rules import DAY_MINUTES, MINUTES

MOST_ROWS: Final = 5000
MOST_A_DAY: Final = 24 * MINUTES
MOST_A_YEAR: Final = 400 * MINUTES
ROWS_ABOVE: Final = 10
"""Rows within which the headings stand."""
FORBIDDEN: Final = ("积分", "排名", "名次", "登录", "活跃", "连续", "点赞")
"""What no heading of a column that is read may hold."""


class Unit(Word):
    """What an amount counts."""

    HOURS = "学时", _("education hours")
    CLOCK = "小时", _("hours")
    MINUTES = "分钟", _("minutes")
    DAYS = "天", _("days")


class Broken(Word):
    """Why an amount is none."""

    NO_AMOUNT = "no_amount", _("No amount is written. Write a number.")
    BAD_AMOUNT = "bad_amount", _("“%(typed)s” is no amount. Write one number, such as 2, 1.5, 90分钟 or 1:30.")
    DAY_FULL = "day_full", _("That is more than 24 hours a day. Correct the amount or its unit.")
    YEAR_FULL = "year_full", _("With it the person would have more than 400 education hours in a year. Check the list.")


class Amount(NamedTuple):
    """What a cell comes to."""

    minutes: int
    days: int = 1
    """Over how many days: 24 hours are the most of each."""

    @property
    def is_nothing(self) -> bool:
        """Whether the row says nothing and is skipped."""
        return self.minutes == 0


_IN_MINUTES: Final = {Unit.HOURS: MINUTES, Unit.CLOCK: MINUTES, Unit.MINUTES: 1, Unit.DAYS: DAY_MINUTES}
_NUMBER: Final = r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_WITH_UNIT: Final = re.compile(rf"({_NUMBER})\s*(学时|小时|分钟|分|天|日|h|min)?", re.ASCII | re.IGNORECASE)
_IN_PARTS: Final = re.compile(r"(\d{1,4})\s*(?:小时|时|h)\s*(\d{1,2})\s*(?:分钟|分|min)?", re.ASCII | re.IGNORECASE)
_CLOCK: Final = re.compile(r"(\d{1,4}):([0-5]\d)(?::00)?", re.ASCII)
_UNITS: Final = {
    "学时": Unit.HOURS, "小时": Unit.CLOCK, "h": Unit.CLOCK, "分钟": Unit.MINUTES, "分": Unit.MINUTES,
    "min": Unit.MINUTES, "天": Unit.DAYS, "日": Unit.DAYS,
}  # fmt: skip
_LONGEST: Final = 12


def amount(cell: Cell, unit: Unit) -> Amount:
    """What ``2``, ``1.5学时``, ``90分钟``, ``1小时30分``, ``1:30`` or ``0.5天`` comes to; a unit of its own wins.

    Raises:
        ImpossibleError: nothing is written, or nothing that is one amount (``约2``, ``2-3``, ``-1``, ``1,5``).
    """
    text = folded(cell)
    if not text:
        raise ImpossibleError(Broken.NO_AMOUNT)
    if parts := _IN_PARTS.fullmatch(text) or _CLOCK.fullmatch(text):
        minutes = int(parts[2])
        if minutes >= MINUTES:
            raise ImpossibleError(Broken.BAD_AMOUNT, typed=text)
        return Amount(int(parts[1]) * MINUTES + minutes)
    said = _WITH_UNIT.fullmatch(text)
    if said is None or len(said[1].partition(".")[0]) > _LONGEST:
        raise ImpossibleError(Broken.BAD_AMOUNT, typed=text[:20])
    number = Decimal(said[1].replace(",", ""))
    unit = _UNITS[said[2].lower()] if said[2] else unit
    minutes = int((number * _IN_MINUTES[unit]).quantize(Decimal(1), ROUND_HALF_UP))
    return Amount(minutes, max(1, ceil(number)) if unit is Unit.DAYS else 1)


def check(found: Amount, days: int = 1) -> None:
    """Let pass what ``days`` days, or those the amount names itself, and a year can hold.

    Raises:
        ImpossibleError: it is more.
    """
    if found.minutes > MOST_A_DAY * max(days, found.days):
        raise ImpossibleError(Broken.DAY_FULL)
    if found.minutes > MOST_A_YEAR:
        raise ImpossibleError(Broken.YEAR_FULL)


def added(totals: Iterable[tuple[int, Decimal]]) -> list[Decimal | None]:
    """What each of one person's growing totals (year, total) adds, in the order of import; ``None``: it is smaller.

    A year begins at nothing. What is smaller than the last total of its year is an error and changes nothing.
    """
    last: dict[int, Decimal] = {}
    found: list[Decimal | None] = []
    for year, total in totals:
        more = total - last.get(year, Decimal())
        found.append(more if more >= 0 else None)
        if more >= 0:
            last[year] = total
    return found


_NOT_OF_A_NUMBER: Final = re.compile(r"[\s'\u2019()-]")
_MOBILE: Final = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.ASCII)
_MOBILE_DIGITS: Final = 11


def phone(cell: Cell) -> str | None:
    """The mobile number that a cell was typed as: ``1.38E+10``, ``13800000011.0``, ``'+86 138-0000-0011``."""
    text = _NOT_OF_A_NUMBER.sub("", folded(cell).removeprefix("'"))
    if re.fullmatch(r"\d+(?:\.\d+)?(?:e\+?\d{1,2})?", text, re.ASCII | re.IGNORECASE):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        if number == number.to_integral_value() and number.adjusted() < _MOBILE_DIGITS + len("0086"):
            text = text if text.startswith("00") else str(int(number))
    match = _MOBILE.fullmatch(text)
    return match[1] if match else None


_TOTAL: Final = re.compile(r"(?:合计|总计|小计|平均).*|.{0,12}(?:合计|总计|小计)[:：]?")


def is_total(name: Cell) -> bool:
    """Whether the cell where a name stands says that its row sums others up: 合计, 总计, 小计, 平均, 本页合计."""
    return bool(_TOTAL.fullmatch("".join(folded(name).split())))


def is_left_out(heading: str) -> bool:
    """Whether a heading names what may never be read: points, places, log-ins, streaks, likes (red line 2)."""
    plain = "".join(folded(heading).split())
    return any(word in plain for word in FORBIDDEN)


def columns(headings: Sequence[str]) -> tuple[list[str], list[str]]:
    """The headings that can be read as something, and those that are left unread."""
    return [one for one in headings if not is_left_out(one)], [one for one in headings if is_left_out(one)]
