"""What approved records bring into the ledger, and the records that follow from them without being submitted."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.ledger import service as ledger
from app.features.reviews import service, sessions
from app.features.reviews.kinds import by_kind, fact_of
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import ReviewStatus


def post(session: Session, approved: Collection[Review]) -> None:
    """Let the ledger say what these bring. What stands there already stays as it is."""
    facts = [
        fact_of(review, draft, confirmed_by_id=review.decided_by_id)
        for kind, reviews in by_kind(approved)
        for drafts in [kind.facts(session, reviews)]
        for review in reviews
        if review.decided_by_id and (draft := drafts.get(review.id))
    ]
    ledger.append(session, facts)


def announce(session: Session, approved: Collection[Review]) -> None:
    """Let their streams do what else an approval brings."""
    for kind, reviews in by_kind(approved):
        if kind.on_approved:
            kind.on_approved(session, reviews)


def post_beside(session: Session, changed: Collection[Review]) -> None:
    """Let a session count again that stood back for one of the ``changed``, where that one counts no more."""
    beside = {other.id: other for others in sessions.beside(session, changed).values() for other in others}
    if approved := [other for _id, other in sorted(beside.items()) if other.status is ReviewStatus.APPROVED]:
        post(session, approved)
        announce(session, approved)


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
