"""Lists of hours that were handed in, their entries, and what the columns of other systems mean."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.education.rules import HoursClass
from app.features.members.models import Member, Organisation

SOURCE_LENGTH: Final = 40
TITLE_LENGTH: Final = 100
NUMBER_LENGTH: Final = 60
REASON_LENGTH: Final = 200
FILE_NAME_LENGTH: Final = 200
_STANDS: Final = text("taken_back_at IS NULL")


class ImportProfile(Base):
    """What the columns under some headings mean, said once for a branch or a committee."""

    __tablename__ = "import_profiles"
    __table_args__ = (
        CheckConstraint(f"length(trim(source)) BETWEEN 1 AND {SOURCE_LENGTH}", name="source_named"),
        CheckConstraint("length(fingerprint) = 64", name="digest_whole"),
        UniqueConstraint("organisation_id", "fingerprint", name="uq_import_profiles_headings"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    fingerprint: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the headings that may be read")
    source: Mapped[str] = mapped_column(String(SOURCE_LENGTH), comment="what the other system is called")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, comment="column by heading, mapping.Column")
    hours_class: Mapped[HoursClass]
    is_cumulative: Mapped[bool] = mapped_column(comment="its amounts are totals that grow through the year")
    said_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    said_at: Mapped[datetime] = mapped_column(default=clock.now)


class ImportPerson(Base):
    """Who is meant by a number of another system: chosen once by hand, never by a name."""

    __tablename__ = "import_people"
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("import_profiles.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(NUMBER_LENGTH), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)


class HoursImport(Base):
    """A list that one officer handed in; whether its entries count stands with each of them."""

    __tablename__ = "hours_imports"
    __table_args__ = (
        CheckConstraint(f"length(trim(source)) BETWEEN 1 AND {SOURCE_LENGTH}", name="source_named"),
        CheckConstraint("length(fingerprint) = 64", name="digest_whole"),
        Index("ix_hours_imports_place", "organisation_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="that of its upload: handed in once")
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the branch or committee")
    source: Mapped[str] = mapped_column(String(SOURCE_LENGTH))
    fingerprint: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(FILE_NAME_LENGTH))
    hours_class: Mapped[HoursClass]
    is_cumulative: Mapped[bool]
    brought_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    brought_at: Mapped[datetime] = mapped_column(default=clock.now)


class HoursEntry(Base):
    """Hours of one person. It counts once another one than who brought it and whom it is about has confirmed it.

    What was taken back stays, and its key is free again.
    """

    __tablename__ = "hours_entries"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 24000", name="minutes_of_a_year"),
        CheckConstraint("confirmed_by_id NOT IN (member_id, brought_by_id)", name="confirmed_by_another"),
        CheckConstraint("(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name="confirmed_at_iff_confirmed"),
        CheckConstraint(
            "confirmed_at IS NULL OR taken_back_by_id NOT IN (member_id, brought_by_id)", name="undone_by_another"
        ),
        CheckConstraint("(taken_back_by_id IS NULL) = (taken_back_at IS NULL)", name="taken_back_at_iff_taken_back"),
        Index("uq_hours_entries_key", "key", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("ix_hours_entries_member", "member_id", "on"),
        Index("ix_hours_entries_import", "import_id"),
        Index("ix_hours_entries_branch", "branch_id", "import_id"),
        Index(
            "ix_hours_entries_waiting",
            "branch_id",
            sqlite_where=text("confirmed_at IS NULL AND taken_back_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL AND taken_back_at IS NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("hours_imports.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the member's when it was brought")
    brought_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="that of the import")
    on: Mapped[date]
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), comment="empty: the source says it all")
    minutes: Mapped[int] = mapped_column(comment="of a total that grows, what it added")
    total: Mapped[int | None] = mapped_column(comment="minutes of the year, where the list has totals that grow")
    key: Mapped[str] = mapped_column(String(64), comment="SHA-256 of headings, person, title, day and amount")
    is_history: Mapped[bool] = mapped_column(comment="of a year that was archived: no part of what was asked then")
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    confirmed_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    taken_back_at: Mapped[datetime | None]
