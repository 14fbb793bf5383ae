"""Publicities: a period of a branch, four steps with the person and the moment of each, and the days that follow."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.chain import BEGINNING, Head
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.models import Member, Organisation
from app.features.scores.cycle.rules import PUBLICITY_DAYS
from app.features.scores.publicity.rules import NAME_LENGTH, PHONE_LENGTH, REASON_LENGTH, Act, Period, next_act

HEADS_LENGTH: Final = 200
_STEPS: Final = ("checked", "approved", "published", "withdrawn")


def _once(which: str) -> dict[str, Any]:
    return {"unique": True, **only(f"withdrawn_at IS NULL AND quarter {which}")}


class Publicity(Base):
    """One period of a branch on its way to everybody's eyes. What was withdrawn stays, and a new one begins from zero.

    The days are computed once, when it opens; a list of days off that comes later may only move them later.
    """

    __tablename__ = "publicities"
    __table_args__ = (
        *(
            CheckConstraint(f"({step}_by_id IS NULL) = ({step}_at IS NULL)", name=f"{step}_by_iff_at")
            for step in _STEPS
        ),
        CheckConstraint("approved_by_id <> proposed_by_id", name="approved_by_another"),
        CheckConstraint("approved_at IS NULL OR checked_at IS NOT NULL", name="approved_after_check"),
        CheckConstraint("published_at IS NULL OR approved_at IS NOT NULL", name="published_after_approval"),
        CheckConstraint(
            "(published_at IS NULL) = (opened_on IS NULL) AND (published_at IS NULL) = (ends_on IS NULL) AND "
            "(published_at IS NULL) = (objections_until IS NULL) AND (published_at IS NULL) = (heads IS NULL)",
            name="days_iff_published",
        ),
        CheckConstraint("ends_on > opened_on AND objections_until > ends_on", name="days_in_order"),
        CheckConstraint("(withdrawn_at IS NULL) = (reason IS NULL)", name="reason_iff_withdrawn"),
        CheckConstraint("length(trim(reason)) > 0", name="reason_said"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_of_four"),
        CheckConstraint(
            f"working_days BETWEEN {PUBLICITY_DAYS.start} AND {PUBLICITY_DAYS.stop - 1}", name="lasts_3_to_10_days"
        ),
        Index("uq_publicities_quarter", "branch_id", "year", "quarter", **_once("IS NOT NULL")),
        Index("uq_publicities_year", "branch_id", "year", **_once("IS NULL")),
        Index("ix_publicities_branch", "branch_id", "year"),
        Index("ix_publicities_period", "year", "branch_id"),
        Index("ix_publicities_until", "objections_until"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    year: Mapped[int]
    quarter: Mapped[int | None] = mapped_column(comment="1 to 4; NULL: the whole year")
    working_days: Mapped[int] = mapped_column(comment="how long it lasts, from the day after it opened")
    reception: Mapped[str] = mapped_column(String(NAME_LENGTH), comment="who takes objections")
    phone: Mapped[str | None] = mapped_column(String(PHONE_LENGTH))
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    checked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="checked for secrecy")
    checked_at: Mapped[datetime | None]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    approved_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    published_at: Mapped[datetime | None]
    opened_on: Mapped[date | None] = mapped_column(comment="branch-local day; it does not count itself")
    ends_on: Mapped[date | None] = mapped_column(comment="its last day, whole")
    objections_until: Mapped[date | None] = mapped_column(comment="the last day for an objection in time")
    heads: Mapped[str | None] = mapped_column(
        String(HEADS_LENGTH), comment="where the chain of the branch ended when it was published: number and digest"
    )
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    withdrawn_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH), comment="why it was withdrawn")

    @property
    def period(self) -> Period:
        """Of what it is."""
        return Period(self.year, self.quarter)

    @property
    def next_act(self) -> Act | None:
        """Which step follows; ``None`` once it is published or withdrawn."""
        if self.withdrawn_at:
            return None
        return next_act(
            checked=self.checked_at is not None,
            approved=self.approved_at is not None,
            published=self.published_at is not None,
        )

    @property
    def head(self) -> Head:
        """Where the chain of the branch ended when it was published."""
        seq, _colon, digest = (self.heads or f"0:{BEGINNING}").partition(":")
        return Head(int(seq), digest)
