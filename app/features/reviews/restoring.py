"""A withdrawal that was a slip is taken back."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import locked
from app.features.reviews.errors import CorrectedSinceError
from app.features.reviews.models import Review
from app.features.reviews.outcomes import Refused, sift, unknown
from app.features.reviews.rules import ReviewStatus, check_in_time

_IDS: Final[BindParameter[Any]] = bindparam("ids", type_=Uuid(), expanding=True)
_HELD: Final = locked(select(Review).where(Review.id.in_(_IDS)).order_by(Review.id))
_OWN: Final = _HELD.where(or_(Review.member_id == bindparam("by"), Review.recorded_by_id == bindparam("by")))
_CORRECTED: Final = select(Review.corrects_id).where(
    Review.corrects_id.in_(_IDS), Review.status != ReviewStatus.WITHDRAWN
)


def restore(session: Session, ids: Collection[UUID], *, by_id: UUID) -> tuple[Refused, ...]:
    """Let records wait again that were withdrawn by a slip, while ``UNDO_LASTS``. Twice is once.

    What stays withdrawn is named: ``NotFoundError`` for what is none of theirs, ``UndoOverError`` when the time is
    over, ``CorrectedSinceError`` for a correction whose place another one has taken.
    """
    held = session.scalars(_OWN, {"ids": list(ids), "by": by_id}).all()
    origins = {review.corrects_id for review in held if review.corrects_id}
    open_origins = {
        review.id
        for review in (session.scalars(_HELD, {"ids": sorted(origins)}) if origins else ())
        if review.status is ReviewStatus.RETURNED
    } - set(session.scalars(_CORRECTED, {"ids": sorted(origins)}))
    now = clock.now()

    def check(review: Review) -> None:
        if review.corrects_id and review.corrects_id not in open_origins:
            raise CorrectedSinceError
        check_in_time(review.decided_at, now=now)

    withdrawn = [review for review in held if review.status is ReviewStatus.WITHDRAWN]
    done, refused = sift(withdrawn, check)
    for review in done:
        review.status, review.decided_at = ReviewStatus.PENDING, None
    session.flush()
    return (*refused, *unknown(ids, held))
