"""Whose meetings are read under a private address, by the digest of its secret."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.features.members.models import Member


class CalendarFeed(Base):
    """One address a person; a new one takes the place of the old. When it is read is written nowhere (red line 2)."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        UniqueConstraint("token_digest", name="uq_calendar_feeds_token"),
        CheckConstraint("length(token_digest) = 64", name="digest_of_a_secret"),
    )
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), comment="SHA-256, hex: the secret itself left once")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    with_due: Mapped[bool] = mapped_column(
        default=False, server_default=false(), comment="also the last days of the own pledges and duties"
    )
