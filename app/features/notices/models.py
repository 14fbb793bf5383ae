"""The last reminder of each item, and what people do not want to be reminded of."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.members.models import Member
from app.features.notices.rules import ADDRESS_LENGTH, SOURCE_LENGTH, ReminderState


class RaisedReminder(Base):
    """One row for each person and item: the next reminder takes the place of the one before."""

    __tablename__ = "reminders"
    __table_args__ = (
        CheckConstraint("address LIKE '/%' AND address NOT LIKE '//%'", name="address_on_this_site"),
        Index("ix_reminders_source", "source", "raised_at"),
    )
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    source: Mapped[str] = mapped_column(String(SOURCE_LENGTH), primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(ADDRESS_LENGTH))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, comment="for the sentence; see the source")
    raised_at: Mapped[datetime] = mapped_column(comment="never within three days of the one before")
    until: Mapped[date | None] = mapped_column(comment="the last day on which it matters")
    state: Mapped[ReminderState] = mapped_column(default=ReminderState.SHOWN)


class SilencedSource(Base):
    """A kind of thing that a person does not want to be reminded of."""

    __tablename__ = "silenced_sources"
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    source: Mapped[str] = mapped_column(String(SOURCE_LENGTH), primary_key=True)
