"""The ledger's tables: facts in a chain per branch, where each chain ends, totals and archived years of each member."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.rows import only
from app.features.ledger.rules import GRADES, MATTER_LENGTH, FactType
from app.features.members.models import Member, Organisation

_GRADES: Final = ", ".join(f"'{grade}'" for grade in ("", *GRADES))
NOTE_LENGTH: Final = 300
SOURCE_LENGTH: Final = 40
SOURCE_ID_LENGTH: Final = 80


def _is_month(column: str) -> str:
    """Days are ISO text once cast, on both engines."""
    return f"substr(CAST({column} AS VARCHAR), 9, 2) = '01'"


class Fact(Base):
    """One row of the ledger. Triggers let nobody change or remove it (migrations 0002)."""

    __tablename__ = "facts"
    __table_args__ = (
        UniqueConstraint("id", name="uq_facts_id"),
        UniqueConstraint("source", "source_id", name="uq_facts_source"),
        UniqueConstraint("reversal_of", name="uq_facts_reversal_of"),
        CheckConstraint("seq > 0", name="seq_from_one"),
        CheckConstraint(
            "(reversal_of IS NULL AND quantity >= 0) OR (reversal_of IS NOT NULL AND quantity <= 0)",
            name="negative_iff_reversal",
        ),
        CheckConstraint("reversal_of <> id", name="not_own_reversal"),
        CheckConstraint(_is_month("counts_in"), name="counts_in_a_month"),
        CheckConstraint(
            "substr(CAST(counts_in AS VARCHAR), 1, 7) >= substr(CAST(occurred_on AS VARCHAR), 1, 7)",
            name="counts_when_it_happened_or_later",
        ),
        CheckConstraint(f"grade IN ({_GRADES})", name="grade_known"),
        CheckConstraint("confirmed_by_id <> member_id", name="not_confirmed_by_oneself"),
        CheckConstraint("length(source) > 0 AND length(source_id) > 0", name="has_source"),
        CheckConstraint("length(digest) = 64 AND length(previous_digest) = 64", name="digests_whole"),
        Index("ix_facts_member", "member_id", "counts_in"),
        Index("ix_facts_taken_back", "reversal_of", **only("reversal_of IS NOT NULL")),
    )
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 … within the branch")
    id: Mapped[UUID]
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    fact_type: Mapped[FactType]
    grade: Mapped[str] = mapped_column(String(20), comment="empty where the type has no grades")
    quantity: Mapped[int] = mapped_column(comment="hundredths; not above zero on a reversal")
    occurred_on: Mapped[date] = mapped_column(comment="branch-local day")
    counts_in: Mapped[date] = mapped_column(comment="first day of the month it counts in")
    source: Mapped[str] = mapped_column(String(SOURCE_LENGTH), comment="the stream it comes from")
    source_id: Mapped[str] = mapped_column(String(SOURCE_ID_LENGTH), comment="what it is there; once per stream")
    matter: Mapped[str] = mapped_column(String(MATTER_LENGTH))
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    reversal_of: Mapped[UUID | None] = mapped_column(ForeignKey("facts.id"))
    posted_at: Mapped[datetime]
    previous_digest: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class LedgerHead(Base):
    """Where a branch's chain ends: the row that is held while facts are added, and what a cut tail is seen by."""

    __tablename__ = "ledger_heads"
    __table_args__ = (
        CheckConstraint("seq >= 0", name="seq_not_negative"),
        CheckConstraint("length(digest) = 64", name="digest_whole"),
    )
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    seq: Mapped[int] = mapped_column(comment="of the last fact; 0 before the first")
    digest: Mapped[str] = mapped_column(String(64))


class LedgerTotal(Base):
    """What the facts of one member in one month come to; always the same as adding them up again."""

    __tablename__ = "totals"
    __table_args__ = (
        CheckConstraint("count >= 0 AND quantity >= 0", name="not_negative"),
        CheckConstraint("count > 0 OR quantity = 0", name="nothing_counts_nothing"),
        CheckConstraint(_is_month("month"), name="month_is_a_month"),
        CheckConstraint(f"grade IN ({_GRADES})", name="grade_known"),
        Index("ix_totals_fact_type", "fact_type", "month"),
    )
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True, comment="its first day")
    fact_type: Mapped[FactType] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(String(20), primary_key=True)
    matter: Mapped[str] = mapped_column(String(MATTER_LENGTH), primary_key=True, comment="empty unless weighed by it")
    count: Mapped[int]
    quantity: Mapped[int] = mapped_column(comment="hundredths")


class ArchivedYear(Base):
    """A member's year that takes no facts any more, once for each time it was archived. Never removed."""

    __tablename__ = "archived_years"
    __table_args__ = (
        CheckConstraint("version >= 1", name="versions_from_one"),
        CheckConstraint("substr(CAST(archived_on AS VARCHAR), 1, 4) > CAST(year AS VARCHAR)", name="after_its_end"),
        Index("uq_archived_years_closed", "member_id", "year", unique=True, **only("reopened_at IS NULL")),
        Index("ix_archived_years_year", "year"),
    )
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, and one more each time")
    archived_on: Mapped[date] = mapped_column(comment="branch-local day")
    reopened_at: Mapped[datetime | None] = mapped_column(comment="set once: from then on the year takes facts again")
