"""Which part of which year a sheet shows: always from January, up to a month. Source: docs/domain.md §6."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.errors import NotFoundError
from app.core.months import last_of_month
from app.features.ledger.periods import last_day_to_archive, open_from

_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER_ENDS: Final = (3, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Period:
    """The year to date."""

    through: date
    """The last day that counts: today, or the last day of a month that is over."""
    is_running: bool
    """True where ``through`` is today."""
    is_closed: bool
    """True once the whole year is over and its last day to be archived as well: nothing can change any more."""
    takes_facts: bool = True
    """False from 15 January on for the year before: only what is about a period, and is awaited, can still come."""

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.through.year

    @property
    def since(self) -> date:
        """Its first day."""
        return date(self.year, 1, 1)

    @property
    def is_whole_year(self) -> bool:
        """True for a year that is over, shown to its end."""
        return self.through.month == 12 and not self.is_running


def period_of(today: date, *, year: int | None = None, through: str | None = None) -> Period:
    """The period that an address asks for: the year's to date, or up to the month ``through`` such as 2026-06."""
    if through is None:
        chosen = today.replace(day=1) if year in (None, today.year) else _month(f"{year}-12")
    else:
        chosen = _month(through)
    if chosen > today or year not in (None, chosen.year):
        raise NotFoundError
    last_day = last_of_month(chosen.year, chosen.month)
    return Period(
        through=min(last_day, today),
        is_running=last_day >= today,
        is_closed=chosen.month == 12 and today > last_day_to_archive(chosen.year),
        takes_facts=chosen.month < 12 or chosen >= open_from(today),
    )


def _month(text: str) -> date:
    match = _MONTH.fullmatch(text)
    if match is None or not date.min.year < int(match[1]) < date.max.year:
        raise NotFoundError
    return date(int(match[1]), int(match[2]), 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of the year that can be looked at instead."""

    quarter: int
    through: str | None
    """The month it ends with, as the address names it; None for the running quarter, the year to date."""
    is_running: bool
    """True where it ends today."""
    is_chosen: bool


def choices(period: Period, today: date) -> list[Choice]:
    """The quarters of the period's year that have begun; the last one is the year to date, or the whole year."""
    found = []
    for quarter, month in enumerate(_QUARTER_ENDS, 1):
        last_day = last_of_month(period.year, month)
        is_last = month == 12 or last_day >= today
        found.append(
            Choice(
                quarter=quarter,
                through=None if is_last else f"{period.year}-{month:02}",
                is_running=last_day >= today,
                is_chosen=(period.is_running or period.is_whole_year) if is_last else period.through == last_day,
            )
        )
        if is_last:
            break
    return found


def years_beside(period: Period, today: date, first_year: int) -> list[int]:
    """The year before and the year after, where there are sheets of them."""
    return [year for year in (period.year - 1, period.year + 1) if first_year <= year <= today.year]
