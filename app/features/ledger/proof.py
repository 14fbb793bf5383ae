"""The proof that nothing was touched: every chain is followed again, every total added up again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final
from uuid import UUID

from app.features.ledger.chain import BEGINNING, Fault, Head, Link, first_fault

WRONG_TOTALS_SHOWN: Final = 20
"""More than these are not listed: the first ones tell where to look."""

PROGRESS_EVERY: Final = 1000
"""Rows between two steps of the progress bar."""


@dataclass(frozen=True, slots=True)
class BranchFault:
    """The first bad row of a branch, and why it is bad."""

    branch_id: UUID
    fault: Fault


@dataclass(frozen=True, slots=True)
class WrongTotal:
    """A total that is not what its facts come to."""

    member_id: UUID
    month: date
    fact_type: str
    grade: str
    matter: str
    count: int
    quantity: int
    """Hundredths, as it stands there."""
    right_count: int
    right_quantity: int
    """Hundredths, as the facts say."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and what is not as it was written."""

    branches: int
    facts: int
    faults: tuple[BranchFault, ...]
    wrong_totals: tuple[WrongTotal, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was touched."""
        return not self.faults and not self.wrong_totals


def prove(
    links: Iterable[Link],
    heads: Mapping[UUID, Head],
    wrong_totals: Iterable[WrongTotal],
    progress: Callable[[int], object] = lambda rows: None,
) -> Report:
    """Follow the chains, whose rows come branch by branch in the order of ``seq``, to their ``heads``.

    ``progress`` is told of the rows that were read since it was told before.
    """
    read = 0

    def counted() -> Iterator[Link]:
        nonlocal read
        for link in links:
            read += 1
            if read % PROGRESS_EVERY == 0:
                progress(PROGRESS_EVERY)
            yield link

    left = dict(heads)
    faults = []
    for branch_id, rows in groupby(counted(), key=lambda link: link.entry.branch_id):
        if fault := first_fault(rows, left.pop(branch_id, Head(0, BEGINNING))):
            faults.append(BranchFault(branch_id, fault))
    for branch_id, head in left.items():  # no row of theirs is left
        if fault := first_fault((), head):
            faults.append(BranchFault(branch_id, fault))
    progress(read % PROGRESS_EVERY)
    return Report(len(heads), read, tuple(faults), tuple(wrong_totals))
