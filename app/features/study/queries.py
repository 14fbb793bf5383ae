"""What the study pages show, and what officers see of a record."""

from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.features.members.actor import Actor
from app.features.records.queries import Lists
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.study.models import StudyRecord
from app.features.study.rules import Hours, StudyKind

LISTS: Final = Lists(StudyRecord, StudyRecord.kind, StudyRecord.title, StudyRecord.minutes, StudyRecord.takeaway)
_LAST_KIND: Final = (
    select(StudyRecord.kind)
    .where(StudyRecord.member_id == bindparam("me"))
    .order_by(StudyRecord.received_at.desc())
    .limit(1)
)
_HOURS: Final = (
    select(Review.status, func.sum(StudyRecord.minutes).label("minutes"))
    .join(Review, Review.id == StudyRecord.id)
    .where(
        StudyRecord.member_id == bindparam("me"),
        StudyRecord.occurred_on >= bindparam("since"),
        StudyRecord.occurred_on <= bindparam("until"),
    )
    .group_by(Review.status)
)


def last_kind(session: Session, actor: Actor) -> StudyKind:
    """What the actor recorded last, which is mostly what comes next."""
    return session.scalar(_LAST_KIND, {"me": actor.member_id}) or StudyKind.SELF_STUDY


def hours(session: Session, member_id: UUID, *, year: int) -> Hours:
    """Education hours of one member in ``year``, in minutes."""
    asked = {"me": member_id, "since": date(year, 1, 1), "until": date(year, 12, 31)}
    minutes = {row.status: int(row.minutes) for row in session.execute(_HOURS, asked)}
    return Hours(minutes.get(ReviewStatus.APPROVED, 0), minutes.get(ReviewStatus.PENDING, 0))
