"""Working days, as the State Council's calendar of holidays and make-up days has them."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import chinese_calendar

_SATURDAY: Final = 5


@lru_cache(maxsize=1024)
def is_working_day(day: date) -> bool:
    """Whether people work on ``day``: a Saturday made up for a holiday is one.

    The calendar of a year is published in the autumn before. Where it is not known yet, weekends are free and all
    other days are not.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < _SATURDAY


def after(day: date, working_days: int) -> date:
    """The day on which ``working_days`` whole working days have passed since ``day``, which does not count itself."""
    while working_days:
        day += timedelta(days=1)
        working_days -= is_working_day(day)
    return day
