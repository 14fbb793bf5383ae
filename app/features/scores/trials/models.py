"""How far a trial is. It is the only thing of a trial that is kept, and it goes with the next one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.features.members.models import Member


class RuleTrial(Base):
    """The one trial of a person: what is tried on what, how far it is, and what was counted until then."""

    __tablename__ = "rule_trials"
    __table_args__ = (
        CheckConstraint("done BETWEEN 0 AND total", name="not_beyond_the_end"),
        CheckConstraint("length(digest) = 64", name="digest_whole"),
    )
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    rules: Mapped[str] = mapped_column(String(40), comment="a version, or the id of a draft")
    digest: Mapped[str] = mapped_column(String(64), comment="of the text that is tried")
    through: Mapped[date] = mapped_column(comment="last day of the period it is tried on")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(comment="people")
    after_id: Mapped[UUID | None] = mapped_column(comment="the last person counted")
    is_over: Mapped[bool] = mapped_column(default=False)
    counted: Mapped[str] = mapped_column(Text, default="{}", comment="numbers of each branch, as JSON")
    begun_at: Mapped[datetime] = mapped_column(default=clock.now)
