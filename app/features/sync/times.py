"""What a phone's clock says, and what it means by ours. Source: SYNC.md, "Time"."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from app.core import clock

TOLERATED: Final = timedelta(seconds=30)
"""A phone's clock that differs by no more than this is taken as right."""
MOST_AHEAD: Final = timedelta(minutes=5)
"""How far in the future a corrected time may lie before an officer looks at it."""
OLDEST_UPLOAD: Final = timedelta(days=366)
"""Nobody carries a record about for longer; an older time shows a wrong clock, not a late upload."""
EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Moments outside are kept as these; both engines can hold them in any time zone. The phone's text stays exact."""

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
        return PhoneTime(LATEST if year > 0 else EARLIEST, has_offset=True)
    second, leap = (59, 1) if found["second"] == "60" else (int(found["second"] or 0), 0)
    microsecond = (found["fraction"] or "")[:6].ljust(6, "0")
    naive = datetime.fromisoformat(f"{year:04}-{found['day']}T{found['minute']}:{second:02}.{microsecond}")
    zone = clock.zone() if found["offset"] is None else datetime.strptime(found["offset"].upper(), "%z").tzinfo
    try:
        moment = naive.replace(tzinfo=zone).astimezone(UTC) + timedelta(seconds=leap)
    except OverflowError:
        moment = EARLIEST if year == 1 else LATEST
    return PhoneTime(moment, has_offset=found["offset"] is not None)


def shift(*, sent_at: datetime, now: datetime) -> timedelta:
    """What has to be added to every time of a batch; nothing while the phone's clock is right."""
    difference = now - sent_at
    return difference if abs(difference) > TOLERATED else timedelta(0)


def corrected(moment: datetime, by: timedelta) -> datetime:
    """``moment`` by our clock, within what the database can hold."""
    try:
        return storable(moment + by)
    except OverflowError:
        return LATEST if by > timedelta(0) else EARLIEST


def storable(moment: datetime) -> datetime:
    """``moment``, or the nearest one that both engines can hold."""
    return min(max(moment, EARLIEST), LATEST)


def is_implausible(corrected_at: datetime, *, received_at: datetime) -> bool:
    """Whether an act cannot have happened then: in the future, or longer ago than phones carry things about."""
    return corrected_at > received_at + MOST_AHEAD or corrected_at < received_at - OLDEST_UPLOAD
