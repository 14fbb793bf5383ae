"""A record of study: what it says, which fact it brings, and how it is told of."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext as _
from app.features.education.rules import MINUTES
from app.features.records.forms import payload_model
from app.features.records.kinds import Particulars, RecordKind
from app.features.records.queries import AnyRow
from app.features.records.rules import NewRecord
from app.features.reviews import sessions
from app.features.reviews.kinds import FactDraft
from app.features.reviews.models import Review
from app.features.study import words
from app.features.study.hours.queries import day_hours
from app.features.study.models import StudyRecord
from app.features.study.rules import Studied, StudyKind, alike, check_length, fact_type_of, quantity_of

NAME: Final = "study.record"


def describe(detail: Mapping[str, Any]) -> str:
    """``Self-study · 30 minutes``."""
    return f"{StudyKind(detail['kind']).label} · {words.length(detail['minutes'])}"


def _shown(row: AnyRow) -> str:
    """The length alone, where the kind is the title."""
    length = words.length(row.minutes)
    return length if row.title == str(row.kind.label) else f"{row.kind.label} · {length}"


def _told(row: AnyRow) -> Particulars:
    """What was captured; of training also how long a whole day is here, of the others what was taken away, if said."""
    said = [(_("Kind"), str(row.kind.label)), (_("Length"), words.length(row.minutes))]
    if row.day_minutes:
        said.append((_("A whole day here"), words.length(row.day_minutes)))
    if row.takeaway:
        said.append((_("Takeaway"), row.takeaway))
    return said


def _fact(row: AnyRow) -> FactDraft:
    """One item, session or day; minutes never count (red line 2)."""
    quantity = quantity_of(row.kind, row.minutes, row.day_minutes)
    return FactDraft(fact_type_of(row.kind), row.occurred_on, quantity=quantity, note=row.title)


def _told_by_a_meeting(session: Session, reviews: Sequence[Review], rows: Collection[AnyRow]) -> Collection[UUID]:
    """Organised sessions that a meeting has brought already."""
    whose = {review.id: review.member_id for review in reviews}
    said = {row.id: (whose[row.id], row.occurred_on, row.title) for row in rows if row.kind is StudyKind.ORGANISED}
    counted = sessions.counted(session, NAME, said.values())
    return {key for key, one in said.items() if one in counted}


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
    alike=alike,
    untitled=lambda said: said.kind.label,
    words={"title": _("Title"), "minutes": _("Length"), "takeaway": _("Takeaway"), "kind": _("Kind")},
    columns={
        "kind": _("Kind"),
        "minutes": _("Minutes"),
        "day_minutes": _("Minutes of a whole day of training"),
        "takeaway": _("Takeaway"),
    },
    line=("kind", "minutes"),
    describe=describe,
    shown=_shown,
    told=_told,
    returned=_("Returned; correct it under My study"),
    fact_types=tuple(dict.fromkeys(map(fact_type_of, StudyKind))),
    fact=_fact,
    no_fact=_told_by_a_meeting,
    found_when_stored=_day_of_training,
    payload=payload_model(Studied, kind=(StudyKind, StudyKind.SELF_STUDY)),
    stands_in_for=r"/study/new(\?title=[^&]*&kind=\w+)?",
    is_session=lambda detail: detail.get("kind") == StudyKind.ORGANISED,
)
