"""Volunteering 志愿服务, as the house knows it."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.own_data import section
from app.features.stream import OwnPage, Stream
from app.features.volunteering.captures import VOLUNTEERING_RECORD
from app.features.volunteering.models import VolunteeringRecord
from app.features.volunteering.review_kind import VOLUNTEERING as RECORD

VOLUNTEERING: Final = Stream(
    name="volunteering",
    routes=("app.features.volunteering.routes",),
    review_kinds=(RECORD,),
    captures=(VOLUNTEERING_RECORD,),
    pages=(OwnPage("/volunteering", "people", RECORD.label),),
    own_data=(
        section(
            "volunteering",
            RECORD.label,
            {
                VolunteeringRecord.id: _("Id"),
                VolunteeringRecord.title: _("What"),
                VolunteeringRecord.occurred_on: _("Day"),
                VolunteeringRecord.half_days: _("Half-days"),
                VolunteeringRecord.device_time: _("Time on the phone"),
                VolunteeringRecord.made_offline: _("Without a network"),
            },
            mine=VolunteeringRecord.member_id,
            by=(VolunteeringRecord.occurred_on, VolunteeringRecord.id),
        ),
    ),
)
