"""Hands items to their streams, as many at once as possible, and sees to it that a bad one spoils only itself."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from app.core import refusals
from app.core.errors import AppError
from app.features.inbox.arrivals import Arrival
from app.features.inbox.kinds import Captured, CapturedKind
from app.features.inbox.rules import Outcome, Verdict
from app.features.reviews.rules import Flag
from app.features.sync import rules
from app.features.sync.items import Kinds
from app.features.sync.rounds import Work, rounds

log: Final = logging.getLogger("sanliang.sync")


def work_on(arrival: Arrival, payload: BaseModel, kinds: Kinds, *, predecessor_missing: bool = False) -> Work:
    """What the stream of ``arrival`` gets, and what it comes after."""
    about = kinds[arrival.kind].about
    return Work(
        kind=arrival.kind,
        captured=Captured(
            id=arrival.id,
            member_id=arrival.member_id,
            branch_id=arrival.branch_id,
            recorded_by_id=arrival.handed_over_by_id or arrival.member_id,
            payload=payload,
            occurred_at=rules.believed_time(arrival),
            occurred_as_sent=arrival.occurred_as_sent,
            received_at=arrival.received_at,
            made_offline=arrival.made_offline,
            flags=rules.flags_at_the_door(arrival, predecessor_missing=predecessor_missing),
        ),
        after=None if predecessor_missing else about(payload) if about else arrival.depends_on,
        is_about_it=about is not None,
    )


def work_on_held(arrivals: Sequence[Arrival], kinds: Kinds, *, predecessor_missing: bool = False) -> list[Work]:
    """The same for items whose content comes from the inbox. What cannot be read any more stays there."""
    found = []
    for arrival in arrivals:
        try:
            payload = kinds[arrival.kind].payload.model_validate_json(arrival.payload or "")
        except (KeyError, ValidationError):
            log.error("held item %s can no longer be read", arrival.id)  # noqa: TRY400 (a trace would show its content)
        else:
            found.append(work_on(arrival, payload, kinds, predecessor_missing=predecessor_missing))
    return found


def deal_with(session: Session, work: Sequence[Work], kinds: Kinds) -> dict[UUID, Outcome]:
    """What came of each item; ``rules.LEAVES_NOTHING`` ones have left nothing in their stream."""
    outcomes: dict[UUID, Outcome] = {}
    for group in rounds(work):
        outcomes |= _give(session, kinds[group[0].kind], group, outcomes)
    return outcomes


def _give(
    session: Session, kind: CapturedKind[Any], group: Sequence[Work], before: Mapping[UUID, Outcome]
) -> dict[UUID, Outcome]:
    """Give ``group`` to its stream at once or, if that fails, one by one: only the guilty one then fails."""
    ready = [prepared for item in group if (prepared := _prepared(item, before))]
    outcomes = {item.captured.id: rules.later() for item in group}
    if not ready:
        return outcomes
    try:
        with session.begin_nested():
            return outcomes | dict(kind.take(session, [item.captured for item in ready]))
    except Exception as fault:  # whatever a stream trips over must not cost the neighbours their place
        if refusals.is_passing(fault):
            raise
        if len(ready) == 1:
            return outcomes | {ready[0].captured.id: _outcome_of(fault)}
    told = dict(before)
    for item in ready:
        told |= _give(session, kind, [item], told)
    return outcomes | {item.captured.id: told[item.captured.id] for item in ready}


def _prepared(item: Work, before: Mapping[UUID, Outcome]) -> Work | None:
    """The item as its stream gets it after what became of its predecessor in this batch; None if it has to wait."""
    first = before.get(item.after) if item.after else None
    if first is None or first.verdict not in rules.LEAVES_NOTHING | {Verdict.REFUSED}:
        return item
    if first.verdict is not Verdict.REFUSED or item.is_about_it:
        return None
    flags = {*item.captured.flags, Flag.PREDECESSOR_MISSING}
    return replace(item, captured=replace(item.captured, flags=flags))


def _outcome_of(fault: Exception) -> Outcome:
    if isinstance(fault, AppError):
        return rules.refused_by(fault)
    log.error("a captured item could not be dealt with", exc_info=fault)
    return rules.later()
