"""What a phone's clock says, and what it means by ours. Source: docs/sync.md, "Time"."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

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


def of_day(day: date, corrected_at: datetime, *, received_at: datetime) -> datetime:
    """A moment of the branch-local ``day`` that somebody chose: no wrong clock moves it to another one.

    ``corrected_at`` if it is on that day, else its noon, and never after the arrival; ``day`` is not after that.
    """
    noon = clock.midnight(day) + timedelta(hours=12)
    return min(corrected_at if clock.local_day(corrected_at) == day else noon.astimezone(UTC), received_at)


def storable(moment: datetime) -> datetime:
    """``moment``, or the nearest one that both engines can hold."""
    return min(max(moment, EARLIEST), LATEST)


def is_implausible(corrected_at: datetime, *, received_at: datetime) -> bool:
    """Whether an act cannot have happened then: in the future, or longer ago than phones carry things about."""
    return corrected_at > received_at + MOST_AHEAD or corrected_at < received_at - OLDEST_UPLOAD
