"""Streams that write into the ledger themselves: what they are called, and where their records are found."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.i18n import LazyText


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream whose facts come without a review."""

    name: str
    """The source of its facts."""
    label: LazyText
    found_at: str
    """The page of a record: an address with ``{id}`` in it, which is what ``source_id`` says before its colon."""


_streams: dict[str, Stream] = {}


def register(stream: Stream) -> Stream:
    """Make ``stream`` known; it does this once, when it is imported.

    Raises:
        ValueError: another one has this name.
    """
    if stream.name in _streams:
        raise ValueError(f"two streams are called {stream.name}")
    _streams[stream.name] = stream
    return stream


def streams() -> Iterable[Stream]:
    """All of them."""
    return _streams.values()


def page_of(source: str, name: str) -> str | None:
    """The address of the record that a fact comes from (``source_id`` names it), if a stream here wrote it."""
    stream = _streams.get(source)
    return stream.found_at.format(id=name.partition(":")[0]) if stream else None
