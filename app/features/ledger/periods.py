"""Which months still take facts. Source: docs/domain.md §6, "Cycle"."""

from datetime import date
from typing import Final

from app.core.clock import first_of_month

LOCKED_ON: Final = (1, 15)
"""Month and day on which the year before is archived."""


def open_from(today: date) -> date:
    """The first day that still counts in its own month: of this year, before 15 January of the last."""
    archived = (today.month, today.day) >= LOCKED_ON
    return date(today.year if archived else today.year - 1, 1, 1)


def month_counted_in(occurred_on: date, today: date) -> date:
    """The month a fact counts in. A late one keeps its day and counts in the month in which it was posted."""
    return first_of_month(occurred_on if occurred_on >= open_from(today) else today)
