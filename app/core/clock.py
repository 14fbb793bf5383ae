"""The one place that asks what time it is.

Moments are aware and UTC; days are the branch's own (time zone in the settings, Asia/Shanghai by default).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.core.settings import settings

_stands_at: ContextVar[datetime | None] = ContextVar("stands_at", default=None)


@lru_cache(maxsize=1)
def zone() -> ZoneInfo:
    """The time zone in which this installation's days begin and end."""
    return ZoneInfo(settings().time_zone)


def now() -> datetime:
    """This moment, aware, UTC."""
    return _stands_at.get() or datetime.now(UTC)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` inside the block. This is how a past is invented; nothing that serves people does it."""
    token = _stands_at.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _stands_at.reset(token)


def today() -> date:
    """The branch-local day of this moment."""
    return now().astimezone(zone()).date()


def local_day(moment: datetime) -> date:
    """The branch-local day an aware ``moment`` belongs to."""
    return moment.astimezone(zone()).date()


def local_time(moment: datetime) -> datetime:
    """The aware ``moment`` as the branch's clocks show it."""
    return moment.astimezone(zone())


def at(day: date, hour: time) -> datetime:
    """The moment at which the branch's clocks show ``hour`` on ``day``, aware."""
    return datetime.combine(day, hour, zone())


def midnight(day: date) -> datetime:
    """The moment at which a branch-local ``day`` begins, aware."""
    return at(day, time.min)


def first_of_month(day: date) -> date:
    """The first day of the month of ``day``; months are keyed by it."""
    return day.replace(day=1)
