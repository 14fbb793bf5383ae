"""Whose turn it is, and who gets it: items go to their streams, many at once; a bad one spoils only itself."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import refusals
from app.core.errors import AppError
from app.features.reviews.rules import Flag
from app.features.sync.captures import CapturedKind
from app.features.sync.items import Item
from app.features.sync.reading import Kinds
from app.features.sync.rules import LEAVES_NOTHING, TAKEN, ItemState, KnownItem, SyncOutcome, Verdict, later, refused_by

log: Final = logging.getLogger("sanliang.sync")


def dispatch(session: Session, items: Sequence[Item[Any]], kinds: Kinds) -> dict[UUID, SyncOutcome]:
    """What came of each item; ``rules.LEAVES_NOTHING`` ones have left nothing in their stream."""
    outcomes: dict[UUID, SyncOutcome] = {}
    for group in rounds(items):
        outcomes |= _give(session, kinds[group[0].kind], group, outcomes)
    return outcomes


def _give(
    session: Session, kind: CapturedKind[Any], group: Sequence[Item[Any]], before: Mapping[UUID, SyncOutcome]
) -> dict[UUID, SyncOutcome]:
    """Give ``group`` to its stream at once or, if that fails, one by one: only the guilty one then fails."""
    ready = [prepared for item in group if (prepared := _prepared(item, before))]
    outcomes = {item.id: later() for item in group}  # also of what a stream should forget to name
    if not ready:
        return outcomes
    try:
        with session.begin_nested():
            return outcomes | dict(kind.take(session, ready))
    except Exception as fault:  # whatever a stream trips over must not cost the neighbours their place
        if refusals.is_passing(fault):
            raise
        if len(ready) == 1:
            return outcomes | {ready[0].id: _outcome_of(fault)}
    told = dict(before)
    for item in ready:
        told |= _give(session, kind, [item], told)
    return outcomes | {item.id: told[item.id] for item in ready}


def _prepared(item: Item[Any], before: Mapping[UUID, SyncOutcome]) -> Item[Any] | None:
    """The item as its stream gets it after what became of its predecessor in this batch; None if it has to wait."""
    first = before.get(item.after) if item.after else None
    if first is None or first.verdict not in LEAVES_NOTHING | {Verdict.REFUSED}:
        return item
    if first.verdict is not Verdict.REFUSED or item.about:
        return None
    return replace(item, flags=item.flags | {Flag.PREDECESSOR_MISSING})


def _outcome_of(fault: Exception) -> SyncOutcome:
    if isinstance(fault, AppError):
        return refused_by(fault)
    log.error("a captured item could not be dealt with", exc_info=fault)
    return later()


AnyItem = Item[Any]


class Turn(Enum):
    """What an item finds when it looks for the one that has to come first."""

    NOW = auto()
    WAITS = auto()
    NEVER = auto()
    """The predecessor was refused, withdrawn or erased: an officer looks at what is left of it."""


def turns(items: Mapping[UUID, AnyItem], known: Mapping[UUID, KnownItem]) -> dict[UUID, Turn]:
    """The turn of each item of a batch, whatever the order in which they stand there.

    ``known`` are the predecessors that came before. Items that wait for each other wait. What is about another item
    never waits.
    """
    found = {name: Turn.NOW for name, item in items.items() if item.about}
    undecided = {name: item for name, item in items.items() if name not in found}
    while undecided:
        decided = {
            name: turn for name, item in undecided.items() if (turn := _turn(item, items, known, found))
        } or dict.fromkeys(undecided, Turn.WAITS)
        found |= decided
        undecided = {name: item for name, item in undecided.items() if name not in decided}
    return found


def rounds(items: Sequence[AnyItem]) -> Iterator[list[AnyItem]]:
    """``items`` in groups of one kind. Inside a group and between them a predecessor comes first.

    A new round begins only where an item waits for one of another kind, so usual batches have one group a kind.
    In a circle, what is about another item comes last.
    """
    left = {item.id: item for item in items}
    placed: dict[UUID, tuple[int, AnyItem]] = {}
    while left:
        free = [item for item in left.values() if item.after not in left]
        free = free or [item for item in left.values() if not item.about] or list(left.values())
        for item in free:
            before = placed.get(item.after) if item.after else None
            number = 0 if before is None else before[0] + (before[1].kind != item.kind)
            placed[item.id] = number, left.pop(item.id)
    in_order = sorted(placed.values(), key=_place)  # stable: keeps predecessors first
    for _group, same in groupby(in_order, key=_place):
        yield [item for _number, item in same]


def _place(placed: tuple[int, AnyItem]) -> tuple[int, str]:
    number, item = placed
    return number, item.kind


def _turn(
    item: AnyItem, items: Mapping[UUID, AnyItem], known: Mapping[UUID, KnownItem], found: Mapping[UUID, Turn]
) -> Turn | None:
    before = item.depends_on
    if before is None:
        return Turn.NOW
    if (first := known.get(before)) is not None:
        if first.member_id != item.member_id or first.state is ItemState.HELD:
            return Turn.WAITS
        return Turn.NOW if first.state in TAKEN else Turn.NEVER
    if (predecessor := items.get(before)) is None:
        return Turn.WAITS
    if predecessor.outcome.verdict is Verdict.REFUSED:
        return Turn.NEVER
    turn = found.get(before)
    return Turn.NOW if turn is Turn.NEVER else turn
