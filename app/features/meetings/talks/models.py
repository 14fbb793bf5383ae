"""Talks as they were noted. No column holds what was said."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.features.meetings.calendar.rules import Category
from app.features.members.models import Member, Organisation


class Talk(Base):
    """Two people of a branch talked. It stands until one of those it concerns says that it was not so."""

    __tablename__ = "talks"
    __table_args__ = (
        CheckConstraint("talker_id <> partner_id", name="between_two"),
        CheckConstraint("(refuted_by_id IS NULL) = (refuted_at IS NULL)", name="refuted_by_somebody"),
        CheckConstraint("refuted_by_id IN (talker_id, partner_id, recorded_by_id)", name="refuted_by_one_of_them"),
        Index("ix_talks_branch", "branch_id", "held_on"),
        Index("ix_talks_talker", "talker_id", "held_on"),
        Index("ix_talks_partner", "partner_id", "held_on"),
        Index("ix_talks_recorded", "recorded_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="made of the two and the day: once a day")
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    talker_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="who began it 谈话人")
    partner_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="谈话对象")
    held_on: Mapped[date] = mapped_column(comment="branch-local day")
    category: Mapped[Category] = mapped_column(comment="by who sat in the committee on that day")
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    refuted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    refuted_at: Mapped[datetime | None] = mapped_column(comment="since then it counts nowhere")
