"""What officers see of a study record, and what its approval brings."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import formats
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.features.records.service import others_alike, when
from app.features.reviews import sessions
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.study import queries, words
from app.features.study.rules import NewStudy, StudyKind, alike, fact_type_of, quantity_of
from app.features.sync.captures import keep_out


def detail_of(study: NewStudy) -> dict[str, Any]:
    """What ``describe`` needs."""
    return {"kind": study.kind.value, "minutes": study.minutes}


def describe(detail: Mapping[str, Any]) -> str:
    """``Self-study · 30 minutes``."""
    return f"{StudyKind(detail['kind']).label} · {words.length(detail['minutes'])}"


def facts(session: Session, reviews: Sequence[Review]) -> dict[UUID, FactDraft]:
    """One item, session or day each; minutes never count (red line 2), nor a session that a meeting brought."""
    whose = {review.id: review.member_id for review in reviews}
    records = queries.LISTS.whole(session, list(whose)).values()
    said = {row.id: (whose[row.id], row.occurred_on, row.title) for row in records if row.kind is StudyKind.ORGANISED}
    counted = sessions.counted(session, STUDY.name, said.values())
    return {
        row.id: FactDraft(
            fact_type_of(row.kind),
            row.occurred_on,
            quantity=quantity_of(row.kind, row.minutes, row.day_minutes),
            note=row.title,
        )
        for row in records
        if said.get(row.id) not in counted
    }


def particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    """What was captured, and both times where they differ."""
    row = queries.LISTS.whole(session, [review_id])[review_id]
    told: list[tuple[LazyText | str, str]] = [
        (_("Kind"), str(row.kind.label)),
        (_("Length"), words.length(row.minutes)),
        (_("Day"), formats.day(row.occurred_on)),
    ]
    if row.day_minutes:
        told.append((_("A whole day here"), words.length(row.day_minutes)))
    if row.takeaway:
        told.append((_("Takeaway"), row.takeaway))
    return told + when(row)


STUDY: Final = ReviewKind(
    name="study.record",
    label=lazy_gettext("Study"),
    facts=facts,
    fact_types=tuple(dict.fromkeys(map(fact_type_of, StudyKind))),
    describe=describe,
    particulars=particulars,
    listed_at="/study",
    corrected_at="/study/new?corrects={id}",
    alike=others_alike(queries.LISTS, alike, lambda row: describe({"kind": row.kind, "minutes": row.minutes})),
    is_session=lambda detail: detail.get("kind") == StudyKind.ORGANISED,
    on_withdrawn=keep_out,
)
