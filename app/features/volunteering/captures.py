"""Volunteering out of phones' queues."""

from typing import Final

from app.core import texts
from app.core.i18n import lazy_gettext as _
from app.features.sync.captures import OnPhone, reviewed_kind
from app.features.sync.items import Item
from app.features.volunteering.forms import VolunteeringPayload
from app.features.volunteering.review_kind import VOLUNTEERING
from app.features.volunteering.rules import UNTITLED, NewVolunteering
from app.features.volunteering.service import record_all


def _new(item: Item[VolunteeringPayload]) -> NewVolunteering:
    """A captured item as a record."""
    title = texts.visible(item.payload.title).strip() or str(UNTITLED)
    return NewVolunteering.of_item(item, title=title, half_days=item.payload.half_days)


VOLUNTEERING_RECORD: Final = reviewed_kind(
    name=VOLUNTEERING.name,
    payload=VolunteeringPayload,
    new=_new,
    record=record_all,
    words={"title": _("What was it"), "half_days": _("Length"), "day": _("Day")},
    on_phone=OnPhone(
        icon="people",
        label=VOLUNTEERING.label,
        part="volunteering",
        page="/volunteering/new",
        stands_in_for="/volunteering/new",
        repairable=True,
        returned=_("Returned; correct it under My volunteering"),
    ),
)
