"""What the database itself holds about meetings and attendance."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core.ids import new_id
from app.features.meetings.attendance.rules import Kind, Leave, State
from app.features.meetings.events.models import MeetingEvent, MeetingItem
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.models import Attendance, AttendanceTick
from app.features.meetings.ticks.rules import Source
from app.features.meetings.ticks.service import cancel_meeting
from tests.features.meetings.gatherings.makers import AFTERWARDS, make_meeting, tick


def broken(event_id, tick_id, alice, olga):
    """Rows the database refuses, by the constraint that does."""
    event = {"branch_id": alice.branch_id, "organiser_id": alice.id, "title": "会", "begins_at": AFTERWARDS}
    event |= {"ends_at": AFTERWARDS + timedelta(hours=1)}
    said = {"event_id": event_id, "member_id": alice.id, "state": State.PRESENT, "source": Source.TICK}
    said |= {"is_late": False, "left_early": False, "recorded_by_id": alice.id}
    itself = new_id()
    return {
        "ends_after_start": MeetingEvent(**event | {"ends_at": AFTERWARDS}),
        "has_title": MeetingEvent(**event | {"title": " "}),
        "fixed_day_of_a_month": MeetingEvent(**event, fixed_day=32),
        "not_linked_to_itself": MeetingEvent(**event, id=itself, linked_to_id=itself),
        "kind_once": MeetingItem(event_id=event_id, place=2, kind=Kind.LECTURE),
        "study_of_a_theme_day": MeetingItem(event_id=event_id, place=2, kind=Kind.OTHER, study=True),
        "leave_iff_on_leave": AttendanceTick(**said, leave=Leave.SICK),
        "late_or_early_only_if_present": AttendanceTick(**said | {"state": State.ABSENT, "is_late": True}),
        "late_or_early_never_both": AttendanceTick(**said | {"is_late": True, "left_early": True}),
        "attendances_once": Attendance(event_id=event_id, member_id=alice.id, tick_id=tick_id),
        "attendances": Attendance(event_id=event_id, member_id=olga.id, tick_id=tick_id),
    }


_ON_SQLITE = {
    "kind_once": "meeting_items.event_id, meeting_items.kind",
    "attendances_once": "attendances.event_id, attendances.member_id",
    "attendances": "FOREIGN KEY",
}


def test_the_database_refuses(database, given, sam, alice, olga):
    event_id = given(make_meeting, sam, Kind.LECTURE)
    given(tick, sam, event_id)
    with database.read() as session:
        tick_id = ticks.last_ticks(session, event_id)[alice.id].id
    for name in broken(event_id, tick_id, alice, olga):
        said = f"{name}|{_ON_SQLITE.get(name, name)}"
        with pytest.raises(DatabaseError, match=said), database.write() as session:
            session.add(broken(event_id, tick_id, alice, olga)[name])


def test_a_cancelled_meeting_stays_cancelled(database, given, sam):
    event_id = given(make_meeting, sam)
    given(lambda session: cancel_meeting(session, sam.actor, event_id=event_id, reason="冲突"))
    with pytest.raises(DatabaseError, match="is final"), database.write() as session:
        session.execute(text("UPDATE meeting_events SET state = 'planned'"))
