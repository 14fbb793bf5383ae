"""The days in the year of a pledge: written in January, told of each quarter, evaluated in December. Pure.

Source: docs/domain.md §3.1; the publicity of three working days is that of §6.
"""

import re
from datetime import date, timedelta
from typing import Final

from app.core import workdays
from app.core.months import IN_A_YEAR, clipped, last_of_month, months_later
from app.core.workdays import PUBLISHED, Calendar
from app.features.ledger.periods import open_from

WRITTEN_IN: Final = 1
"""The month in which a year's pledges are written."""
PUBLICITY_DAYS: Final = 3
"""Working days in which the branch sees an approved pledge as shown for comment 公示; it runs by itself."""
QUARTERS: Final = (1, 2, 3, 4)


def last_day_of_publicity(decided_on: date, days: Calendar = PUBLISHED) -> date:
    """The last day on which a pledge approved on ``decided_on`` is shown for comment."""
    return workdays.after(decided_on, PUBLICITY_DAYS, days)


def first_day_in_publicity(today: date, days: Calendar = PUBLISHED) -> date:
    """The earliest day of approval whose publicity still lasts ``today``; the next day, if none is that late."""
    day = today + timedelta(days=1)
    while today <= last_day_of_publicity(day - timedelta(days=1), days):
        day -= timedelta(days=1)
    return day


def year_is_open(year: int, today: date) -> bool:
    """Whether ``year`` is not archived yet (docs/domain.md §6: locked on 15 January)."""
    return open_from(today).year <= year


def quarter_of(day: date, year: int) -> int:
    """The quarter of ``year`` to which a word said on ``day`` belongs; one that comes after the year, the last."""
    if day.year != year:
        return QUARTERS[0] if day.year < year else QUARTERS[-1]
    return (day.month + 2) // 3


def last_day_of_quarter(year: int, quarter: int) -> date:
    """31 March, 30 June, 30 September or 31 December."""
    return date(year, quarter * 3, 31 if quarter in (1, 4) else 30)


def asks_for_progress(today: date) -> bool:
    """Whether it is the last month of a quarter. December asks how the pledge ended instead, which says more."""
    return today.month in (3, 6, 9)


def quarter_asked(today: date) -> int | None:
    """The quarter of which a word is wanted: from its last month on until the next one is asked about.

    ``None`` from December to February: the word of the fourth quarter is how the pledge ended.
    """
    return None if today.month in (12, 1, 2) else today.month // 3


def may_tell(quarter: int, year: int, *, approved_on: date, today: date) -> bool:
    """Whether something can be said of this ``quarter`` of ``year``: begun, and not over when the branch approved."""
    return approved_on <= last_day_of_quarter(year, quarter) and quarter <= quarter_of(today, year)


def asks_for_ending(today: date, year: int) -> bool:
    """Whether ``today`` is in the December of ``year`` or the January after it."""
    return (year, 12) == (today.year, today.month) or (year + 1, WRITTEN_IN) == (today.year, today.month)


def last_day_of_ending(year: int) -> date:
    """31 January of the next year; how a pledge ended can be said after it too."""
    return date(year + 1, WRITTEN_IN, 31)


def next_year(day: date) -> date:
    """The same day of the next year, for a pledge that is taken over; 29 February becomes the 28th."""
    return months_later(day, IN_A_YEAR)


_DAY: Final = re.compile(
    r"(?:(?P<year>\d{4})\s?年\s?)?(?<!\d)(?P<month>1[0-2]|0?[1-9])\s?月"
    r"(?:\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?[日号](?!常|均|内(?!部)))?"
)
"""``6 月``, ``06月3日``, ``2026 年 6 月``; in ``每 3 日`` and ``3 日内`` no day of the year is named."""
_HALF: Final = re.compile(r"上半年")


def day_named(text: str, year: int) -> date | None:
    """The last day of ``year`` of which ``text`` speaks: ``6 月底前`` is 30 June, ``6月3日`` itself; perhaps none."""
    days = [last_of_month(year, 6) for _half in _HALF.findall(text)]
    named = [one for one in _DAY.finditer(text) if one["year"] in (None, str(year))]
    return max(days + [clipped(year, int(one["month"]), int(one["day"] or 31)) for one in named], default=None)
