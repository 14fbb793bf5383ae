"""Days of which perhaps only the month or the year is known: ISO text ``1998``, ``1998-07`` or ``1998-07-03``."""

import re
import unicodedata
from datetime import date
from typing import Final

from app.core.i18n import gettext as _

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2100
_WRITTEN: Final = re.compile(r"(\d{4})(?:[-./年](?:(\d{1,2})(?:[-./月](?:(\d{1,2})[日号]?)?)?)?)?")
_JOINED_UP: Final = re.compile(r"(\d{4})(\d{2})(\d{2})?")


def partial_date(text: str) -> str:
    """``1998年7月`` → ``1998-07``, ``2014.7.5`` → ``2014-07-05``, ``19960806`` → ``1996-08-06``, ``1998`` as it is.

    Raises:
        ValueError: not a day, month or year from 1900 to 2100; the sentence shows how to write one.
    """
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _WRITTEN.fullmatch(plain) or _JOINED_UP.fullmatch(plain)
    parts = [int(part) for part in match.groups() if part] if match else []
    if not parts or not EARLIEST_YEAR <= parts[0] <= LATEST_YEAR:
        raise ValueError(_("Please write a year, a month or a day like 1998, 1998-07 or 1998-07-03."))
    try:
        day = date(*[*parts, 1, 1][:3])
    except ValueError:
        raise ValueError(_("There is no such day in the calendar.")) from None
    return day.isoformat()[: (4, 7, 10)[len(parts) - 1]]


def is_before(one: str, other: str) -> bool:
    """Whether partial date ``one`` certainly lies before ``other``: compared as far as both are known."""
    known = min(len(one), len(other))
    return one[:known] < other[:known]


def first_day(day: str) -> date:
    """The first day that a partial date can mean: of a year or month alone its beginning."""
    return date.fromisoformat(day + "-01-01"[len(day) - 4 :])


def years_in_party(confirmed: str | None, today: date) -> int | None:
    """Full years since somebody became a full member, which is where they are counted from (Party constitution, 7).

    ``confirmed`` is ISO text of a day, month or year; of a year or month alone the beginning is meant. ``None`` where
    it is not known, as of a probationary member, or lies ahead.
    """
    if not confirmed:
        return None
    since = first_day(confirmed)
    years = today.year - since.year - ((today.month, today.day) < (since.month, since.day))
    return years if years >= 0 else None
