"""The ledger's rows as they stand in the chain of their branch, and what they add to the totals."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from app.core.chain import Head, Link, linked
from app.features.ledger.rules import FactType, contribution


class Entry(NamedTuple):
    """One row of the ledger: every column but the two digests. A column added here is covered by itself."""

    branch_id: UUID
    seq: int
    """1, 2, 3 … within the branch, without a gap."""
    id: UUID
    member_id: UUID
    fact_type: FactType
    grade: str
    quantity: int
    """Hundredths; negative on a reversal."""
    occurred_on: date
    counts_in: date
    source: str
    source_id: str
    matter: str
    recorded_by_id: UUID
    confirmed_by_id: UUID | None
    note: str
    reversal_of: UUID | None
    posted_at: datetime


def extend(heads: Mapping[UUID, Head], entries: Iterable[Entry]) -> Iterator[Link[Entry]]:
    """``entries``, whatever their ``seq``, as the next rows of their branches' chains, which end at ``heads``."""
    ends = dict(heads)
    for entry in entries:
        end = ends[entry.branch_id]
        link = linked(entry._replace(seq=end.seq + 1), end)
        ends[entry.branch_id] = Head(link.entry.seq, link.digest)
        yield link


class Key(NamedTuple):
    """The primary key of a total."""

    member_id: UUID
    month: date
    fact_type: FactType
    grade: str
    matter: str


def sums(entries: Iterable[Entry]) -> list[tuple[Key, tuple[int, int]]]:
    """Count and quantity (hundredths) that ``entries`` add to each total, sorted by key; reversals are negative."""
    found: dict[Key, tuple[int, int]] = {}
    for entry in entries:
        added = contribution(
            entry.fact_type,
            grade=entry.grade,
            quantity=entry.quantity,
            counts_in=entry.counts_in,
            matter=entry.matter,
            reverses=entry.reversal_of is not None,
        )
        key = Key(entry.member_id, added.month, added.fact_type, added.grade, added.matter)
        count, quantity = found.get(key, (0, 0))
        found[key] = (count + added.count, quantity + added.quantity)
    return sorted(found.items())
