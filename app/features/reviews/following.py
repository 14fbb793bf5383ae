"""Records that nobody submits: they follow from one that was approved, by the same word, and go when it goes."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.reviews import service
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus


def stand(session: Session, new: NewReview, ground: Review) -> Review:
    """Let a record stand that follows from the approved ``ground``, in the name of who approved that.

    Whose record it is and who recorded it must be as with the ground: the four eyes are the same.
    """
    review = service.submit(session, [new])[0].review
    review.status, review.decided_by_id = ReviewStatus.APPROVED, ground.decided_by_id
    review.decided_at, review.decision_id = clock.now(), new_id()
    session.flush()
    return review


def fall(session: Session, reviews: Collection[Review]) -> None:
    """Let records count no more whose ground is gone; nobody has to decide on them."""
    for review in reviews:
        review.status, review.decided_at = ReviewStatus.WITHDRAWN, clock.now()
        review.decided_by_id = review.decision_id = None
    session.flush()
