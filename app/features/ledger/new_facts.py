"""A fact as a stream reports it, before it has a place in the chain."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.core import clock
from app.core.ids import new_id
from app.features.ledger.chain import Entry
from app.features.ledger.periods import month_counted_in
from app.features.ledger.rules import ONE, FactType, check_fact

_SAID: Final = (
    "branch_id",
    "member_id",
    "fact_type",
    "grade",
    "quantity",
    "occurred_on",
    "matter",
    "recorded_by_id",
    "note",
)
"""What makes two facts of one source the same. Who confirmed is left out: two officers may confirm one thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """What happened, to whom, and which stream says so."""

    branch_id: UUID
    member_id: UUID
    fact_type: FactType
    occurred_on: date
    source: str
    """The stream; unique together with ``source_id``."""
    source_id: str
    recorded_by_id: UUID
    confirmed_by_id: UUID | None = None
    counts_in: date | None = None
    """First day of a month; None means the month of the day, or the present one where that is archived."""
    grade: str = ""
    quantity: int = ONE
    """Hundredths."""
    matter: str = ""
    note: str = ""

    def entry(self, posted_at: datetime) -> Entry:
        """The row it becomes, still without a place in the chain.

        Raises:
            FactShapeError: a grade, quantity, matter or month that the type cannot have.
        """
        counts_in = self.counts_in or month_counted_in(self.occurred_on, clock.local_day(posted_at))
        check_fact(
            self.fact_type,
            grade=self.grade,
            quantity=self.quantity,
            occurred_on=self.occurred_on,
            counts_in=counts_in,
            matter=self.matter,
        )
        return Entry(
            branch_id=self.branch_id,
            seq=0,
            id=new_id(),
            member_id=self.member_id,
            fact_type=self.fact_type,
            grade=self.grade,
            quantity=self.quantity,
            occurred_on=self.occurred_on,
            counts_in=counts_in,
            source=self.source,
            source_id=self.source_id,
            matter=self.matter,
            recorded_by_id=self.recorded_by_id,
            confirmed_by_id=self.confirmed_by_id,
            note=self.note,
            reversal_of=None,
            posted_at=posted_at,
        )

    def says(self, row: Entry) -> bool:
        """Whether ``row``, which stands there for the same source, has the same content."""
        if self.counts_in not in (None, row.counts_in):
            return False
        return all(getattr(self, name) == getattr(row, name) for name in _SAID)
