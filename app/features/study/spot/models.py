"""Draws: what was drawn from, by which seed, promised before it was known."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member, Organisation

REASON_LENGTH: Final = 200
_FIRST: Final = text("follows_id IS NULL AND replaces_id IS NULL")


class SpotDraw(Base):
    """One draw of one officer. Only its revealing is added later; what it drew follows from pool, number and seed."""

    __tablename__ = "spot_draws"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_of_hundred"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        CheckConstraint("take >= 1", name="takes_one"),
        CheckConstraint("length(commitment) = 64 AND length(pool_digest) = 64", name="digests_whole"),
        CheckConstraint("(replaces_id IS NULL) = (reason IS NULL)", name="reason_iff_redrawn"),
        CheckConstraint("follows_id IS NULL OR replaces_id IS NULL", name="follows_or_replaces"),
        CheckConstraint(f"length(trim(reason)) BETWEEN 1 AND {REASON_LENGTH}", name="reason_said"),
        UniqueConstraint("follows_id", name="uq_spot_draws_one_second"),
        UniqueConstraint("replaces_id", name="uq_spot_draws_one_redraw"),
        Index(
            "uq_spot_draws_one_of_a_pool",
            "branch_id",
            "drawn_by_id",
            "pool_digest",
            unique=True,
            sqlite_where=_FIRST,
            postgresql_where=_FIRST,
        ),
        Index("ix_spot_draws_branch", "branch_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    drawn_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="the pool is what this officer may decide")
    first_day: Mapped[date] = mapped_column(comment="records of days from this one on")
    last_day: Mapped[date]
    percent: Mapped[int]
    pool: Mapped[list[Any]] = mapped_column(JSON, comment="ids of the records, sorted")
    pool_digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the ids, one a line")
    take: Mapped[int] = mapped_column(comment="how many are drawn")
    seed: Mapped[str] = mapped_column(String(64), comment="random; no page shows it before it is revealed")
    commitment: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the seed, shown before it is revealed")
    committed_at: Mapped[datetime] = mapped_column(default=clock.now)
    revealed_at: Mapped[datetime | None]
    follows_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("spot_draws.id"), comment="the first draw, of which one was returned"
    )
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("spot_draws.id"), comment="the draw that it redraws")
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH), comment="why it was drawn again")
