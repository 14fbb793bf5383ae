"""A record of study: what it says, which fact it brings, and how it is told of."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext as _
from app.core.rows import AnyRow
from app.features.education.rules import MINUTES
from app.features.records import announced
from app.features.records.forms import payload_model
from app.features.records.kinds import FieldWords, RecordKind
from app.features.records.rules import NewRecord
from app.features.reviews import sessions
from app.features.reviews.kinds import FactDraft
from app.features.reviews.models import Review
from app.features.study import words
from app.features.study.hours.queries import day_hours
from app.features.study.models import StudyRecord
from app.features.study.rules import Studied, StudyKind, check_length, fact_type_of, quantity_of

NAME: Final = "study.record"


def _fact(row: AnyRow) -> FactDraft:
    """One item, session or day; minutes never count (red line 2)."""
    quantity = quantity_of(row.kind, row.minutes, row.day_minutes)
    return FactDraft(fact_type_of(row.kind), row.occurred_on, quantity=quantity, note=row.title)


def _facts(session: Session, of: Sequence[Review]) -> Mapping[UUID, FactDraft]:
    """What they bring, but for organised sessions that a meeting has brought already."""
    said = {one.id: (one.member_id, one.occurred_on, one.title) for one in of if _is_session(one.detail)}
    counted = sessions.counted(session, NAME, said.values())
    return announced.facts(session, RECORD, [one for one in of if said.get(one.id) not in counted])


def _is_session(detail: Mapping[str, Any]) -> bool:
    return detail.get("kind") == StudyKind.ORGANISED


def _day_of_training(session: Session, news: Sequence[NewRecord[Studied]]) -> Mapping[UUID, Mapping[str, int | None]]:
    """How long a whole day is in the unit of each training.

    Raises:
        TooShortForTrainingError: see ``rules.check_length``.
    """
    found: dict[UUID, Mapping[str, int | None]] = {}
    for new in news:
        minutes = None
        if new.said.kind is StudyKind.TRAINING:
            minutes = MINUTES * day_hours(session, new.branch_id, new.occurred_on.year)
            check_length(new.said.kind, new.said.minutes, minutes)
        found[new.id] = {"day_minutes": minutes}
    return found


RECORD: Final = RecordKind(
    name=NAME,
    room="study",
    label=_("Study"),
    icon="book",
    model=StudyRecord,
    content=Studied,
    fields={
        "title": FieldWords(_("Title")),
        "kind": FieldWords(_("Kind")),
        "minutes": FieldWords(_("Length"), _("Minutes"), words.length),
        "day_minutes": FieldWords(_("A whole day here"), _("Minutes of a whole day of training"), words.length),
        "takeaway": FieldWords(_("Takeaway")),
    },
    line=("kind", "minutes"),
    returned=_("Returned; correct it under My study"),
    fact_types=tuple(dict.fromkeys(map(fact_type_of, StudyKind))),
    fact=_fact,
    found_when_stored=_day_of_training,
)
REVIEW: Final = announced.review_kind(RECORD, facts=_facts, is_session=_is_session)
CAPTURED: Final = announced.captured_kind(
    RECORD,
    payload_model(Studied, kind=(StudyKind, StudyKind.SELF_STUDY)),
    stands_in_for=r"/study/new(\?title=[^&]*&kind=\w+)?",
)
