"""When a repeated duty comes again. Pure."""

import calendar
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _


class Repeat(StrEnum):
    """How often a duty comes again."""

    NONE = "none"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


REPEAT_LABELS: Final[Mapping[Repeat, LazyText]] = MappingProxyType(
    {
        Repeat.NONE: _("once"),
        Repeat.MONTHLY: _("every month"),
        Repeat.QUARTERLY: _("every quarter"),
        Repeat.YEARLY: _("every year"),
    }
)
_MONTHS: Final[Mapping[Repeat, int]] = MappingProxyType({Repeat.MONTHLY: 1, Repeat.QUARTERLY: 3, Repeat.YEARLY: 12})


def due_day(anchored_on: date, repeat: Repeat, place: int) -> date:
    """The due day of the duty at ``place`` (from 0) of a series whose first is due on ``anchored_on``.

    The day of the month stays, as far as the month has it: 31 January, 28 February, 31 March.

    Raises:
        KeyError: a duty that comes once has no other places.
    """
    months = anchored_on.year * 12 + anchored_on.month - 1 + _MONTHS[repeat] * place
    year, month = divmod(months, 12)
    return date(year, month + 1, min(anchored_on.day, calendar.monthrange(year, month + 1)[1]))


def period_begins(day: date, repeat: Repeat) -> date:
    """The first day of the calendar month, quarter or year in which ``day`` lies.

    Raises:
        KeyError: a duty that comes once has no period.
    """
    length = _MONTHS[repeat]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def is_time(next_due: date, repeat: Repeat, *, former_ended: bool, today: date) -> bool:
    """Whether the next of a series is made: its former has ended, or its own period has begun."""
    return repeat is not Repeat.NONE and (former_ended or period_begins(next_due, repeat) <= today)
