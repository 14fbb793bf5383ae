"""Working days, as the State Council's calendar of holidays and make-up days has them."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import chinese_calendar

from app.core.i18n import lazy_gettext as _
from app.core.months import clipped, last_of_month
from app.core.words import Word

_SATURDAY: Final = 5
STATUTORY: Final[AbstractSet[tuple[int, int]]] = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of what is off in every year. Source: 全国年节及纪念日放假办法, Art. 2, without the lunar days."""


class DayKind(Word):
    """What a list says of a day."""

    OFF = "off", _("off")
    WORKING = "working", _("working day")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Single days that overrule the published calendar, as a list loaded before a release knows the year.

    The statutory days stay off whatever a list says. Of the ``years`` whose whole list was loaded, it alone is asked.
    """

    working: AbstractSet[date] = frozenset()
    off: AbstractSet[date] = frozenset()
    years: AbstractSet[int] = frozenset()


PUBLISHED: Final = Calendar()
"""Nothing but what the product itself knows."""


@lru_cache(maxsize=1024)
def _published(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return _usually(day)


def _usually(day: date) -> bool:
    return not is_weekend(day) and (day.month, day.day) not in STATUTORY


def is_published(year: int) -> bool:
    """Whether the product itself knows the list of ``year``."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


def is_working_day(day: date, calendar: Calendar = PUBLISHED) -> bool:
    """Whether people work on ``day``: a Saturday made up for a holiday is one.

    The calendar of a year is published in the autumn before. Where it is not known yet, weekends and the statutory
    days that the law itself names are free and all other days are not.
    """
    if (day.month, day.day) not in STATUTORY:
        if day in calendar.off:
            return False
        if day in calendar.working:
            return True
    return _usually(day) if day.year in calendar.years else _published(day)


def after(day: date, working_days: int, calendar: Calendar = PUBLISHED) -> date:
    """The day on which ``working_days`` whole working days have passed since ``day``, which does not count itself.

    Raises:
        OverflowError: no calendar of ours reaches so far.
    """
    while working_days:
        day += timedelta(days=1)
        working_days -= is_working_day(day, calendar)
    return day


def working_days_between(first: date, last: date, calendar: Calendar = PUBLISHED) -> int:
    """How many working days lie from ``first`` to ``last``, both inclusive."""
    return sum(is_working_day(first + timedelta(days=n), calendar) for n in range((last - first).days + 1))


def unusual(year: int, calendar: Calendar = PUBLISHED) -> tuple[list[date], list[date]]:
    """Where ``year`` differs from its weeks: the days from Monday to Friday that are off, and the weekends worked."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)]
    differing = [day for day in days if is_working_day(day, calendar) is is_weekend(day)]
    return [day for day in differing if not is_weekend(day)], [day for day in differing if is_weekend(day)]


def is_weekend(day: date) -> bool:
    """Whether ``day`` is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


def in_month(year: int, month: int, fixed: int, calendar: Calendar = PUBLISHED) -> date:
    """The day proposed for what repeats on the ``fixed`` day of a month.

    A day beyond the month's end is its last one; what is no working day moves to the next one *in the same month*,
    else to the one before. Source: domain, meetings §3 and §15.
    """
    wanted = clipped(year, month, fixed)
    days = [date(year, month, n) for n in range(1, last_of_month(year, month).day + 1)]
    later = [day for day in days if day >= wanted]
    earlier = [day for day in reversed(days) if day < wanted]
    return next((day for day in later + earlier if is_working_day(day, calendar)), wanted)
