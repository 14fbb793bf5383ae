"""Reports of study as they were given out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.features.board.reports.rules import REMARK_LENGTH
from app.features.members.models import Member, Organisation


class StudyReport(Base):
    """A branch's report of a quarter, with its numbers of that day. Append-only: given out, it stays."""

    __tablename__ = "study_reports"
    __table_args__ = (
        UniqueConstraint("branch_id", "year", "quarter", name="uq_study_reports_once"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_of_a_year"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint(f"length(trim(remark)) BETWEEN 1 AND {REMARK_LENGTH}", name="remark_not_blank"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="made from branch and quarter: one of each")
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    year: Mapped[int]
    quarter: Mapped[int]
    remark: Mapped[str | None] = mapped_column(String(REMARK_LENGTH))
    numbers: Mapped[dict[str, Any]] = mapped_column(JSON, comment="rules.Numbers; of nobody by name")
    given_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
