"""Study records as they were captured. A correction is a new row; the state of each is its review's."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review
from app.features.study.rules import DEVICE_TIME_LENGTH, MOST_MINUTES, TAKEAWAY_LENGTH, TITLE_LENGTH, StudyKind


class StudyRecord(Base):
    """What somebody studied, when and for how long. Its id is made before, on the phone or in the form."""

    __tablename__ = "study_records"
    __table_args__ = (
        CheckConstraint(f"minutes BETWEEN 1 AND {MOST_MINUTES}", name="minutes_of_a_day"),
        CheckConstraint(f"length(trim(title)) BETWEEN 1 AND {TITLE_LENGTH}", name="has_title"),
        CheckConstraint(f"length(trim(takeaway)) BETWEEN 1 AND {TAKEAWAY_LENGTH}", name="takeaway_not_blank"),
        Index("ix_study_records_member", "member_id", "occurred_on"),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    kind: Mapped[StudyKind]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    minutes: Mapped[int] = mapped_column(comment="education hours only, never points (red line 2)")
    takeaway: Mapped[str | None] = mapped_column(String(TAKEAWAY_LENGTH))
    occurred_on: Mapped[date] = mapped_column(comment="branch-local day, never after the one it arrived on")
    occurred_at: Mapped[datetime] = mapped_column(comment="corrected by the measured error of the phone's clock")
    device_time: Mapped[str] = mapped_column(
        String(DEVICE_TIME_LENGTH), comment="the phone's own words for it, kept exactly"
    )
    received_at: Mapped[datetime]
    made_offline: Mapped[bool] = mapped_column(default=False)
