"""Records of a stream that exists only in tests: each approval brings one study item."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.i18n import lazy_gettext
from app.core.ids import new_id
from app.features.ledger.rules import FactType
from app.features.reviews.kinds import FactDraft, ReviewKind, know
from app.features.reviews.outcomes import NewReview
from app.features.reviews.service import submit
from tests.makers import Person

told: list[tuple[str, UUID]] = []
"""What the stream was told of: ("returned" or "withdrawn", id)."""


def _tell(word):
    return lambda session, reviews: told.extend((word, review.id) for review in reviews)


KIND = ReviewKind(
    name="test.record",
    label=lazy_gettext("Test"),
    facts=lambda session, reviews: {
        review.id: FactDraft(FactType.STUDY_ITEM, review.occurred_on) for review in reviews if review.title != "无"
    },
    describe=lambda detail: str(detail.get("words", "")),
    particulars=lambda session, review_id: [("id", str(review_id))],
    on_returned=_tell("returned"),
    on_withdrawn=_tell("withdrawn"),
)
know([KIND])


def new_review(member: Person, **values: Any) -> NewReview:
    """A record of ``member`` by themselves on 9 March 2026, unless said otherwise."""
    return NewReview(
        **{
            "id": new_id(),
            "kind": KIND.name,
            "branch_id": member.branch_id,
            "member_id": member.id,
            "recorded_by_id": member.id,
            "title": "《监察法》",
            "occurred_on": date(2026, 3, 9),
            "submitted_at": datetime(2026, 3, 9, 4, tzinfo=UTC),
            **values,
        }
    )


def make_review(session: Session, member: Person, **values: Any) -> UUID:
    """``new_review``, submitted; gives its id."""
    return submit(session, [new_review(member, **values)])[0].review.id
