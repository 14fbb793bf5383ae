"""Study records out of phones' queues."""

from typing import Final

from app.core.i18n import lazy_gettext as _
from app.features.study.forms import StudyPayload
from app.features.study.review_kind import STUDY
from app.features.study.rules import NewStudy
from app.features.study.service import record_all
from app.features.sync.captures import OnPhone, reviewed_kind
from app.features.sync.items import Item


def new_study(item: Item[StudyPayload]) -> NewStudy:
    """A captured item as a record; without a title its kind says what it was."""
    said = item.payload
    return NewStudy.of_item(
        item,
        kind=said.kind,
        title=said.title or str(said.kind.label),
        minutes=said.minutes,
        takeaway=said.takeaway or None,
    )


STUDY_RECORD: Final = reviewed_kind(
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
    on_phone=OnPhone(
        icon="book",
        label=STUDY.label,
        part="study",
        page="/study/new",
        stands_in_for=r"/study/new(\?title=[^&]*&kind=\w+)?",
        repairable=True,
        returned=_("Returned; correct it under My study"),
    ),
)
