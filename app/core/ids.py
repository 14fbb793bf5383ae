"""Ids are made in the application, so that a phone can name a thing before the server saw it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from random import Random
from uuid import UUID

from uuid_utils.compat import uuid7

from app.core import clock

_make: ContextVar[Callable[[], UUID]] = ContextVar("make", default=uuid7)


def new_id() -> UUID:
    """A new UUIDv7: unique everywhere, and rows made later sort later."""
    return _make.get()()


def id_at(moment: datetime) -> UUID:
    """An id as it would have been made at an aware ``moment``: for a past that is invented."""
    with clock.standing_at(moment):
        return new_id()


def read(text: str) -> UUID | None:
    """The id that ``text`` names, or ``None`` where it names none."""
    try:
        return UUID(text)
    except ValueError:
        return None


@contextmanager
def repeatable(chance: Random) -> Iterator[None]:
    """Make ids from ``clock.now()`` and ``chance`` inside the block: the same again for the same seed and times."""

    def make() -> UUID:
        milliseconds = int(clock.now().timestamp() * 1000)
        return UUID(int=milliseconds << 80 | 7 << 76 | chance.getrandbits(12) << 64 | 2 << 62 | chance.getrandbits(62))

    token = _make.set(make)
    try:
        yield
    finally:
        _make.reset(token)


@lru_cache(maxsize=4096)
def of_driver(value: UUID | str) -> UUID:
    """An id as a driver gives it; of many rows about the same few people each is read once."""
    return value if isinstance(value, UUID) else UUID(value)
