"""Volunteering 志愿服务, as the house knows it."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.features.ledger.rules import ONE, FactType
from app.features.records.announced import captured_kind, own_data, review_kind
from app.features.records.kinds import FieldWords, RecordKind
from app.features.reviews.kinds import FactDraft
from app.features.stream import OwnPage, Stream
from app.features.volunteering.models import VolunteeringRecord
from app.features.volunteering.rules import Volunteered, length

RECORD: Final = RecordKind(
    name="service.half_day",
    room="volunteering",
    label=_("Volunteering"),
    icon="people",
    model=VolunteeringRecord,
    content=Volunteered,
    fields={"title": FieldWords(_("What was it")), "half_days": FieldWords(_("Length"), _("Half-days"), length)},
    line=("half_days",),
    returned=_("Returned; correct it under My volunteering"),
    fact_types=(FactType.SERVICE_HALF_DAY,),
    fact=lambda row: FactDraft(
        FactType.SERVICE_HALF_DAY, row.occurred_on, quantity=row.half_days * ONE, note=row.title
    ),
)
VOLUNTEERING: Final = Stream(
    name="volunteering",
    routes=("app.features.volunteering.routes",),
    review_kinds=(review_kind(RECORD),),
    captures=(captured_kind(RECORD),),
    pages=(OwnPage(RECORD.home, RECORD.icon, RECORD.label),),
    own_data=(own_data(RECORD),),
)
