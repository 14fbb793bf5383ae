"""Hands items to their streams, as many at once as possible, and sees to it that a bad one spoils only itself."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import refusals
from app.core.errors import AppError
from app.features.reviews.rules import Flag
from app.features.sync.captures import CapturedKind
from app.features.sync.items import Item
from app.features.sync.order import rounds
from app.features.sync.reading import Kinds
from app.features.sync.rules import LEAVES_NOTHING, SyncOutcome, Verdict, later, refused_by

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
