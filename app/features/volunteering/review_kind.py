"""What an officer sees of volunteering, and what its approval brings."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import formats
from app.core.i18n import LazyText
from app.core.i18n import gettext as _
from app.features.ledger.rules import ONE, FactType
from app.features.records.queries import Lists
from app.features.records.service import others_alike, when
from app.features.reviews.kinds import FactDraft, ReviewKind
from app.features.reviews.models import Review
from app.features.sync.captures import keep_out
from app.features.volunteering.models import VolunteeringRecord
from app.features.volunteering.rules import UNTITLED, alike, length

LISTS: Final = Lists(VolunteeringRecord, VolunteeringRecord.title, VolunteeringRecord.half_days)


def _facts(session: Session, reviews: Sequence[Review]) -> dict[UUID, FactDraft]:
    return {
        row.id: FactDraft(FactType.SERVICE_HALF_DAY, row.occurred_on, quantity=row.half_days * ONE, note=row.title)
        for row in LISTS.whole(session, [review.id for review in reviews]).values()
    }


def _particulars(session: Session, review_id: UUID) -> list[tuple[LazyText | str, str]]:
    row = LISTS.whole(session, [review_id])[review_id]
    told: list[tuple[LazyText | str, str]] = [
        (_("Length"), length(row.half_days)),
        (_("Day"), formats.day(row.occurred_on)),
    ]
    return told + when(row)


VOLUNTEERING: Final = ReviewKind(
    name="service.half_day",
    label=UNTITLED,
    facts=_facts,
    fact_types=(FactType.SERVICE_HALF_DAY,),
    describe=lambda detail: length(detail["half_days"]),
    particulars=_particulars,
    listed_at="/volunteering",
    corrected_at="/volunteering/new?corrects={id}",
    alike=others_alike(LISTS, alike, lambda row: length(row.half_days)),
    on_withdrawn=keep_out,
)
