"""A fact as a stream reports it, before it has a place in the chain."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.core import clock
from app.core.ids import new_id
from app.features.ledger.chain import Entry
from app.features.ledger.periods import Closing, month_of
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
    """First day of a month; None means the month of the day, or the present one where that takes no facts any more."""
    of_period: bool = False
    """It is about a quarter or a year, not a day, or is the outcome of an objection: its year takes it until it is
    archived. ``occurred_on`` is then the last day of that period (``periods.last_day_of``)."""
    grade: str = ""
    quantity: int = ONE
    """Hundredths."""
    matter: str = ""
    note: str = ""

    def is_late(self, posted_at: datetime) -> bool:
        """Whether its year may be archived by then: only a year that is over can be."""
        return self.counts_in is None and self.occurred_on.year < clock.local_day(posted_at).year

    def entry(self, posted_at: datetime, closing: Closing | None = None) -> Entry:
        """The row it becomes, still without a place in the chain; ``closing`` is what became of its year.

        Raises:
            FactShapeError: a grade, quantity, matter or month that the type cannot have.
        """
        counts_in = self.counts_in or month_of(
            self.occurred_on, clock.local_day(posted_at), of_period=self.of_period, closing=closing
        )
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
