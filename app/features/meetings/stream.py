"""Meetings and attendance 三会一课·考勤, as the house knows them."""

from typing import Any, Final

from sqlalchemy import Select

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.meetings import due
from app.features.meetings.events import expected
from app.features.meetings.events.models import MeetingEvent, MeetingExpected
from app.features.meetings.ticks.models import Attendance, AttendanceTick
from app.features.meetings.ticks.review_kind import ATTENDANCE
from app.features.stream import OwnPage, Stream, SweepStep


def _with_meeting(statement: Select[Any]) -> Select[Any]:
    return statement.join_from(MeetingExpected, MeetingEvent, MeetingEvent.id == MeetingExpected.event_id).outerjoin(
        Attendance,
        (Attendance.event_id == MeetingExpected.event_id) & (Attendance.member_id == MeetingExpected.member_id),
    )


def _of_tick(statement: Select[Any]) -> Select[Any]:
    return statement.join_from(AttendanceTick, MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)


_TITLE: Final = MeetingEvent.title.label("title")
MEETINGS: Final = Stream(
    name="meetings",
    routes=(
        "app.features.meetings.events.routes",
        "app.features.meetings.routes",
        "app.features.meetings.ticks.routes",
    ),
    review_kinds=(ATTENDANCE,),
    reminders=due.REMINDERS,
    queues=due.queues,
    week=due.week,
    pages=(OwnPage("/meetings", "clock", _("Meetings")),),
    own_data=(
        section(
            "meetings",
            _("Meetings you were expected at"),
            {
                MeetingExpected.event_id: _("Id"),
                _TITLE: _("Meeting"),
                MeetingEvent.begins_at: _("Begins"),
                MeetingExpected.capacity: _("Expected as"),
                MeetingExpected.is_full: _("Full member"),
                MeetingExpected.is_exempt: _("Exemptions"),
                MeetingExpected.is_gone: _("Had left by then"),
                Attendance.tick_id: _("Last attendance"),
            },
            mine=MeetingExpected.member_id,
            joined=_with_meeting,
            by=(MeetingEvent.begins_at, MeetingExpected.event_id),
        ),
        section(
            "attendance",
            _("Meeting attendance"),
            {
                AttendanceTick.id: _("Id"),
                _TITLE: _("Meeting"),
                MeetingEvent.begins_at: _("Begins"),
                AttendanceTick.state: _("State"),
                AttendanceTick.leave: _("Leave"),
                AttendanceTick.is_late: _("More than 30 minutes late"),
                AttendanceTick.left_early: _("Left more than 30 minutes early"),
                AttendanceTick.source: _("Where from"),
                AttendanceTick.note: _("Why it is corrected"),
                AttendanceTick.recorded_at: _("Recorded"),
            },
            mine=AttendanceTick.member_id,
            joined=_of_tick,
            by=(AttendanceTick.id,),
        ),
    ),
    sweep=(SweepStep(_("Meetings that have begun, with who is expected: %(number)s."), expected.bring_all_along),),
    purposes={
        "meetings": Purpose(
            _("Meetings and your attendance"),
            _("your branch's officers, and who decides on their records"),
            _("so that your sheet and the branch's record of meetings are right"),
        ),
    },
)
