"""Study records as they were captured."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.records.models import Recorded
from app.features.study.rules import MOST_MINUTES, TAKEAWAY_LENGTH, StudyKind


class StudyRecord(Recorded, Base):
    """What somebody studied, when and for how long. Its id is made before, on the phone or in the form."""

    __tablename__ = "study_records"
    CHECKS = (
        ("minutes_of_a_day", f"minutes BETWEEN 1 AND {MOST_MINUTES}"),
        ("takeaway_not_blank", f"length(trim(takeaway)) BETWEEN 1 AND {TAKEAWAY_LENGTH}"),
        ("day_of_6_or_8_hours", "day_minutes IN (360, 480)"),
        ("day_of_training", "day_minutes IS NULL OR kind = 'training'"),
    )
    kind: Mapped[StudyKind]
    minutes: Mapped[int] = mapped_column(comment="education hours only, never points (red line 2)")
    takeaway: Mapped[str | None] = mapped_column(String(TAKEAWAY_LENGTH))
    day_minutes: Mapped[int | None] = mapped_column(comment="of training: a whole day in the unit; NULL: 480")


Index("ix_study_records_branch", StudyRecord.branch_id, StudyRecord.occurred_on)
