"""Meetings and attendance 三会一课·考勤, as the house knows them."""

from typing import Any, Final

from sqlalchemy import Select

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.leave.life import REQUEST
from app.features.meetings import due
from app.features.meetings.attachments.own import ATTACHMENTS
from app.features.meetings.attachments.queries import said_of
from app.features.meetings.attachments.review_kind import ATTACHMENT
from app.features.meetings.checkins import codes
from app.features.meetings.checkins.captures import CHECK_IN
from app.features.meetings.checkins.own import CHECK_INS, SECRETS
from app.features.meetings.counted.models import LeftOut, Suspension
from app.features.meetings.events import expected
from app.features.meetings.events.models import MeetingEvent, MeetingExpected
from app.features.meetings.feed.models import CalendarFeed
from app.features.meetings.makeups.due import DUE
from app.features.meetings.makeups.review_kind import MAKE_UP
from app.features.meetings.makeups.service import post_private_leave
from app.features.meetings.minutes.lecture import LECTURE
from app.features.meetings.resolutions import due as second
from app.features.meetings.resolutions.models import Resolution
from app.features.meetings.talks.own import TALK_NEWS, TALKS
from app.features.meetings.ticks.captures import ATTENDANCE_LIST, lists
from app.features.meetings.ticks.hours import of_attendance
from app.features.meetings.ticks.leaves import follow_leaves
from app.features.meetings.ticks.models import Attendance, AttendanceTick, MakeUp
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
        "app.features.meetings.counted.routes",
        "app.features.meetings.feed.routes",
        "app.features.meetings.planner.routes",
        "app.features.meetings.talks.routes",
        "app.features.meetings.elections.routes",
        "app.features.meetings.events.routes",
        "app.features.meetings.minutes.routes",
        "app.features.meetings.makeups.routes",
        "app.features.meetings.papers.routes",
        "app.features.meetings.resolutions.routes",
        "app.features.meetings.routes",
        "app.features.meetings.ticks.routes",
        "app.features.meetings.attachments.routes",
        "app.features.meetings.checkins.routes",
    ),
    review_kinds=(ATTENDANCE, MAKE_UP, LECTURE, ATTACHMENT),
    follows={REQUEST: follow_leaves},
    reminders=(*due.REMINDERS, DUE, TALK_NEWS),
    captures=(ATTENDANCE_LIST, CHECK_IN),
    lists=lambda session, actor: {**lists(session, actor), **codes.lists(session, actor)},
    queues=lambda session, actor, today: (*due.queues(session, actor, today), *second.queues(session, actor)),
    week=due.week,
    of_member=said_of,
    hours=of_attendance,
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
                MeetingExpected.own_branch_id: _("Own branch"),
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
        section(
            "make_ups",
            _("What you made up for"),
            {
                MakeUp.id: _("Id"),
                _TITLE: _("Meeting"),
                MakeUp.done_on: _("Made up on"),
                MakeUp.how: _("How"),
            },
            mine=MakeUp.member_id,
            joined=lambda rows: rows.join_from(MakeUp, MeetingEvent, MeetingEvent.id == MakeUp.event_id),
            by=(MakeUp.done_on, MakeUp.id),
        ),
        section(
            "suspensions",
            _("Times in which your rights rest"),
            {
                Suspension.id: _("Id"),
                Suspension.rests: _("Kind"),
                Suspension.starts_on: _("From"),
                Suspension.ends_on: _("Until"),
                Suspension.document: _("Number of the decision"),
                Suspension.stands: _("State"),
            },
            mine=Suspension.member_id,
            by=(Suspension.id,),
        ),
        section(
            "left_out",
            _("Meetings at which you are not counted"),
            {
                LeftOut.id: _("Id"),
                LeftOut.event_id: _("Meeting"),
                LeftOut.reason: _("Reason"),
                LeftOut.consent: _("Number of the superior's consent"),
                LeftOut.stands: _("State"),
            },
            mine=LeftOut.member_id,
            by=(LeftOut.id,),
        ),
        section(
            "resolutions",
            _("What was voted on about you"),
            {
                Resolution.id: _("Id"),
                Resolution.matter: _("Matter"),
                Resolution.wording: _("Resolution"),
                Resolution.outcome: _("Result"),
                Resolution.recorded_at: _("Recorded"),
            },
            mine=Resolution.about_id,
            by=(Resolution.id,),
        ),
        TALKS,
        section(
            "calendar",
            _("Private address of your meetings"),
            {CalendarFeed.made_at: _("Made")},
            mine=CalendarFeed.member_id,
            by=(CalendarFeed.made_at,),
        ),
        ATTACHMENTS,
        CHECK_INS,
    ),
    sweep=(
        SweepStep(_("Meetings that have begun, with who is expected: %(number)s."), expected.bring_all_along),
        SweepStep(
            _("Coming meetings of branches whose people changed, with who is expected: %(number)s."),
            expected.bring_coming_along,
        ),
        SweepStep(_("Private leave not made up for in time, counted now: %(number)s."), post_private_leave),
        *SECRETS,
    ),
    purposes={
        "meetings": Purpose(
            _("Meetings and your attendance"),
            _(
                "your branch's officers, who decides on their records, "
                "and officers of branches in whose meetings you take part"
            ),
            _("so that your sheet and the branch's record of meetings are right"),
        ),
        "calendar": Purpose(
            _("A private address under which your calendar program reads your meetings, if you made one"),
            _("you, and whoever you give it to"),
            _("so that your meetings stand in your own calendar"),
        ),
        "talks": Purpose(
            _("Whom you talked with, and on which day; nothing of what was said"),
            _("the two of you; your branch's officers and the committee read how many talks there were"),
            _("so that the branch sees whether everybody was talked with once a year"),
        ),
    },
)
