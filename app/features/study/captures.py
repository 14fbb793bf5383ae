"""Study records out of phones' queues."""

from typing import Final

from app.core import clock
from app.core.i18n import lazy_gettext as _
from app.features.study.forms import StudyPayload
from app.features.study.review_kind import STUDY
from app.features.study.rules import NewStudy
from app.features.study.service import record_all
from app.features.sync.items import Item
from app.features.sync.streams import OnPhone, captured


def new_study(item: Item[StudyPayload]) -> NewStudy:
    """A captured item as a record. Nothing is refused for its time: an officer looks at it instead."""
    return NewStudy(
        id=item.id,
        branch_id=item.branch_id,
        member_id=item.member_id,
        recorded_by_id=item.recorded_by_id,
        kind=item.payload.kind,
        title=item.payload.title or str(item.payload.kind.label),
        minutes=item.payload.minutes,
        takeaway=item.payload.takeaway or None,
        occurred_on=clock.local_day(item.happened_at),
        occurred_at=item.happened_at,
        device_time=item.occurred_as_sent,
        received_at=item.received_at,
        made_offline=item.made_offline,
        flags=item.flags,
    )


STUDY_RECORD: Final = captured(
    name=STUDY.name,
    payload=StudyPayload,
    new=new_study,
    record=record_all,
    words={
        "title": _("Title"),
        "minutes": _("Length"),
        "takeaway": _("Takeaway"),
        "kind": _("Kind"),
        "day": _("Day"),
    },
    on_phone=OnPhone(icon="book", label=STUDY.label, part="study", page="/study/new", repairable=True),
)
