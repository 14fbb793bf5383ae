"""Saving who was there, confirming it, and calling a meeting off with what was ticked."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.features.history import service as history
from app.features.meetings.attendance.rules import Item, State, loss_of
from app.features.meetings.events import expected, queries
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import LIFE, Belongs, Capacity, EventState, Step, brings_facts
from app.features.meetings.events.service import SUBJECT, kept
from app.features.meetings.ticks import facts
from app.features.meetings.ticks.models import Attendance
from app.features.meetings.ticks.putting import Before, NewTick, put_ticks
from app.features.meetings.ticks.queries import Tick, Ticks, last_ticks
from app.features.meetings.ticks.queries import history as all_ticks
from app.features.meetings.ticks.rules import (
    ChangedMeanwhileError,
    ChangedSinceError,
    Mark,
    MarkNotOfferedError,
    NoteMissingError,
    NotExpectedHereError,
    Source,
    TooEarlyToRecordError,
    attended,
    is_voluntary,
    offered,
    said,
)
from app.features.members.actor import Actor
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.outcomes import TapOutcome
from app.features.reviews.rules import BATCH, Flag, ReviewStatus
from app.features.webhooks.rules import Happening
from app.features.webhooks.telling import ToldEvent, tell

GONE: Final = (ReviewStatus.RETURNED, ReviewStatus.WITHDRAWN)
"""A tick that nobody believes any more."""

_COUNTED: Final = (
    select(Review)
    .join(Attendance, Attendance.tick_id == Review.id)
    .where(Attendance.event_id == bindparam("event"))
    .order_by(Review.id)
)


def record_attendance(
    session: Session, actor: Actor, *, event_id: UUID, seen: int, marks: Mapping[UUID, Mark], note: str | None = None
) -> int:
    """Save who was there; gives for how many that says something new. The same list again changes nothing.

    Each change is a tick of its own that waits for another officer; what was confirmed stands until then.

    Args:
        session: the unit of work.
        actor: who organises.
        event_id: the meeting.
        seen: its ``version`` when the list was drawn.
        marks: what is said of each member. Who is not named stays as they are.
        note: why what was confirmed is corrected.

    Raises:
        MarkNotOfferedError: somebody who need not come is said to be absent.
        ChangedMeanwhileError: somebody else has saved another list since.
        NoteMissingError: what was confirmed changes, and nobody says why.
    """
    event = kept(session, actor, event_id)
    if event.begins_at > clock.now():
        raise TooEarlyToRecordError
    state = LIFE.after(event.state, Step.RECORDED)
    there = expected.bring_along(session, event)
    items = expected.items_of(session, event_id)
    voluntary = is_voluntary({item.kind for item in items})
    _check_offered(marks, there, voluntary=voluntary)
    ticks = all_ticks(session, event_id)
    last = {tick.member_id: tick for tick in ticks}
    confirmed = {tick.member_id for tick in ticks if tick.status is ReviewStatus.APPROVED}
    changed = {member: mark for member, mark in sorted(marks.items()) if not _says(last.get(member), mark)}
    if changed and seen != event.version:
        raise ChangedMeanwhileError(name=max(last.values(), key=lambda tick: tick.id).recorded_by if last else "")
    if not note and not confirmed.isdisjoint(changed):
        raise NoteMissingError
    if changed:
        agenda = [Item(item.kind, item.minutes, item.study) for item in items]
        notes = dict.fromkeys(confirmed, note)
        _write(session, actor, event, agenda, changed=changed, last=last, notes=notes, there=there)
        event.version += 1
    if event.state is not EventState.RECORDED and (marks or not there):  # a list of nobody records nothing
        event.state = state
        history.record(session, SUBJECT, event_id, Step.RECORDED, by_id=actor.member_id)
        tell(session, [ToldEvent(Happening.MEETING_RECORDED, event_id, event.branch_id)])
    session.flush()
    return len(changed)


class Waiting(NamedTuple):
    """What at a meeting waits for the actor's word."""

    together: Sequence[UUID]
    """Costs nobody anything and corrects nothing: confirmed in one tap."""
    apart: Sequence[UUID]
    """Would cost points, corrects what was confirmed, or is marked: looked at in the queue."""
    codes: tuple[int, int] | None = None
    """How many of both are codes of the room that members typed; ``None`` where there are none."""


def waiting_among(last: Ticks, actor: Actor, event: expected.Met, items: expected.Agenda) -> Waiting:
    """Of the ``last`` ticks of a meeting, what the actor neither did nor said, and nobody has confirmed."""
    agenda = [Item(item.kind, item.minutes, item.study) for item in items]
    costs = {
        said: loss_of(attended(event.begins_at, event.ends_at, agenda, said))
        for said in {tick.said for tick in last.values()}
    }
    found: dict[bool, list[UUID]] = {False: [], True: []}
    codes: Counter[bool] = Counter()
    for tick in last.values():
        waits = tick.status is ReviewStatus.PENDING and tick.decided_in == actor.branch_id
        if waits and actor.member_id not in {tick.member_id, tick.recorded_by_id}:
            asks = costs[tick.said] and tick.source is not Source.CODE  # who came late and typed the code has said so
            is_apart = bool(asks or tick.note or tick.flags)
            found[is_apart].append(tick.id)
            codes[is_apart] += tick.source is Source.CODE
    of_code = (codes[False], codes[True]) if codes.total() else None
    return Waiting(sorted(found[False]), sorted(found[True]), of_code)


