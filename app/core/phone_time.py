"""Reads the time that a phone wrote down when something happened: whatever its clock said, in its own words."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from app.core import clock

_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_MOMENT: Final = re.compile(
    r"(?P<year>[+-]\d{6}|\d{4})-(?P<day>\d\d-\d\d)[Tt ]"
    r"(?P<minute>\d\d:\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r"(?P<offset>[Zz]|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


class PhoneTime(NamedTuple):
    """A phone's time, read."""

    moment: datetime
    """UTC; without an offset the text is taken as the time of the branch."""
    has_offset: bool
    day: date | None = None
    """As the phone's calendar showed it, whatever the zone; none of a year no calendar of ours has."""


def read(text: str) -> PhoneTime:
    """The moment that ``text`` (ISO 8601 with a time of day) names.

    A leap second is the second after it; years no calendar of ours has become the first or last possible moment.

    Raises:
        ValueError: not such a text, or no such day or time.
    """
    if (found := _MOMENT.fullmatch(text.strip())) is None:
        raise ValueError("not an ISO time")
    year = int(found["year"])
    if not 1 <= year <= 9999:
        return PhoneTime(_LAST if year > 0 else _FIRST, has_offset=True)
    second, leap = (59, 1) if found["second"] == "60" else (int(found["second"] or 0), 0)
    microsecond = (found["fraction"] or "")[:6].ljust(6, "0")
    naive = datetime.fromisoformat(f"{year:04}-{found['day']}T{found['minute']}:{second:02}.{microsecond}")
    zone = clock.zone() if found["offset"] is None else datetime.strptime(found["offset"].upper(), "%z").tzinfo
    try:
        moment = naive.replace(tzinfo=zone).astimezone(UTC) + timedelta(seconds=leap)
    except OverflowError:
        moment = _FIRST if year == 1 else _LAST
    return PhoneTime(moment, has_offset=found["offset"] is not None, day=naive.date())
