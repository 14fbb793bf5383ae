"""On which day of the month a branch publishes, and which wishes wait for it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.features.members.models import Member, Organisation
from app.features.wishes.desk.rules import LAST_DAY
from app.features.wishes.models import Wish


class PublishingDay(Base):
    """A branch publishes its communities' wishes in rounds, on one day of each month."""

    __tablename__ = "publishing_days"
    __table_args__ = (CheckConstraint(f"day BETWEEN 1 AND {LAST_DAY}", name="in_every_month"),)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    day: Mapped[int]
    set_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    set_at: Mapped[datetime] = mapped_column(default=clock.now)


class PublishingPlan(Base):
    """An officer has decided that a wish goes out with a round; the sweep publishes it on that day in their name."""

    __tablename__ = "publishing_plans"
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id), primary_key=True)
    due_on: Mapped[date] = mapped_column(index=True)
    planned_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    planned_at: Mapped[datetime] = mapped_column(default=clock.now)
