"""A rule set that is being changed. What is published is another table, which nobody changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.models import Member
from app.features.scores.drafts.rules import Stands
from app.features.scores.models import VERSION_LENGTH

_HOLDS = "stands <> 'discarded'"


class RuleSetDraft(Base):
    """A copy of a version with other numbers and words, until two people have published it."""

    __tablename__ = "rule_set_drafts"
    __table_args__ = (
        CheckConstraint("version LIKE '____.%'", name="version_names_a_year"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint("decided_by_id NOT IN (edited_by_id, proposed_by_id)", name="decided_by_another"),
        CheckConstraint("stands = 'editing' OR stands = 'discarded' OR proposed_by_id IS NOT NULL", name="proposed"),
        CheckConstraint("(stands = 'published') = (decided_by_id IS NOT NULL)", name="decided_iff_published"),
        Index("ix_rule_set_drafts_stands", "stands"),
        Index("uq_rule_set_drafts_version", "version", unique=True, **only(_HOLDS)),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[str] = mapped_column(String(VERSION_LENGTH), comment="what it will be called")
    base: Mapped[str] = mapped_column(String(VERSION_LENGTH), comment="what it was copied from")
    text: Mapped[str] = mapped_column(Text, comment="JSON; while it is edited it may hold what cannot stand yet")
    stands: Mapped[Stands] = mapped_column(default=Stands.EDITING)
    edited_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    edited_at: Mapped[datetime] = mapped_column(default=clock.now)
    year: Mapped[int | None] = mapped_column(comment="for which it is proposed")
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
