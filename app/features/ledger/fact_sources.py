"""Who writes into the ledger without a decision in the queue: what its facts are called, and where they are found."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.core.i18n import LazyText
from app.features.ledger.rules import FactType


@dataclass(frozen=True, slots=True)
class FactSource:
    """A source of facts that need no review of their own."""

    name: str
    """As the ledger's column ``source`` has it."""
    label: LazyText
    found_at: str
    """The page of a record: an address with ``{id}`` in it, which is what ``source_id`` says before its colon."""
    fact_types: Collection[FactType]
    """What it writes."""


_sources: dict[str, FactSource] = {}
_not_expected: set[FactType] = set()
_without_page: set[str] = set()


def know(sources: Iterable[FactSource]) -> None:
    """Take in what the streams announce, in this order (``features/streams.announce``). Twice is once.

    Raises:
        ValueError: two have one name.
    """
    for source in sources:
        if _sources.setdefault(source.name, source) is not source:
            raise ValueError(f"two are called {source.name}")


def expect_none(types: Iterable[FactType], *, sources: Iterable[str]) -> None:
    """Take in which facts nobody here can bring about, because their stream is switched off, and their sources."""
    _not_expected.clear()
    _not_expected.update(types)
    _without_page.clear()
    _without_page.update(sources)


def has_pages(source: str) -> bool:
    """Whether records of this source can be opened here: not those of a stream that is switched off."""
    return source not in _without_page


def not_expected() -> frozenset[FactType]:
    """Which facts nobody here can bring about; what the ledger holds of them counts as before."""
    return frozenset(_not_expected)


def labels() -> dict[str, LazyText]:
    """What they are called, by name."""
    return {source.name: source.label for source in _sources.values()}


def fact_types() -> frozenset[FactType]:
    """What they write, all together."""
    return frozenset(kind for source in _sources.values() for kind in source.fact_types)


def page_of(source: str, name: str) -> str | None:
    """The address of the record that a fact comes from (``source_id`` names it), if a stream here wrote it."""
    found = _sources.get(source)
    return found.found_at.format(id=name.partition(":")[0]) if found else None
