"""The columns that every kind of record has."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.features.members.models import Member, Organisation
from app.features.records.rules import DEVICE_TIME_LENGTH
from app.features.reviews.models import Review


class Recorded:
    """A record as it was captured. A correction is a new row; the state of each is its review's."""

    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    occurred_on: Mapped[date] = mapped_column(
        sort_order=1, comment="branch-local day, never after the one it arrived on"
    )
    occurred_at: Mapped[datetime] = mapped_column(
        sort_order=1, comment="corrected by the measured error of the phone's clock"
    )
    device_time: Mapped[str] = mapped_column(
        String(DEVICE_TIME_LENGTH), sort_order=1, comment="the phone's own words for it, kept exactly"
    )
    received_at: Mapped[datetime] = mapped_column(sort_order=1)
    made_offline: Mapped[bool] = mapped_column(default=False, sort_order=1)
