"""What facts add to the totals, by the totals' key."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from app.features.ledger.chain import Entry
from app.features.ledger.rules import FactType, contribution


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
