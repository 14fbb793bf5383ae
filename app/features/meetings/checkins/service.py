"""Codes that members typed: judged, kept for ever, and ticked where they say something new."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_bytes
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS, locked, put_once
from app.features.meetings.attendance.rules import Item, loss_of
from app.features.meetings.checkins.models import MeetingCheckIn
from app.features.meetings.checkins.queries import (
    CheckInContext,
    Last,
    NewCheckIn,
    known_of,
    last_said,
    others_on_phones,
    written_down,
)
from app.features.meetings.checkins.rules import SURE, flags_of, flags_of_reason, out_of_order, said_by, ticks
from app.features.meetings.events import expected, queries
from app.features.meetings.events.rules import EventState, brings_facts
from app.features.meetings.events.secrets import SECRET_BYTES
from app.features.meetings.ticks.putting import NewTick, put_ticks
from app.features.meetings.ticks.rules import Mark, Source, attended, is_voluntary, offered, said
from app.features.meetings.ticks.service import detail_of
from app.features.meetings.venue_code.rules import CheckIn, CheckInFacts, Judged, Reason, judge
from app.features.members import queries as members
from app.features.members.queries import AnyRow
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus

_CHECKINS: Final = cast(Table, MeetingCheckIn.__table__)
_PENDING_OF: Final = locked(
    select(Review).where(Review.id.in_(IDS), Review.status == ReviewStatus.PENDING).order_by(Review.id)
)


class Checked(NamedTuple):
    """What came of a check-in."""

    judged: Judged
    flags: Collection[Flag] = ()
    """Why an officer looks at it alone."""


class _Ticked(NamedTuple):
    id: UUID
    flags: frozenset[Flag]


def check_in(session: Session, news: Sequence[NewCheckIn]) -> dict[UUID, Checked]:
    """Judge, keep and tick what one member has typed; twice is once. ``NOT_EXPECTED`` says nothing about the meeting.

    The member is locked, as wrong codes are counted. A fixed number of statements, however many there are.
    """
    (member_id,) = {new.member_id for new in news}
    members.lock(session, member_id)
    known = known_of(session, member_id, news)
    there = {row.id: Checked(_again(row), flags_of_reason(row.reason)) for row in known.before}
    found: dict[UUID, Judged] = {}
    tried = defaultdict[UUID, int](int)
    for row in known.before:
        tried[row.event_id] += row.reason is Reason.WRONG_CODE
    fresh = [new for new in news if new.id not in there]
    for new in sorted(fresh, key=lambda new: (new.seq or 0, new.moment.corrected_at)):
        found[new.id] = _judged(new, known, tried[new.event_id], fresh)
        tried[new.event_id] += found[new.id].reason is Reason.WRONG_CODE
    kept = [new for new in fresh if new.event_id in known.events]
    ticked = _tick(session, member_id, kept, found, known)
    rows = [_row(new, found[new.id], ticked.get(new.id)) for new in kept]
    put_once(session, _CHECKINS, rows, said=("event_id", "member_id"))
    _mark_phones(session, member_id, kept, found)
    checked = {name: Checked(judged, _flags(judged, ticked.get(name))) for name, judged in found.items()}
    return checked | {new.id: there[new.id] for new in news if new.id in there}


def _judged(new: NewCheckIn, known: CheckInContext, tried: int, batch: Sequence[NewCheckIn]) -> Judged:
    event = known.events.get(new.event_id)
    if event is None:
        return Judged(CheckIn.REFUSED, new.moment.corrected_at, Reason.NOT_EXPECTED)
    secret = known.secrets.get(event.id, token_bytes(SECRET_BYTES))  # of a meeting without one no code was ever shown
    standing = CheckInFacts(
        expected=event.id in known.expected,
        cancelled=event.state is EventState.CANCELLED,
        wrong_before=tried,
        people_on_device=1 + len(known.others.get((event.id, new.device_id or ""), ())),
    )
    judged = judge(
        secret or bytes(SECRET_BYTES),
        new.code,
        starts=event.begins_at,
        ends=event.ends_at,
        moment=new.moment,
        standing=standing,
    )
    if secret is None and judged.reason not in (Reason.NOT_EXPECTED, Reason.CANCELLED, Reason.TOO_MANY_TRIES):
        return Judged(CheckIn.DOUBTFUL, judged.corrected_at, Reason.UNCHECKED, one_device=judged.one_device)
    if judged.outcome in SURE and new.seq is not None and out_of_order(new.seq, *_order(new, known, batch)):
        return replace(judged, outcome=CheckIn.DOUBTFUL, reason=Reason.CLOCK_SKEW)
    return judged


def _order(
    new: NewCheckIn, known: CheckInContext, batch: Sequence[NewCheckIn]
) -> tuple[datetime, list[tuple[int, datetime]]]:
    """By the phone's clock, the moment of a check-in, and counter and moment of the others from that phone."""
    before = [(row.seq, row.occurred_at) for row in known.before if row.device_id == new.device_id]
    beside = [(one.seq, one.moment.captured_at) for one in batch if one.device_id == new.device_id]
    return new.moment.captured_at, [(seq, at) for seq, at in (*before, *beside) if seq is not None]


