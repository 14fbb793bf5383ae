"""Signatures under the sheets of a year, who says that one is archived, what is archived, and what was re-opened."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.enum_columns import words_under
from app.core.ids import new_id
from app.core.rows import only
from app.features.ledger.models import ArchivedYear
from app.features.members.models import Member, Organisation
from app.features.members.two_people import TwoPeople, two_people
from app.features.scores.archive.rules import DOCUMENT_LENGTH, REASON_LENGTH, WORDS_LENGTH, SignatureWords, Why

_WAITS = "stands = 'waiting'"
_OPEN = "said IS NULL"
_PAPER = "said = 'paper' AND confirmed_by_id IS NULL"


class Signature(Base):
    """One member under one version of the own sheet: asked on a day, and what was said until it is archived."""

    __tablename__ = "signatures"
    __table_args__ = (
        UniqueConstraint("member_id", "year", "version", name="uq_signatures_version"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint("version >= 1", name="versions_from_one"),
        CheckConstraint("due_on > opened_on", name="due_after_opening"),
        CheckConstraint("(said IS NULL) = (said_by_id IS NULL)", name="said_by_iff_said"),
        CheckConstraint("(said IS NULL) = (said_at IS NULL)", name="said_at_iff_said"),
        CheckConstraint("said IS NULL OR (said IN ('agreed', 'reserved')) = (said_by_id = member_id)", name="by_whom"),
        CheckConstraint(
            "(words IS NULL OR said IN ('reserved', 'paper')) AND (said <> 'reserved' OR words IS NOT NULL)",
            name="words_iff_reserved",
        ),
        CheckConstraint("(why IS NULL) = (said IS NULL OR said <> 'unsigned')", name="why_iff_unsigned"),
        CheckConstraint("(digest IS NULL) = (said IS NULL OR said = 'unsigned')", name="digest_iff_signed"),
        CheckConstraint("confirmed_by_id IS NULL OR said = 'paper'", name="paper_is_confirmed"),
        CheckConstraint("confirmed_by_id NOT IN (member_id, said_by_id)", name="confirmed_by_another"),
        Index("ix_signatures_branch", "branch_id", "year"),
        Index("ix_signatures_paper", "branch_id", **only(_PAPER)),
        Index("ix_signatures_open", "due_on", **only(_OPEN)),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="that archives it")
    year: Mapped[int]
    version: Mapped[int] = mapped_column(comment="of the sheet, as it will be archived")
    opened_on: Mapped[date] = mapped_column(comment="branch-local day on which the member was asked")
    due_on: Mapped[date] = mapped_column(comment="last day before an officer may note that it is not signed")
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    said: Mapped[SignatureWords | None] = mapped_column(words_under("said", SignatureWords))
    words: Mapped[str | None] = mapped_column(String(WORDS_LENGTH), comment="the reservation")
    why: Mapped[Why | None] = mapped_column(comment="it is not signed")
    digest: Mapped[str | None] = mapped_column(String(64), comment="of the sheet that was signed")
    said_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    said_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="that the paper is signed")


class Archiving(TwoPeople, Base):
    """The secretary says that somebody's sheet is archived, another officer confirms it."""

    __tablename__ = "archivings"
    __table_args__ = (
        *two_people(),
        Index("uq_archivings_one_waits", "member_id", "year", unique=True, **only(_WAITS)),
        Index("ix_archivings_branch", "branch_id", "year"),
        Index("ix_archivings_member", "member_id", "year"),
    )
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    year: Mapped[int]


class ArchivedSheet(Base):
    """A sheet as it was, for good: triggers let nobody change or remove it."""

    __tablename__ = "archived_sheets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["member_id", "year", "version"],
            [ArchivedYear.member_id, ArchivedYear.year, ArchivedYear.version],
            name="fk_archived_sheets_year",
        ),
        CheckConstraint("length(sha256) = 64", name="digest_whole"),
        CheckConstraint("confirmed_by_id NOT IN (member_id, proposed_by_id)", name="confirmed_by_another"),
        CheckConstraint("proposed_by_id <> member_id", name="not_about_oneself"),
        Index("ix_archived_sheets_branch", "branch_id", "year"),
    )
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    content: Mapped[str] = mapped_column(Text, comment="canonical JSON; sha256 is of its bytes in UTF-8")
    sha256: Mapped[str] = mapped_column(String(64))
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    confirmed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    archived_at: Mapped[datetime] = mapped_column(default=clock.now)


class Reopening(Base):
    """An archived sheet was opened again. Append-only."""

    __tablename__ = "reopenings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["member_id", "year", "version"],
            [ArchivedSheet.member_id, ArchivedSheet.year, ArchivedSheet.version],
            name="fk_reopenings_sheet",
        ),
        CheckConstraint("reopened_by_id <> member_id", name="not_about_oneself"),
        CheckConstraint(f"length(trim(reason)) BETWEEN 1 AND {REASON_LENGTH}", name="has_reason"),
        CheckConstraint(f"length(trim(document)) BETWEEN 1 AND {DOCUMENT_LENGTH}", name="has_document"),
    )
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="that was opened again")
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH))
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH), comment="number of the committee's decision")
    reopened_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    reopened_at: Mapped[datetime] = mapped_column(default=clock.now)
