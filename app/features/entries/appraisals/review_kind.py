"""What an officer sees of a quarter's grade, and the fact it brings."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.features.entries.appraisals import service
from app.features.entries.appraisals.queries import with_versions
from app.features.entries.appraisals.rules import Quarter
from app.features.ledger.rules import AppraisalGrade, FactType
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review


def _describe(detail: Mapping[str, Any]) -> str:
    """``good``, or ``fairly good → good: a clerical error`` where it changes."""
    grade = str(AppraisalGrade(detail["grade"]).label)
    if detail["was"]:
        grade = f"{AppraisalGrade(detail['was']).label} → {grade}"
    return f"{grade} · {detail['note']}" if detail["note"] else grade


def _facts(session: Session, reviews: Sequence[Review]) -> dict[UUID, FactDraft]:
    """The fact of each grade that stands; one that a later one has replaced brings none any more."""
    return {
        review.id: FactDraft(
            FactType.APPRAISAL_QUARTER, review.occurred_on, grade=one.grade.value, note=review.title, of_period=True
        )
        for review, one, entered in with_versions(session, reviews)
        if (stands := entered.stands()) is None or stands[0].version <= one.version
    }


def _particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    review = session.get_one(Review, review_id)
    told: list[tuple[LazyText | str, str]] = [
        (_("Quarter"), Quarter(*review.detail["quarter"]).words),
        (_("Grade"), str(AppraisalGrade(review.detail["grade"]).label)),
    ]
    if review.detail["was"]:
        told.append((_("Confirmed until now"), str(AppraisalGrade(review.detail["was"]).label)))
    if review.detail["note"]:
        told.append((_("Remark"), review.detail["note"]))
    return told


APPRAISAL: Final = ReviewKind(
    name=service.KIND,
    label=lazy_gettext("Quarterly appraisal"),
    facts=_facts,
    fact_types=(FactType.APPRAISAL_QUARTER,),
    describe=_describe,
    particulars=_particulars,
    gathered=lambda detail: _("Quarterly appraisal, %(quarter)s") % {"quarter": Quarter(*detail["quarter"]).words},
    listed_at="/sheet",
    is_own_doing=False,
    barred=lambda session, _by, reviews, status: dict(service.barred(session, reviews, status)),
    on_approved=service.replace_earlier,
    on_undone=lambda session, reviews, _by: service.let_earlier_stand(session, reviews),
)
