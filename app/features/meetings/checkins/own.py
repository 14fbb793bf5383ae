"""What is kept of somebody's check-ins, as the person reads it, and what time brings about."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import section
from app.features.meetings.checkins import codes
from app.features.meetings.checkins.models import MeetingCheckIn
from app.features.meetings.events.models import MeetingEvent
from app.features.stream import SweepStep, in_one_unit

CHECK_INS: Final = section(
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
)
SECRETS: Final = (
    SweepStep(_("Secrets of coming meetings' codes, made: %(number)s."), in_one_unit(codes.make_missing)),
    SweepStep(_("Secrets of past meetings' codes, erased: %(number)s."), in_one_unit(codes.erase_old), erases=True),
)
