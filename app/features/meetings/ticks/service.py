"""Saving who was there, and confirming it: by another officer, one by one in the queue or a whole meeting at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.ids import new_id
from app.core.rows import put_once
from app.features.history import service as history
from app.features.meetings.attendance.rules import Item, loss_of
from app.features.meetings.events import expected, queries
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import LIFE, Belongs, EventState, Step, brings_facts
from app.features.meetings.events.service import SUBJECT, kept
from app.features.meetings.ticks.facts import SOURCE
from app.features.meetings.ticks.models import Attendance, AttendanceTick
from app.features.meetings.ticks.queries import Tick, last_ticks
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
from app.features.reviews.outcomes import NewReview, Outcome
from app.features.reviews.rules import BATCH, ReviewStatus

_TICKS, _ATTENDANCES = (cast(Table, model.__table__) for model in (AttendanceTick, Attendance))
_POINT: Final = (
    update(_ATTENDANCES)
    .where(_ATTENDANCES.c.event_id == bindparam("of_event"), _ATTENDANCES.c.member_id == bindparam("of_member"))
    .values(tick_id=bindparam("new_tick"))
)


def record_attendance(
    session: Session,
    actor: Actor,
    *,
    event_id: UUID,
    seen: int,
    marks: Mapping[UUID, Mark],
    note: str | None = None,
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
        NotFoundError: no such meeting that the actor keeps.
        TooEarlyToRecordError: it has not begun.
        MeetingStepError: it was cancelled.
        NotExpectedHereError: somebody is not expected.
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
        invited = {member_id for member_id, one in there.items() if voluntary or one.is_exempt}
        _write(session, actor, event, agenda, changed=changed, last=last, notes=notes, invited=invited)
        event.version += 1
    if event.state is not EventState.RECORDED and (changed or not there):  # a list of nobody records nothing
        event.state = state
        history.record(session, SUBJECT, event_id, Step.RECORDED, by_id=actor.member_id)
    session.flush()
    return len(changed)


class Waiting(NamedTuple):
    """What at a meeting waits for the actor's word."""

    together: Sequence[UUID]
    """Costs nobody anything and corrects nothing: confirmed in one tap."""
    apart: Sequence[UUID]
    """Would cost points, corrects what was confirmed, or is marked: looked at in the queue."""


def waiting_for(session: Session, actor: Actor, *, event_id: UUID) -> Waiting:
    """What at a meeting the actor neither did nor said, and nobody has confirmed.

    Raises:
        NotFoundError: no such meeting for the actor.
    """
    event = queries.whole(session, actor, event_id)
    agenda = [Item(item.kind, item.minutes, item.study) for item in expected.items_of(session, event_id)]
    found: dict[bool, list[UUID]] = {False: [], True: []}
    for tick in last_ticks(session, event_id).values():
        if tick.status is ReviewStatus.PENDING and actor.member_id not in {tick.member_id, tick.recorded_by_id}:
            loss = loss_of(attended(event.begins_at, event.ends_at, agenda, tick.said))
            found[bool(loss or tick.note or tick.flags)].append(tick.id)
    return Waiting(sorted(found[False]), sorted(found[True]))


def confirm_all(session: Session, actor: Actor, *, event_id: UUID, seen: int) -> list[Outcome]:
    """Confirm everything at a meeting that waits for the actor, costs nobody anything and corrects nothing.

    Raises:
        NotFoundError: no such meeting for the actor.
        ChangedSinceError: it is not the list whose version was ``seen``.
    """
    if seen != queries.whole(session, actor, event_id, held=True).version:
        raise ChangedSinceError
    ids = waiting_for(session, actor, event_id=event_id).together
    return [reviews.approve(session, actor, part) for part in _parts(ids)]


def _parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))


def _check_offered(marks: Mapping[UUID, Mark], there: Mapping[UUID, Belongs], *, voluntary: bool) -> None:
    if not marks.keys() <= there.keys():
        raise NotExpectedHereError
    for member_id, mark in marks.items():
        if mark not in offered(is_exempt=there[member_id].is_exempt, voluntary=voluntary):
            raise MarkNotOfferedError(other=Mark.NOT_EXPECTED.label)


def _says(tick: Tick | None, mark: Mark) -> bool:
    """Whether this is what was said last, and nobody gave it back or took it back."""
    gone = (ReviewStatus.RETURNED, ReviewStatus.WITHDRAWN)
    return tick is not None and tick.said == said(mark) and tick.status not in gone


def _write(
    session: Session,
    actor: Actor,
    event: MeetingEvent,
    agenda: Collection[Item],
    *,
    changed: Mapping[UUID, Mark],
    last: Mapping[UUID, Tick],
    notes: Mapping[UUID, str | None],
    invited: Collection[UUID],
) -> None:
    """A tick for each change, on its way to another officer; what it takes the place of waits no more.

    ``notes`` has those who were confirmed before. Only of the ``invited``, who need not come, one officer alone says
    that they were not expected.
    """
    waits = [last[member_id] for member_id in changed if member_id in last]
    withdraw_ticks(session, {one.id: one.recorded_by_id for one in waits if one.status is ReviewStatus.PENDING})
    now, day = clock.now(), clock.local_day(event.begins_at)
    ids = {member_id: new_id() for member_id in changed}
    rows = [
        {
            "id": ids[member_id],
            "event_id": event.id,
            "member_id": member_id,
            **said(mark)._asdict(),
            "source": Source.BACKFILL if event.backfill_reason else Source.TICK,
            "note": notes.get(member_id),
            "recorded_by_id": actor.member_id,
            "recorded_at": now,
        }
        for member_id, mark in changed.items()
    ]
    counts = brings_facts(event.begins_at, event.planned_at)
    waiting = [
        NewReview(
            id=ids[member_id],
            kind=SOURCE,
            branch_id=event.branch_id,
            member_id=member_id,
            recorded_by_id=actor.member_id,
            title=event.title,
            detail=_detail(event, agenda, mark, counts=counts, corrects=member_id in notes),
            occurred_on=day,
            submitted_at=now,
        )
        for member_id, mark in changed.items()
        if mark is not Mark.NOT_EXPECTED or member_id in last or member_id not in invited
    ]
    reviews.submit(session, waiting)
    put_once(session, _TICKS, rows)
    fresh = [row for row in rows if row["member_id"] not in last]
    new = [{"id": new_id(), "tick_id": row["id"], **_whose(row)} for row in fresh]
    put_once(session, _ATTENDANCES, new)
    if again := [row for row in rows if row["member_id"] in last]:
        session.connection().execute(
            _POINT,
            [{"of_event": row["event_id"], "of_member": row["member_id"], "new_tick": row["id"]} for row in again],
        )


def withdraw_ticks(session: Session, recorders: Mapping[UUID, UUID]) -> None:
    """Let ticks wait no more whose place others took, each in the name of who recorded it.

    Raises:
        AlreadyDecidedError: another officer has just decided on one.
    """
    for by_id in sorted(set(recorders.values())):
        ids = [tick_id for tick_id, recorder in recorders.items() if recorder == by_id]
        for refused in reviews.withdraw(session, ids, by_id=by_id):
            raise refused.error


def _whose(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"event_id": row["event_id"], "member_id": row["member_id"]}


def _detail(
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
