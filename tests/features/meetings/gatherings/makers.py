"""Meetings for tests: planned, held on a Friday afternoon, ticked and confirmed."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.ledger.models import Fact
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import expected, queries, service
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark
from app.features.meetings.ticks.service import record_attendance
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from tests.makers import Person

FRIDAY = date(2026, 11, 6)
BEFORE = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
"""Tuesday, 10 o'clock in Shanghai: the meeting is planned, not held."""
AFTERWARDS = datetime(2026, 11, 6, 10, 0, tzinfo=UTC)
"""Friday, 18 o'clock: it is over."""


def make_meeting(session: Session, by: Person, *kinds: Kind, **said: Any) -> UUID:
    """A meeting of Friday, 14:30 to 16:30, unless said otherwise."""
    plan = {"day": FRIDAY, "begins": time(14, 30), "ends": time(16, 30), **said}
    plan.setdefault("id", new_id())
    return service.plan_meeting(session, by.actor, kinds=kinds or (Kind.MEMBERS_MEETING,), **plan)


def tick(session: Session, by: Person, event_id: UUID, note: str | None = None, **marks: Any) -> int:
    """Save the list: everybody present but those named, as ``tick(…, alice=(alice, Mark.ABSENT))`` or a plain dict."""
    event = session.get_one(MeetingEvent, event_id)
    session.refresh(event)
    last = ticks.last_ticks(session, event_id)
    people = expected.current(session, event)
    said = {one: (last[one].mark if one in last else None) or Mark.PRESENT for one in people}
    said |= {person.id: mark for person, mark in marks.pop("but", {}).items()}
    return record_attendance(session, by.actor, event_id=event_id, seen=event.version, marks=said, note=note)


def confirm(session: Session, by: Person, event_id: UUID) -> list[str]:
    """Let an officer approve everything of a meeting that waits for that officer; codes of what was refused."""
    last = ticks.last_ticks(session, event_id)
    ids = [one.id for one in last.values() if one.status is ReviewStatus.PENDING]
    return [refused.error.code for refused in reviews.approve(session, by.actor, ids).refused]


def review_of(session: Session, event_id: UUID, person: Person) -> Review:
    """The review of the last tick of a person."""
    return session.get_one(Review, ticks.last_ticks(session, event_id)[person.id].id)


def facts_of(session: Session, person: Person) -> list[tuple[str, date]]:
    """The facts of a member that stand, in the order of the ledger."""
    rows = session.query(Fact).where(Fact.member_id == person.id).order_by(Fact.seq).all()
    taken_back = {row.reversal_of for row in rows}
    return [(row.fact_type.value, row.occurred_on) for row in rows if not row.reversal_of and row.id not in taken_back]


def names(session: Session, event_id: UUID, by: Person) -> set[UUID]:
    """Who is expected by now."""
    return set(expected.current(session, queries.whole(session, by.actor, event_id)))


def form(*kinds: Kind, **said: Any) -> dict[str, Any]:
    """What the form of a meeting sends."""
    typed = {"id": str(new_id()), "day": "2026-11-20", "begins": "14:30", "ends": "16:30", **said}
    return {**typed, "kinds": [str(kind) for kind in kinds or (Kind.MEMBERS_MEETING,)]}
