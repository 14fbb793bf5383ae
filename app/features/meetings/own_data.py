"""What is kept of somebody's meetings, attendance, talks and attachments, for the person to read and to take along."""

from typing import Any, Final

from sqlalchemy import Select, or_
from sqlalchemy.orm import aliased

from app.core.i18n import lazy_gettext as _
from app.core.own_data import ME, Purpose, section
from app.features.meetings.attachments.models import Attachment
from app.features.meetings.attachments.review_kind import ATTACHMENT
from app.features.meetings.checkins.models import MeetingCheckIn
from app.features.meetings.counted.models import LeftOut, Suspension
from app.features.meetings.events.models import MeetingEvent, MeetingExpected
from app.features.meetings.feed.models import CalendarFeed
from app.features.meetings.resolutions.models import Resolution
from app.features.meetings.talks.models import Talk
from app.features.meetings.ticks.models import Attendance, AttendanceTick, MakeUp
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review

_Home, _Host, _Talker, _Partner = aliased(Organisation), aliased(Organisation), aliased(Member), aliased(Member)


def _with_meeting(statement: Select[Any]) -> Select[Any]:
    return statement.join_from(MeetingExpected, MeetingEvent, MeetingEvent.id == MeetingExpected.event_id).outerjoin(
        Attendance,
        (Attendance.event_id == MeetingExpected.event_id) & (Attendance.member_id == MeetingExpected.member_id),
    )


def _of_tick(statement: Select[Any]) -> Select[Any]:
    return statement.join_from(AttendanceTick, MeetingEvent, MeetingEvent.id == AttendanceTick.event_id)


def _with_branches(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join_from(Attachment, Review, Review.id == Attachment.id)
        .join(_Home, _Home.id == Attachment.home_id)
        .join(_Host, _Host.id == Attachment.host_id)
    )


def _with_both(statement: Select[Any]) -> Select[Any]:
    talkers = statement.join_from(Talk, _Talker, _Talker.id == Talk.talker_id)
    return talkers.join(_Partner, _Partner.id == Talk.partner_id)


_TITLE: Final = MeetingEvent.title.label("title")
SECTIONS: Final = (
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
        {MakeUp.id: _("Id"), _TITLE: _("Meeting"), MakeUp.done_on: _("Made up on"), MakeUp.how: _("How")},
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
    section(
        "talks",
        _("Talks"),
        {
            Talk.id: _("Id"),
            Talk.held_on: _("Day"),
            _Talker.name.label("talker"): _("Who talked"),
            _Partner.name.label("partner"): _("With whom"),
            Talk.category: _("Kind"),
            Talk.recorded_at: _("Recorded"),
            Talk.refuted_at: _("Said not to be so"),
        },
        mine=or_(Talk.talker_id == ME, Talk.partner_id == ME),
        joined=_with_both,
        by=(Talk.held_on, Talk.id),
    ),
    section(
        "calendar",
        _("Private address of your meetings"),
        {CalendarFeed.made_at: _("Made")},
        mine=CalendarFeed.member_id,
        by=(CalendarFeed.made_at,),
    ),
    section(
        "attachments",
        ATTACHMENT.label,
        {
            Attachment.id: _("Id"),
            _Home.name.label("home"): _("Own branch"),
            _Host.name.label("host"): _("Takes part in"),
            Attachment.kind: _("Kind"),
            Attachment.first_on: _("From"),
            Attachment.last_on: _("Until"),
            Attachment.ended_on: _("Ended"),
            Review.status: _("State"),
        },
        joined=_with_branches,
        mine=Attachment.member_id,
        by=(Attachment.first_on, Attachment.id),
    ),
    section(
        "check_ins",
        _("Codes of rooms that you typed"),
        {
            MeetingCheckIn.id: _("Id"),
            MeetingEvent.title.label("title"): _("Meeting"),
            MeetingCheckIn.occurred_at: _("By the phone's clock"),
            MeetingCheckIn.corrected_at: _("By our clock"),
            MeetingCheckIn.received_at: _("Arrived"),
            MeetingCheckIn.device_id: _("Device"),
            MeetingCheckIn.seq: _("Counter of the phone"),
            MeetingCheckIn.outcome: _("What it was worth"),
            MeetingCheckIn.reason: _("Why"),
            MeetingCheckIn.minutes_late: _("Minutes after the beginning"),
            MeetingCheckIn.minutes_off: _("Minutes between code and moment"),
            MeetingCheckIn.tick_id: _("Its attendance"),
        },
        mine=MeetingCheckIn.member_id,
        joined=lambda rows: rows.join_from(MeetingCheckIn, MeetingEvent, MeetingEvent.id == MeetingCheckIn.event_id),
        by=(MeetingCheckIn.received_at, MeetingCheckIn.id),
    ),
)
PURPOSES: Final = {
    "meetings": Purpose(
        _("Meetings and your attendance"),
        _(
            "your branch's officers, whoever decides on the records of these, "
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
}
