"""Which months still take facts. Source: docs/domain.md §6, "Cycle"."""

from datetime import date
from enum import StrEnum
from typing import Final

from app.core.clock import first_of_month
from app.core.months import last_of_month

LOCKED_ON: Final = (1, 15)
"""Month and day on which the year before takes no facts of single days any more."""
ARCHIVED_BY: Final = (3, 31)
"""Month and day on which the year before is archived at the latest."""


class Closing(StrEnum):
    """What became of a person's year."""

    ARCHIVED = "archived"
    REOPENED = "reopened"


def last_day_of(year: int, quarter: int | None = None) -> date:
    """The day on which what is about a quarter (1 to 4) or a whole year occurs. Source: domain, quantified §1."""
    return last_of_month(year, 3 * quarter if quarter else 12)


def last_day_to_archive(year: int) -> date:
    """After this day a year takes nothing any more, unless it is re-opened."""
    return date(year + 1, *ARCHIVED_BY)


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
    last = last_day_to_archive(occurred_on.year)
    return first_of_month(occurred_on if today <= min(archived_on or last, last) else today)


def month_of(occurred_on: date, today: date, *, of_period: bool, closing: Closing | None) -> date:
    """The month a fact of one person counts in: its year takes nothing more once archived, and again when re-opened.

    ``closing`` is what became of the year of ``occurred_on``. Source: domain, quantified §1, §5.
    """
    if closing is Closing.REOPENED:
        return first_of_month(occurred_on)
    if closing is Closing.ARCHIVED:  # today as well: what comes after the archive is not in it
        return first_of_month(today)
    return month_until_archived(occurred_on, today) if of_period else month_counted_in(occurred_on, today)
