"""Volunteering as it was captured."""

from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.records.models import Recorded
from app.features.volunteering.rules import MOST_HALF_DAYS


class VolunteeringRecord(Recorded, Base):
    """What somebody did for others on a day. Its id is made before, on the phone or in the form."""

    __tablename__ = "volunteering_records"
    CHECKS = (("half_days_of_a_day", f"half_days BETWEEN 1 AND {MOST_HALF_DAYS}"),)
    half_days: Mapped[int] = mapped_column(comment="one from three hours on; a whole day is two")
