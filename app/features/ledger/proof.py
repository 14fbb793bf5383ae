"""The proof that nothing was touched: every chain is followed again, every total added up again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, TypeVar
from uuid import UUID

from app.core.chain import EMPTY, ChainFault, Head, Link, first_fault
from app.features.ledger.chain import Entry

R = TypeVar("R")
WRONG_TOTALS_SHOWN: Final = 20
"""More than these are not listed: the first ones tell where to look."""

PROGRESS_EVERY: Final = 1000
"""Rows between two steps of the progress bar."""


@dataclass(frozen=True, slots=True)
class BranchFault:
    """The first bad row of a branch, and why it is bad."""

    branch_id: UUID
    fault: ChainFault


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


def told_of(rows: Iterable[R], progress: Callable[[int], object]) -> Iterator[R]:
    """The same ``rows``; ``progress`` is told of those that were read since it was told before."""
    since = 0
    for row in rows:
        since += 1
        if since == PROGRESS_EVERY:
            progress(since)
            since = 0
        yield row
    progress(since)


def prove(
    links: Iterable[Link[Entry]],
    heads: Mapping[UUID, Head],
    wrong_totals: Iterable[WrongTotal],
    progress: Callable[[int], object] = lambda rows: None,
) -> Report:
    """Follow the chains, whose rows come branch by branch in the order of ``seq``, to their ``heads``.

    ``progress`` is told of the rows that were read since it was told before.
    """
    read = 0

    def tell(rows: int) -> None:
        nonlocal read
        read += rows
        progress(rows)

    left = dict(heads)
    faults = []
    for branch_id, rows in groupby(told_of(links, tell), key=lambda link: link.entry.branch_id):
        if fault := first_fault(rows, left.pop(branch_id, EMPTY)):
            faults.append(BranchFault(branch_id, fault))
    for branch_id, head in left.items():  # no row of theirs is left
        if fault := first_fault((), head):
            faults.append(BranchFault(branch_id, fault))
    return Report(len(heads), read, tuple(faults), tuple(wrong_totals))