def _tick(
    session: Session, member_id: UUID, news: Sequence[NewCheckIn], found: Mapping[UUID, Judged], known: CheckInContext
) -> dict[UUID, _Ticked]:
    """Tick what says something new: of the check-ins at one meeting the best one."""
    last, agenda = last_said(session, member_id, known), queries.items(session, known.events)
    marks = {
        event_id: offered(invited=one.is_invited, voluntary=is_voluntary({item.kind for item in agenda[event_id]}))
        for event_id, one in known.expected.items()
    }
    marked = {new.id: said_by(found[new.id], marks.get(new.event_id, ())) for new in news}
    chosen: dict[UUID, NewCheckIn] = {}
    for new in sorted(news, key=lambda new: (found[new.id].outcome not in SURE, found[new.id].corrected_at)):
        if new.event_id not in chosen and ticks(found[new.id], marked[new.id], last[new.event_id].stands):
            chosen[new.event_id] = new
    if not chosen:
        return {}
    made = [
        _new_tick(new, found[new.id], marked[new.id], items=agenda[event_id], last=last[event_id], known=known)
        for event_id, new in chosen.items()
    ]
    for event_id in chosen.keys() - written_down(session, member_id, chosen).keys():
        expected.bring_along(session, known.events[event_id])  # whoever moved here since has a row there first
    ids = put_ticks(session, made)
    return {new.id: _Ticked(tick_id, tick.flags) for new, tick_id, tick in zip(chosen.values(), ids, made, strict=True)}


def _new_tick(
    new: NewCheckIn, judged: Judged, mark: Mark, *, items: Collection[AnyRow], last: Last, known: CheckInContext
) -> NewTick:
    event = known.events[new.event_id]
    agenda = [Item(item.kind, item.minutes, item.study) for item in items]
    counts = brings_facts(event.begins_at, event.planned_at)
    detail = detail_of(event, agenda, mark, counts=counts, corrects=last.confirmed)
    return NewTick(
        event_id=event.id,
        branch_id=event.branch_id,
        title=event.title,
        day=clock.local_day(event.begins_at),
        member_id=new.member_id,
        said=said(mark),
        source=Source.CODE,
        recorded_by_id=new.recorded_by_id,
        recorded_at=clock.now(),
        detail={**detail, "typed": _typed(new, judged)},
        before=last.before,
        home=known.expected[event.id].own_branch_id,
        by_own=bool(loss_of(attended(event.begins_at, event.ends_at, agenda, said(mark)))),
        flags=flags_of(judged, last.stands, at_the_door=new.flags, confirmed=last.confirmed),
    )


def _typed(new: NewCheckIn, judged: Judged) -> dict[str, Any]:
    """What an officer reads of it (``ticks/review_kind.py``)."""
    return {
        "at": judged.corrected_at.isoformat(),
        "phone": new.moment.captured_at.isoformat(),
        "late": judged.minutes_late,
        "off": judged.minutes_off,
    }


def _mark_phones(session: Session, member_id: UUID, news: Sequence[NewCheckIn], found: Mapping[UUID, Judged]) -> None:
    """The third person on one phone marks those who typed on it before, as far as they still wait."""
    many = {(new.event_id, new.device_id) for new in news if new.device_id and found[new.id].one_device}
    if not many:
        return
    rows = others_on_phones(session, member_id, news)
    ids = sorted(row.tick_id for row in rows if row.tick_id and (row.event_id, row.device_id) in many)
    for review in session.scalars(_PENDING_OF, {"ids": ids}):
        review.flags = tuple({*review.flags, Flag.ONE_DEVICE})
    session.flush()


def _flags(judged: Judged, ticked: _Ticked | None) -> Collection[Flag]:
    return ticked.flags if ticked else flags_of_reason(judged.reason)


def _again(row: Any) -> Judged:
    return Judged(row.outcome, row.corrected_at, row.reason, row.minutes_late, row.minutes_off)


def _row(new: NewCheckIn, judged: Judged, ticked: _Ticked | None) -> dict[str, Any]:
    return {
        "id": new.id,
        "event_id": new.event_id,
        "member_id": new.member_id,
        "recorded_by_id": new.recorded_by_id,
        "device_id": new.device_id,
        "seq": new.seq,
        "occurred_at": new.moment.captured_at,
        "corrected_at": judged.corrected_at,
        "received_at": new.received_at,
        "outcome": judged.outcome,
        "reason": judged.reason,
        "minutes_late": judged.minutes_late,
        "minutes_off": judged.minutes_off,
        "tick_id": ticked and ticked.id,
    }
