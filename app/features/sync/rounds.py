"""Whose turn it is: which items of a batch wait, and in which order the others are handed to their streams."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby
from typing import Any
from uuid import UUID

from app.features.inbox.arrivals import Arrival
from app.features.inbox.kinds import Captured
from app.features.inbox.rules import TAKEN, First, ItemState, Verdict


class Turn(Enum):
    """What an item finds when it looks for the one that has to come first."""

    NOW = auto()
    WAITS = auto()
    NEVER = auto()
    """The predecessor was refused, withdrawn or erased: an officer looks at what is left of it."""


@dataclass(frozen=True, slots=True)
class Work:
    """An item whose turn has come."""

    kind: str
    captured: Captured[Any]
    after: UUID | None
    """The item that has to be dealt with before this one, if that is on its way too."""
    is_about_it: bool = False
    """Whether ``after`` is what this item is about, and not only its predecessor."""


def turns(
    arrivals: Mapping[UUID, Arrival], known: Mapping[UUID, First], *, never_wait: Collection[str]
) -> dict[UUID, Turn]:
    """The turn of each item of a batch, whatever the order in which they stand there.

    ``known`` are the predecessors that came before. Items that wait for each other wait. ``never_wait`` names
    kinds whose turn is always now.
    """
    found = {item: Turn.NOW for item, arrival in arrivals.items() if arrival.kind in never_wait}
    undecided = {item: arrival for item, arrival in arrivals.items() if item not in found}
    while undecided:
        decided = {
            item: turn for item, arrival in undecided.items() if (turn := _turn(arrival, arrivals, known, found))
        } or dict.fromkeys(undecided, Turn.WAITS)
        found |= decided
        undecided = {item: arrival for item, arrival in undecided.items() if item not in decided}
    return found


def rounds(work: Sequence[Work]) -> Iterator[list[Work]]:
    """``work`` in groups of one kind. Inside a group and between them a predecessor comes first.

    A new round begins only where an item waits for one of another kind, so usual batches have one group a kind.
    In a circle, what is about another item comes last.
    """
    left = {item.captured.id: item for item in work}
    placed: dict[UUID, tuple[int, Work]] = {}
    while left:
        free = [item for item in left.values() if item.after not in left]
        free = free or [item for item in left.values() if not item.is_about_it] or list(left.values())
        for item in free:
            before = placed.get(item.after) if item.after else None
            number = 0 if before is None else before[0] + (before[1].kind != item.kind)
            placed[item.captured.id] = number, left.pop(item.captured.id)
    in_order = sorted(placed.values(), key=_place)  # stable: keeps predecessors first
    for _group, same in groupby(in_order, key=_place):
        yield [item for _number, item in same]


def _place(placed: tuple[int, Work]) -> tuple[int, str]:
    number, item = placed
    return number, item.kind


def _turn(
    arrival: Arrival, arrivals: Mapping[UUID, Arrival], known: Mapping[UUID, First], found: Mapping[UUID, Turn]
) -> Turn | None:
    before = arrival.depends_on
    if before is None:
        return Turn.NOW
    if (first := known.get(before)) is not None:
        if first.member_id != arrival.member_id or first.state is ItemState.HELD:
            return Turn.WAITS
        return Turn.NOW if first.state in TAKEN else Turn.NEVER
    if (predecessor := arrivals.get(before)) is None:
        return Turn.WAITS
    if predecessor.outcome.verdict is Verdict.REFUSED:
        return Turn.NEVER
    turn = found.get(before)
    return Turn.NOW if turn is Turn.NEVER else turn
