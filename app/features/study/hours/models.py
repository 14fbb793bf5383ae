"""What a committee decided about hours of education."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member, Organisation

DOCUMENT_LENGTH: Final = 60


class HoursDecision(Base):
    """Whether online hours count 网络学时计入 below, and how long a day of training is. Append-only: the last holds."""

    __tablename__ = "hours_decisions"
    __table_args__ = (
        CheckConstraint("first_year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint(f"length(trim(document)) BETWEEN 1 AND {DOCUMENT_LENGTH}", name="document_named"),
        CheckConstraint("day_hours IN (6, 8)", name="day_of_6_or_8_hours"),
        Index("ix_hours_decisions_organisation", "organisation_id", "first_year"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, comment="in the order of time")
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the committee")
    first_year: Mapped[int] = mapped_column(comment="it holds from this year on, until another one does")
    network_counts: Mapped[bool]
    day_hours: Mapped[int | None] = mapped_column(
        comment="of a whole day of training; holds once two officers have decided the same. NULL: nothing is said"
    )
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH), comment="number of the decision")
    decided_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)
