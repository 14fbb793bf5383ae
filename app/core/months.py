"""Months as people count them: a day beyond a month's end is its last day."""

from calendar import monthrange
from datetime import date
from typing import Final

IN_A_YEAR: Final = 12


def clipped(year: int, month: int, day: int) -> date:
    """The ``day`` of a month, or its last one."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def months_later(day: date, months: int) -> date:
    """The same day so many ``months`` later (or earlier, below zero).

    Raises:
        ValueError: the year lies outside 1 to 9999.
    """
    years, month = divmod(day.year * IN_A_YEAR + day.month - 1 + months, IN_A_YEAR)
    return clipped(years, month + 1, day.day)
