"""Which months still take facts. Source: docs/domain.md §6, "Cycle"."""

from datetime import date
from typing import Final

from app.core.clock import first_of_month

LOCKED_ON: Final = (1, 15)
"""Month and day on which the year before takes no facts of single days any more."""
ARCHIVED_BY: Final = (3, 31)
"""Month and day on which the year before is archived at the latest."""


def open_from(today: date) -> date:
    """The first day that still counts in its own month: of this year, before 15 January of the last."""
    archived = (today.month, today.day) >= LOCKED_ON
    return date(today.year if archived else today.year - 1, 1, 1)


def month_counted_in(occurred_on: date, today: date) -> date:
    """The month a fact counts in. A late one keeps its day and counts in the month in which it was posted."""
    return first_of_month(occurred_on if occurred_on >= open_from(today) else today)


def month_until_archived(occurred_on: date, today: date, archived_on: date | None = None) -> date:
    """The month that a fact about a period, or the outcome of an objection, counts in.

    Its year takes it until the sheet is archived, at the latest on 31 March. Source: domain, quantified §1, §13.
    """
    last = date(occurred_on.year + 1, *ARCHIVED_BY)
    return first_of_month(occurred_on if today <= min(archived_on or last, last) else today)
