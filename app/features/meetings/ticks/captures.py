"""Lists of attendance out of phones' queues, and the lists that phones take along: what the page's form does, later."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import DateTime, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError, ConflictError, NotFoundError
from app.core.i18n import lazy_gettext as _
from app.features.meetings.events import expected, queries
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState
from app.features.meetings.events.service import kept
from app.features.meetings.ticks.facts import SOURCE
from app.features.meetings.ticks.listing import Ticked, marks_meant
from app.features.meetings.ticks.rules import NOTE_LENGTH, NotExpectedHereError
from app.features.meetings.ticks.service import record_attendance
from app.features.members import powers
from app.features.members.actor import Actor
from app.features.sync import store
from app.features.sync.captures import CapturedKind, OnPhone
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, TAKEN, SyncOutcome

TAIL: Final = 12
"""Hexadecimal digits, the last of an id, by which a list names somebody: 300 people fit into one item."""
OPEN_FOR: Final = timedelta(days=31)
LISTED_AHEAD: Final = timedelta(days=2)
"""Those of today and tomorrow: their pages lead to the list before they begin, as a phone keeps them."""
MOST: Final = 8
"""Lists that one phone keeps: those of the nearest meetings."""
_AT: Final = {name: bindparam(name, type_=DateTime(timezone=True)) for name in ("since", "today", "until")}
_KEPT: Final = (
    select(MeetingEvent.id, MeetingEvent.branch_id)
    .where(
        MeetingEvent.branch_id == bindparam("branch"),
        MeetingEvent.begins_at < _AT["until"],
        or_(
            and_(MeetingEvent.state == EventState.PLANNED, MeetingEvent.begins_at >= _AT["since"]),
            and_(MeetingEvent.state == EventState.RECORDED, MeetingEvent.begins_at >= _AT["today"]),
        ),
    )
    .order_by(MeetingEvent.begins_at.desc(), MeetingEvent.id)
)
"""Those of today and tomorrow, and those of the last month that nobody has recorded."""


class ListStaysError(ConflictError):
    """A saved list is a line of ticks; each of them may wait for somebody's word by now."""

    message = _("A list that has arrived stays. Correct it on the page of the meeting; every correction is kept.")


class HandedOverListError(ConflictError):
    """Whoever writes a file could tick in somebody else's name and confirm it in the own."""

    message = _("A list of attendance is not taken in from a file. Record it on the page of the meeting.")


class AttendancePayload(BaseModel):
    """A list as it was saved on a phone."""

    event_id: UUID
    seen: int
    """The version of the list that was drawn."""
    marks: dict[Ticked, Annotated[str, Field(pattern=rf"^([0-9a-f]{{{TAIL}}})*$")]]
    """By each word the last digits of the ids of those of whom it is said, one after the other."""
    note: Annotated[str, Field(max_length=NOTE_LENGTH)] | None = None


def take(session: Session, items: Sequence[Item[AttendancePayload]]) -> Mapping[UUID, SyncOutcome]:
    """Save each list in the name of who ticked it, by today's posts. A phone sends one list a meeting: few at once."""
    for item in items:
        if item.handed_over_by_id:
            raise HandedOverListError
        said, actor = item.payload, _who(session, item)
        kept(session, actor, said.event_id, held=False)
        marks = marks_meant(session, actor, said.event_id, _named(session, actor, said))
        record_attendance(session, actor, event_id=said.event_id, seen=said.seen, marks=marks, note=said.note or None)
    return {item.id: ACCEPTED for item in items}


def take_back(session: Session, ids: Collection[UUID], _member_id: UUID) -> Mapping[UUID, AppError]:
    """Nothing of a list that has arrived is withdrawn."""
    known = store.known_items(session, set(ids))
    lists_of = {one.id for one in known.values() if one.kind == SOURCE and one.state in TAKEN}
    return {one: ListStaysError() if one in lists_of else NotFoundError() for one in ids}


def lists(session: Session, actor: Actor) -> Mapping[str, Any]:
    """The meetings that the actor's phone keeps with their lists to tick; asked only for those who plan meetings."""
    if not queries.may_plan(session, actor):
        return {"pages": []}
    midnight = clock.midnight(clock.today())
    asked = {"since": midnight - OPEN_FOR, "today": midnight, "until": midnight + LISTED_AHEAD}
    rows = session.execute(_KEPT, {"branch": actor.branch_id, **asked}).all()
    may = queries.kept(session, actor, rows, queries.items(session, [row.id for row in rows]))
    kept = [row.id for row in rows if row.id in may]
    return {"pages": [f"/meetings/{event_id}{page}" for event_id in kept[:MOST] for page in ("", "/attendance")]}


def _named(session: Session, actor: Actor, said: AttendancePayload) -> dict[UUID, Ticked]:
    there = expected.current(session, queries.whole(session, actor, said.event_id))
    of_tail = {one.hex[-TAIL:]: one for one in there}
    tails = {
        joined[start : start + TAIL]: word
        for word, joined in said.marks.items()
        for start in range(0, len(joined), TAIL)
    }
    if len(of_tail) < len(there) or not tails.keys() <= of_tail.keys():
        raise NotExpectedHereError
    return {of_tail[tail]: word for tail, word in tails.items()}


def _who(session: Session, item: Item[AttendancePayload]) -> Actor:
    """Whoever ticked, with what the person may do today."""
    stands = powers.standing(session, item.member_id)
    if stands is None:
        raise NotFoundError
    return Actor(
        member_id=item.member_id,
        name="",
        branch_id=stands.branch_id,
        branch_name="",
        group_id=None,
        roles=stands.roles,
        permissions=stands.permissions,
        session_id=item.id,
        confirmed_at=None,
        is_demo=False,
        leads=stands.leads,
    )


ATTENDANCE_LIST: Final = CapturedKind(
    name=SOURCE,
    payload=AttendancePayload,
    take=take,
    take_back=take_back,
    words={"event_id": _("Meeting"), "marks": _("Meeting attendance"), "note": _("Why it is corrected")},
    on_phone=OnPhone(
        icon="check",
        label=_("Meeting attendance"),
        page="/meetings",
        subject="event_id",
        mended_at="/meetings/#/attendance",
        arrived=_("Saved; another officer confirms it"),
    ),
)
