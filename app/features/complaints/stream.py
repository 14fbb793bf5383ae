"""Opinions and complaints 意见与投诉, as the house knows them."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import Purpose, section
from app.features.complaints import service
from app.features.complaints.due import COMPLAINTS as REMINDERS
from app.features.complaints.models import Complaint
from app.features.stream import Stream, SweepStep, in_one_unit

COMPLAINTS: Final = Stream(
    name="complaints",
    routes=("app.features.complaints.routes",),
    reminders=(REMINDERS,),
    own_data=(
        section(
            "complaints",
            _("Opinions and complaints"),
            {
                Complaint.sent_on: _("Day"),
                Complaint.said: _("What"),
                Complaint.due_on: _("Due"),
                Complaint.state: _("State"),
                Complaint.answer: _("Answer"),
                Complaint.ended_on: _("Ended"),
            },
            mine=Complaint.sender_id,
            by=(Complaint.sent_on, Complaint.id),
            of_collectors=True,
        ),
    ),
    purposes={
        "complaints": Purpose(
            _("Opinions and complaints you have signed"),
            _("you and whoever answers them, never whom they are about"),
            _("so that you get an answer; those you did not sign are not known to be yours"),
        )
    },
    sweep=(
        SweepStep(
            _("Opinions and complaints, erased a year after the answer: %(number)s."),
            in_one_unit(service.forget),
            erases=True,
        ),
    ),
)
