"""Study records as they were captured."""

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.records.models import Recorded
from app.features.study.rules import MOST_MINUTES, TAKEAWAY_LENGTH, TITLE_LENGTH, StudyKind


class StudyRecord(Recorded, Base):
    """What somebody studied, when and for how long. Its id is made before, on the phone or in the form."""

    __tablename__ = "study_records"
    __table_args__ = (
        CheckConstraint(f"minutes BETWEEN 1 AND {MOST_MINUTES}", name="minutes_of_a_day"),
        CheckConstraint(f"length(trim(title)) BETWEEN 1 AND {TITLE_LENGTH}", name="has_title"),
        CheckConstraint(f"length(trim(takeaway)) BETWEEN 1 AND {TAKEAWAY_LENGTH}", name="takeaway_not_blank"),
        CheckConstraint("day_minutes IN (360, 480)", name="day_of_6_or_8_hours"),
        CheckConstraint("day_minutes IS NULL OR kind = 'training'", name="day_of_training"),
        Index("ix_study_records_member", "member_id", "occurred_on"),
        Index("ix_study_records_branch", "branch_id", "occurred_on"),
    )
    kind: Mapped[StudyKind]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    minutes: Mapped[int] = mapped_column(comment="education hours only, never points (red line 2)")
    takeaway: Mapped[str | None] = mapped_column(String(TAKEAWAY_LENGTH))
    day_minutes: Mapped[int | None] = mapped_column(comment="of training: a whole day in the unit; NULL: 480")
