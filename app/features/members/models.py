"""Organisations, members, posts with terms, exemptions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.rules import ExemptionKind, MemberStatus, OrganisationKind, Role, Sex


class Organisation(Base):
    """A node of the tree committee → general branch → branch → group. The one without a parent is the root."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("parent_id", "name", name="uq_organisations_name_within_parent"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("kind <> 'group' OR parent_id IS NOT NULL", name="group_has_branch"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        Index(
            "uq_organisations_one_root",
            text("(parent_id IS NULL)"),
            unique=True,
            sqlite_where=text("parent_id IS NULL"),
            postgresql_where=text("parent_id IS NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[OrganisationKind]
    name: Mapped[str] = mapped_column(String(80))
    pinyin: Mapped[str] = mapped_column(String(240), default="")
    is_demo: Mapped[bool] = mapped_column(default=False, comment="invented data; pages carry the demo mark")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Member(Base):
    """A Party member of one branch and at most one group."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("phone", name="uq_members_phone"),
        UniqueConstraint("member_number", name="uq_members_member_number"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        CheckConstraint("length(phone) = 11", name="phone_has_11_digits"),
        CheckConstraint("length(born) IN (4, 7, 10)", name="born_is_partial_date"),
        CheckConstraint("length(joined) IN (4, 7, 10)", name="joined_is_partial_date"),
        CheckConstraint("length(confirmed) IN (4, 7, 10)", name="confirmed_is_partial_date"),
        Index("ix_members_directory", "branch_id", "group_id", "pinyin", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    member_number: Mapped[str] = mapped_column(String(20), comment="for signing in without a phone number")
    name: Mapped[str] = mapped_column(String(60))
    pinyin: Mapped[str] = mapped_column(String(120), comment="sort key, see rules.pinyin_key")
    sex: Mapped[Sex | None]
    status: Mapped[MemberStatus] = mapped_column(default=MemberStatus.FULL)
    phone: Mapped[str | None] = mapped_column(String(11))
    post: Mapped[str | None] = mapped_column(String(60), comment="working post 行政职务")
    born: Mapped[str | None] = mapped_column(String(10), comment="ISO day, month or year: as much as is known")
    joined: Mapped[str | None] = mapped_column(String(10), comment="joined the Party; ISO day, month or year")
    confirmed: Mapped[str | None] = mapped_column(String(10), comment="became a full member; ISO, partial")
    note: Mapped[str | None] = mapped_column(String(200), comment="remark of the roster")
    left_on: Mapped[date | None] = mapped_column(comment="no longer in the branch from this day; history stays")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    branch: Mapped[Organisation] = relationship(foreign_keys=branch_id, lazy="raise")
    group: Mapped[Organisation | None] = relationship(foreign_keys=group_id, lazy="raise")


class RoleTerm(Base):
    """A post held on an organisation from a day on, until a day if it has ended."""

    __tablename__ = "role_terms"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index(
            "uq_role_terms_open",
            "member_id",
            "organisation_id",
            "role",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    role: Mapped[Role]
    starts_on: Mapped[date] = mapped_column(default=clock.today)
    ends_on: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise")


class Exemption(Base):
    """A time in which a member is not scored; the sheet still shows the facts."""

    __tablename__ = "exemptions"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index(
            "uq_exemptions_open",
            "member_id",
            "kind",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    kind: Mapped[ExemptionKind]
    starts_on: Mapped[date] = mapped_column(default=clock.today)
    ends_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(200))