def confirm_all(
    session: Session, actor: Actor, *, event_id: UUID, seen: int, last: UUID | None = None
) -> list[TapOutcome]:
    """Confirm everything at a meeting that waits for the actor, costs nobody anything and corrects nothing.

    Nothing that came after the ``last`` one that was read: somebody may have typed a late code meanwhile.

    Raises:
        ChangedSinceError: it is not the list whose version was ``seen``.
    """
    event = queries.whole(session, actor, event_id, held=True)
    if seen != event.version:
        raise ChangedSinceError
    waits = waiting_among(last_ticks(session, event_id), actor, event, expected.items_of(session, event_id))
    ids = [one for one in waits.together if last is None or one <= last]
    return [reviews.approve(session, actor, part) for part in _parts(ids)]


def _parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _check_offered(marks: Mapping[UUID, Mark], there: Mapping[UUID, Belongs], *, voluntary: bool) -> None:
    if not marks.keys() <= there.keys():
        raise NotExpectedHereError
    for member_id, mark in marks.items():
        if mark not in offered(invited=there[member_id].is_invited, voluntary=voluntary):
            raise MarkNotOfferedError(other=Mark.NOT_EXPECTED.label)


def _says(tick: Tick | None, mark: Mark) -> bool:
    """Whether this is what was said last, and nobody gave it back or took it back."""
    return tick is not None and tick.said == said(mark) and tick.status not in GONE


def _flags(before: Tick | None) -> frozenset[Flag]:
    """Where somebody typed the code and the organiser says otherwise, an officer looks at the two."""
    differs = before and before.source is Source.CODE and before.status not in GONE
    return frozenset({Flag.DIFFERS} if differs else ())


def _write(
    session: Session,
    actor: Actor,
    event: MeetingEvent,
    agenda: Collection[Item],
    *,
    changed: Mapping[UUID, Mark],
    last: Mapping[UUID, Tick],
    notes: Mapping[UUID, str | None],
    there: Mapping[UUID, Belongs],
) -> None:
    """A tick for each change, on its way to another officer; what it takes the place of waits no more.

    ``notes`` has those who were confirmed before. Only of those who need not come, one officer alone says that
    they were not expected. Of another branch's members the host confirms that they were there; that they were
    not, why, and what costs points waits for an officer of their own.
    """
    now, day = clock.now(), clock.local_day(event.begins_at)
    counts = brings_facts(event.begins_at, event.planned_at)
    voluntary = is_voluntary({item.kind for item in agenda})
    put_ticks(
        session,
        [
            NewTick(
                event_id=event.id,
                branch_id=event.branch_id,
                title=event.title,
                day=day,
                member_id=member_id,
                said=said(mark),
                source=Source.BACKFILL if event.backfill_reason else Source.TICK,
                recorded_by_id=actor.member_id,
                recorded_at=now,
                detail=detail_of(event, agenda, mark, counts=counts, corrects=member_id in notes),
                note=notes.get(member_id),
                flags=_flags(before),
                waits=mark is not Mark.NOT_EXPECTED
                or before is not None
                or not (voluntary or there[member_id].is_invited),
                home=there[member_id].own_branch_id,
                by_own=there[member_id].capacity is not Capacity.ATTACHED
                and (
                    said(mark).state is not State.PRESENT
                    or loss_of(attended(event.begins_at, event.ends_at, agenda, said(mark))) is not None
                ),
                before=before and Before(before.id, before.recorded_by_id, before.status),
            )
            for member_id, mark in changed.items()
            for before in [last.get(member_id)]
        ],
    )


def detail_of(
    event: MeetingEvent, agenda: Collection[Item], mark: Mark, *, counts: bool, corrects: bool
) -> dict[str, Any]:
    """What ``review_kind`` needs for its lines."""
    loss = loss_of(attended(event.begins_at, event.ends_at, agenda, said(mark))) if counts else None
    return {
        "mark": mark.value,
        "meeting": event.title,
        "day": clock.local_day(event.begins_at).isoformat(),
        "at": formats.time_of_day(event.begins_at),
        "loss": loss.value if loss else "",
        "corrects": corrects,
        "study": counts and any(item.teaches for item in agenda),
    }


def cancel_meeting(session: Session, actor: Actor, *, event_id: UUID, reason: str) -> None:
    """Let it not be held. Who had said anything about it stays named; it brings no fact."""
    event = kept(session, actor, event_id)
    event.state = LIFE.after(event.state, Step.CANCELLED)
    session.flush()
    if counted := session.scalars(_COUNTED, {"event": event_id}).all():
        facts.settle(session, counted, actor.member_id)
    history.record(session, SUBJECT, event_id, Step.CANCELLED, by_id=actor.member_id, note=reason)
    tell(session, [ToldEvent(Happening.MEETING_CANCELLED, event_id, event.branch_id)])
