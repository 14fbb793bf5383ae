"""Volunteering 志愿服务, as the house knows it."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.features.ledger.rules import ONE, FactType
from app.features.records.kinds import RecordKind
from app.features.reviews.kinds import FactDraft
from app.features.stream import OwnPage, Stream
from app.features.volunteering.models import VolunteeringRecord
from app.features.volunteering.rules import Volunteered, alike, length

RECORD: Final = RecordKind(
    name="service.half_day",
    room="volunteering",
    label=_("Volunteering"),
    icon="people",
    model=VolunteeringRecord,
    content=Volunteered,
    alike=alike,
    words={"title": _("What was it"), "half_days": _("Length")},
    columns={"half_days": _("Half-days")},
    line=("half_days",),
    describe=lambda detail: length(detail["half_days"]),
    told=lambda row: [(_("Length"), length(row.half_days))],
    returned=_("Returned; correct it under My volunteering"),
    fact_types=(FactType.SERVICE_HALF_DAY,),
    fact=lambda row: FactDraft(
        FactType.SERVICE_HALF_DAY, row.occurred_on, quantity=row.half_days * ONE, note=row.title
    ),
)
VOLUNTEERING: Final = Stream(
    name="volunteering",
    routes=("app.features.volunteering.routes",),
    review_kinds=(RECORD.review_kind,),
    captures=(RECORD.captured_kind,),
    pages=(OwnPage(RECORD.home, RECORD.icon, RECORD.label),),
    own_data=(RECORD.own_data,),
)
