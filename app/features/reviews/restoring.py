"""A withdrawal that was a slip is taken back."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import IDS, locked
from app.features.reviews import sessions
from app.features.reviews.errors import CorrectedSinceError
from app.features.reviews.kinds import kind_called
from app.features.reviews.models import Review
from app.features.reviews.outcomes import Refused, sift, unknown
from app.features.reviews.rules import Flag, ReviewStatus, check_in_time

_HELD: Final = locked(select(Review).where(Review.id.in_(IDS)).order_by(Review.id))
_OWN: Final = _HELD.where(
    Review.kind == bindparam("kind"), Review.member_id == bindparam("by"), Review.recorded_by_id == bindparam("by")
)
"""Of this kind, and of one person alone: what two may withdraw, only the other one might want to stand again."""
_CORRECTED: Final = select(Review.corrects_id).where(
    Review.corrects_id.in_(IDS), Review.status != ReviewStatus.WITHDRAWN
)


def restore(session: Session, ids: Collection[UUID], *, kind: str, by_id: UUID) -> tuple[Refused, ...]:
    """Let own records of a kind wait again that were withdrawn by a slip, while ``UNDO_LASTS``. Twice is once.

    What is much like something that was recorded meanwhile is marked for the officer, as a new record would be.

    What stays withdrawn is named: ``NotFoundError`` for what is none of theirs, ``UndoOverError`` when the time is
    over, ``CorrectedSinceError`` for a correction whose place another one has taken.
    """
    held = session.scalars(_OWN, {"ids": list(ids), "by": by_id, "kind": kind}).all()
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
    alike = kind_called(kind).alike
    beside = sessions.beside(session, done)
    for review in done:
        row: Any = review  # it has the names of one
        overlaps = review.id in beside or (alike and alike(session, row))
        if overlaps and Flag.OVERLAP not in review.flags:
            review.flags = (*review.flags, Flag.OVERLAP)
    session.flush()
    return (*refused, *unknown(ids, held))
