"""What is due for one member, in as few words as a line of the page of today has."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Uuid, bindparam, exists, select, union
from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties.models import Duty, DutyHandOver, DutyOutcome
from app.features.shows.duties.rules import SOON
from app.features.shows.duties.view import HOLDER_ID, AnyRow

_ME: Final = bindparam("me", type_=Uuid())
_ENDED: Final = exists().where(
    DutyOutcome.duty_id == Duty.id,
    Review.id == DutyOutcome.id,
    Review.status.in_((ReviewStatus.PENDING, ReviewStatus.APPROVED)),
)
_REASON: Final = (
    select(Review.reason)
    .join(DutyOutcome, DutyOutcome.id == Review.id)
    .where(DutyOutcome.duty_id == Duty.id, Review.status == ReviewStatus.RETURNED)
    .order_by(DutyOutcome.attempt.desc())
    .limit(1)
    .correlate(Duty)
    .scalar_subquery()
)
_DUE: Final = (
    select(Duty.id, Duty.matter, Duty.due_on, _REASON.label("reason"))
    .where(
        Duty.id.in_(
            union(
                select(Duty.id).where(Duty.member_id == _ME),
                select(DutyHandOver.duty_id).where(DutyHandOver.to_id == _ME),
            )
        ),
        Duty.cancelled_at.is_(None),
        Duty.due_on <= bindparam("until"),
        HOLDER_ID == _ME,
        ~_ENDED,
    )
    .order_by(Duty.due_on, Duty.id)
)


def due(session: Session, actor: Actor, today: date) -> Sequence[AnyRow]:
    """What the actor is responsible for and has not ended, due ``SOON`` or overdue, the nearest first.

    Rows ``id, matter, due_on, reason``; the reason is why an officer gave the reported end back. One statement.
    """
    return session.execute(_DUE, {"me": actor.member_id, "day": today, "until": today + SOON}).all()
