"""Grades of quarters as officers entered them; whether one counts says its review."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.entries.appraisals.rules import NOTE_LENGTH
from app.features.ledger.rules import AppraisalGrade
from app.features.members.models import Member
from app.features.reviews.models import Review


class Appraisal(Base):
    """One grade of one quarter. Another grade of the same quarter is a new row, with the next version."""

    __tablename__ = "appraisals"
    __table_args__ = (
        CheckConstraint("entered_by_id <> member_id", name="not_about_oneself"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="one_of_four"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint(f"length(trim(note)) BETWEEN 1 AND {NOTE_LENGTH}", name="note_not_blank"),
        UniqueConstraint("member_id", "year", "quarter", "version", name="uq_appraisals_version"),
        Index("ix_appraisals_entered_by", "entered_by_id", "year", "quarter"),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    year: Mapped[int]
    quarter: Mapped[int]
    version: Mapped[int] = mapped_column(comment="goes up with each other grade of the quarter")
    grade: Mapped[AppraisalGrade]
    note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH), comment="of the unit, or why the grade changes")
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
