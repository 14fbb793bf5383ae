"""Volunteering as it was captured."""

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.records.models import Recorded
from app.features.volunteering.rules import MOST_HALF_DAYS, TITLE_LENGTH


class VolunteeringRecord(Recorded, Base):
    """What somebody did for others on a day. Its id is made before, on the phone or in the form."""

    __tablename__ = "volunteering_records"
    __table_args__ = (
        CheckConstraint(f"half_days BETWEEN 1 AND {MOST_HALF_DAYS}", name="half_days_of_a_day"),
        CheckConstraint(f"length(trim(title)) BETWEEN 1 AND {TITLE_LENGTH}", name="has_title"),
        Index("ix_volunteering_records_member", "member_id", "occurred_on"),
    )
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    half_days: Mapped[int] = mapped_column(comment="one from three hours on; a whole day is two")
