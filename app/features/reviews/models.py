"""One table for everything that is decided, so that there is one queue, one rule of four eyes and one undo."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    String,
    TypeDecorator,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.rows import only
from app.features.members.models import Member, Organisation
from app.features.reviews.rules import REASON_LENGTH, Flag, ReturnReason, ReviewStatus

TITLE_LENGTH = 120


class Flags(TypeDecorator[tuple[Flag, ...]]):
    """Flags as words in one column, sorted: ``late_upload overlap``."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: tuple[Flag, ...] | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else " ".join(sorted(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Flag, ...] | None:
        """From the database."""
        return None if value is None else tuple(Flag(word) for word in value.split())


class Review(Base):
    """What waits for an officer's word, or has had it. Its id is the id of the record it is about."""

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("decided_by_id <> member_id", name="not_decided_by_oneself"),
        CheckConstraint("decided_by_id <> recorded_by_id", name="not_decided_by_recorder"),
        CheckConstraint(
            "(status IN ('approved', 'returned')) = (decided_by_id IS NOT NULL)", name="decider_iff_decided"
        ),
        CheckConstraint("(decided_by_id IS NULL) = (decision_id IS NULL)", name="decision_iff_decided"),
        CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="time_iff_not_pending"),
        CheckConstraint("(status = 'returned') = (reason IS NOT NULL)", name="reason_iff_returned"),
        CheckConstraint("returned_for IS NULL OR status = 'returned'", name="returned_for_only_if_returned"),
        CheckConstraint(f"length(trim(reason)) BETWEEN 1 AND {REASON_LENGTH}", name="reason_not_blank"),
        CheckConstraint(f"length(trim(title)) BETWEEN 1 AND {TITLE_LENGTH}", name="has_title"),
        CheckConstraint("round >= 1", name="round_from_one"),
        CheckConstraint("corrects_id <> id", name="not_own_correction"),
        Index("ix_reviews_queue", "branch_id", "submitted_at", "id", **only("status = 'pending'")),
        Index("ix_reviews_branch", "branch_id", "decided_at"),
        Index("ix_reviews_decided", "decided_at", **only("decided_at IS NOT NULL")),
        Index("ix_reviews_entered", "member_id", "decided_at", **only("recorded_by_id <> member_id")),
        Index("ix_reviews_member", "member_id", "kind", "submitted_at", "id"),
        Index("ix_reviews_decider", "decided_by_id", "decided_at"),
        Index("ix_reviews_decision", "decision_id"),
        Index("ix_reviews_undone", "undone_id"),
        Index("uq_reviews_one_correction", "corrects_id", unique=True, **only("status <> 'withdrawn'")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), comment="the name of a ReviewKind, which its stream announces")
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, comment="what the kind needs to describe it in one line")
    occurred_on: Mapped[date] = mapped_column(comment="branch-local day")
    submitted_at: Mapped[datetime] = mapped_column(comment="when it arrived here; the queue goes by it")
    flags: Mapped[tuple[Flag, ...]] = mapped_column(Flags, default=())
    status: Mapped[ReviewStatus] = mapped_column(default=ReviewStatus.PENDING)
    round: Mapped[int] = mapped_column(default=1, comment="goes up when a decision is taken back")
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    decided_at: Mapped[datetime | None] = mapped_column(comment="or when it was withdrawn")
    decision_id: Mapped[UUID | None] = mapped_column(comment="what one tap decided, one tap takes back")
    undone_id: Mapped[UUID | None] = mapped_column(comment="the decision that was taken back last: twice is once")
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH), comment="why it was returned")
    returned_for: Mapped[ReturnReason | None] = mapped_column(comment="the same as a category, where the officer says")
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("reviews.id"), comment="the returned one before it")
    own_branch_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Organisation.id), comment="where it counts, if another branch decides on it"
    )

    @hybrid_property
    def counts_in_id(self) -> UUID:
        """The branch in whose ledger its facts stand; in statements, too."""
        return self.own_branch_id or self.branch_id

    @counts_in_id.inplace.expression
    @classmethod
    def _counts_in_id(cls) -> ColumnElement[UUID]:
        return func.coalesce(cls.own_branch_id, cls.branch_id)
