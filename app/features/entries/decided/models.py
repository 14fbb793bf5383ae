"""What was entered as decided by the committee; whether it counts says its review."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.entries.decided.rules import DOCUMENT_LENGTH, What
from app.features.ledger.rules import MATTER_LENGTH, CommendationLevel
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review


class DecidedEntry(Base):
    """A task, a suggestion or a commendation of somebody, as the committee decided. Never changed."""

    __tablename__ = "decided_entries"
    __table_args__ = (
        CheckConstraint("entered_by_id <> member_id", name="not_about_oneself"),
        CheckConstraint(f"length(trim(title)) BETWEEN 1 AND {MATTER_LENGTH}", name="has_title"),
        CheckConstraint(
            "(what = 'task') = (points IS NOT NULL) AND (points IS NULL OR points BETWEEN 1 AND 2)",
            name="points_iff_task",
        ),
        CheckConstraint("(what = 'commendation') = (level IS NOT NULL)", name="level_iff_commendation"),
        CheckConstraint("what <> 'commendation' OR document IS NOT NULL", name="commended_in_a_document"),
        CheckConstraint("what = 'commendation' OR decided_on IS NOT NULL", name="decided_on_a_day"),
        Index("ix_decided_entries_branch", "branch_id", "id"),
        Index("ix_decided_entries_member", "member_id", "day"),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    what: Mapped[What]
    title: Mapped[str] = mapped_column(String(MATTER_LENGTH), comment="the matter; of commendations the highest counts")
    day: Mapped[date] = mapped_column(comment="branch-local day on which it happened")
    points: Mapped[int | None]
    level: Mapped[CommendationLevel | None]
    decided_on: Mapped[date | None] = mapped_column(comment="day of the committee's meeting")
    document: Mapped[str | None] = mapped_column(String(DOCUMENT_LENGTH), comment="number of the document")
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
