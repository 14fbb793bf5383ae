"""Organisations, members, posts with terms, exemptions, and the audit log of what officers change."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    BindParameter,
    CheckConstraint,
    ColumnElement,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.rules import (
    ADMINISTRATORS,
    POSTS_AT,
    AuditAction,
    ExemptionKind,
    MemberStatus,
    OrganisationKind,
    Role,
    Sex,
)

NAME_LENGTH: Final = 60
PLACE_NAME_LENGTH: Final = 80
SUBJECT_LENGTH: Final = 120
"""Of what the audit log names: a person, a place or a file."""
NOTE_LENGTH: Final = 200
POST_LENGTH: Final = 60


def _sort_key(length: int) -> String:
    """Text that sorts by its bytes on both engines; PostgreSQL would else ignore the spaces between syllables."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


_OPEN: Final = "ends_on IS NULL"
_ADMINISTRATORS: Final = ", ".join(f"'{role}'" for role in sorted(ADMINISTRATORS))


def _partial_date(column: str) -> CheckConstraint:
    """ISO text of a year, a month or a day."""
    forms = " OR ".join(f"{column} LIKE '{form}'" for form in ("____", "____-__", "____-__-__"))
    return CheckConstraint(forms, name=f"{column}_is_partial_date")


class Organisation(Base):
    """A node of the tree committee → general branch → branch → group. The one without a parent is the root."""

    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("parent_id", "name", name="uq_organisations_name_within_parent"),
        UniqueConstraint("id", "parent_id", name="uq_organisations_place"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("kind <> 'group' OR parent_id IS NOT NULL", name="group_has_branch"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        Index("uq_organisations_one_root", text("(parent_id IS NULL)"), unique=True, **only("parent_id IS NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[OrganisationKind] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(PLACE_NAME_LENGTH))
    pinyin: Mapped[str] = mapped_column(_sort_key(240), comment="see names.place_key")
    is_demo: Mapped[bool] = mapped_column(default=False, comment="invented data; pages carry the demo mark")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Member(Base):
    """A Party member of one branch and at most one of its groups."""

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("phone", name="uq_members_phone"),
        UniqueConstraint("member_number", name="uq_members_member_number"),
        ForeignKeyConstraint(
            ["group_id", "branch_id"],
            ["organisations.id", "organisations.parent_id"],
            name="fk_members_group_of_the_branch",
        ),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        CheckConstraint("length(phone) = 11", name="phone_has_11_digits"),
        _partial_date("born"),
        _partial_date("joined"),
        _partial_date("confirmed"),
        Index("ix_members_directory", "branch_id", "group_id", "pinyin", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"))
    group_id: Mapped[UUID | None] = mapped_column(index=True)
    member_number: Mapped[str] = mapped_column(String(20), comment="for signing in without a phone number")
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    pinyin: Mapped[str] = mapped_column(_sort_key(120), comment="see names.pinyin_key")
    sex: Mapped[Sex | None]
    status: Mapped[MemberStatus] = mapped_column(default=MemberStatus.FULL)
    phone: Mapped[str | None] = mapped_column(String(11))
    post: Mapped[str | None] = mapped_column(String(POST_LENGTH), comment="working post 行政职务")
    born: Mapped[str | None] = mapped_column(String(10), comment="ISO day, month or year: as much as is known")
    joined: Mapped[str | None] = mapped_column(String(10), comment="joined the Party; ISO day, month or year")
    confirmed: Mapped[str | None] = mapped_column(String(10), comment="became a full member; ISO, partial")
    note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH), comment="remark of the roster")
    left_on: Mapped[date | None] = mapped_column(comment="no longer in the branch from this day; history stays")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"), comment="NULL: on the server")
    opened_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("members.id"),
        comment="by whose hand: who printed the slip, or entered the person; NULL: the server",
    )
    opened_at: Mapped[datetime | None] = mapped_column(
        comment="when it was opened last: a password set with a slip, or found by its number from outside"
    )
    version: Mapped[int] = mapped_column(default=1, server_default="1", comment="of the details a form shows")

    @classmethod
    def is_here(cls, day: BindParameter[Any] | ColumnElement[Any] | date) -> ColumnElement[bool]:
        """Whether somebody has not left by ``day``; from the day of leaving on they are gone."""
        return or_(cls.left_on.is_(None), cls.left_on > day)


class RoleTerm(Base):
    """A post held on an organisation from a day on, until and including a last day if it has one.

    One that was ended at once is over from that moment; its last day is that day all the same.
    """

    __tablename__ = "role_terms"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("ended_at IS NULL OR ends_on IS NOT NULL", name="ended_on_a_day"),
        Index("uq_role_terms_open", "member_id", "organisation_id", "role", unique=True, **only(_OPEN)),
        Index(
            "uq_role_terms_one_administrator_post",
            "member_id",
            unique=True,
            **only(f"{_OPEN} AND role IN ({_ADMINISTRATORS})"),
        ),
        Index("ix_role_terms_member_id", "member_id", "starts_on"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"))
    role: Mapped[Role]
    starts_on: Mapped[date] = mapped_column(default=clock.today)
    ends_on: Mapped[date | None] = mapped_column(comment="the last day of the term")
    given_at: Mapped[datetime | None] = mapped_column(
        default=clock.now, comment="when it was written down; NULL: before that was kept"
    )
    ended_at: Mapped[datetime | None] = mapped_column(comment="over from this moment of its last day")

    @classmethod
    def in_force(cls, day: BindParameter[date] | date) -> ColumnElement[bool]:
        """Whether the post is held on ``day``, and has not been ended in its course."""
        return and_(
            cls.starts_on <= day,
            or_(cls.ends_on.is_(None), cls.ends_on > day, and_(cls.ends_on == day, cls.ended_at.is_(None))),
        )

    @classmethod
    def counts_at_home(cls) -> ColumnElement[bool]:
        """Whether the post gives its ``Member`` anything: one of a branch does so in that branch alone."""
        return or_(cls.role.not_in(POSTS_AT[OrganisationKind.BRANCH]), cls.organisation_id == Member.branch_id)


class Exemption(Base):
    """A time in which a member is not scored; the sheet still shows the facts."""

    __tablename__ = "exemptions"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("uq_exemptions_open", "member_id", "kind", unique=True, **only(_OPEN)),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    kind: Mapped[ExemptionKind]
    starts_on: Mapped[date] = mapped_column(default=clock.today)
    ends_on: Mapped[date | None] = mapped_column(comment="its last day")
    note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH))


class AuditEntry(Base):
    """What somebody did that has to be provable later. Triggers let nobody change it, or remove it within a year.

    Whom or what it was about is named as it was called then, and may be gone by now: no foreign keys. Its place in the
    chain comes afterwards, once, when it is sealed (docs/decisions/0027).
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("seq", name="uq_audit_entries_seq"),
        CheckConstraint(
            "(seq IS NULL) = (digest IS NULL) AND (seq IS NULL) = (previous_digest IS NULL)", name="sealed_or_not"
        ),
        Index("ix_audit_entries_at", "at", "id"),
        Index("ix_audit_entries_subject", "subject_id", "id"),
        Index("ix_audit_entries_actor", "actor_id", "id"),
        Index("ix_audit_entries_place", "place_id", "id"),
        Index("ix_audit_entries_action", "action", "id"),
        Index("ix_audit_entries_unsealed", "id", **only("seq IS NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    actor_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("members.id"), comment="NULL: a command on the server, or somebody unknown"
    )
    action: Mapped[AuditAction] = mapped_column(
        Enum(AuditAction, native_enum=False, create_constraint=False, length=40, values_callable=list)
    )
    subject_id: Mapped[UUID | None] = mapped_column(comment="NULL: no person and no place, as of a file")
    subject: Mapped[str] = mapped_column(String(SUBJECT_LENGTH), comment="what it was called then")
    place_id: Mapped[UUID | None] = mapped_column(comment="the branch or community it happened in")
    changes: Mapped[dict[str, list[str | None]]] = mapped_column(JSON, comment="field → before, after; no secrets")
    seq: Mapped[int | None] = mapped_column(comment="1, 2, 3 … in the order of sealing; NULL: not sealed yet")
    previous_digest: Mapped[str | None] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(String(64))


class AuditChain(Base):
    """Where the audit log's chain begins and ends: one row. What stood before the beginning was kept long enough."""

    __tablename__ = "audit_chain"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("0 <= start_seq AND start_seq <= seq", name="starts_before_it_ends"),
        CheckConstraint("length(digest) = 64 AND length(start_digest) = 64", name="digests_whole"),
    )
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(comment="of the last sealed entry; 0 before the first")
    digest: Mapped[str] = mapped_column(String(64))
    start_seq: Mapped[int] = mapped_column(comment="of the last entry that was forgotten; 0 if none was")
    start_digest: Mapped[str] = mapped_column(String(64))


class NewsRead(Base):
    """How far somebody has read what others changed about the own account and posts; see ``news``."""

    __tablename__ = "account_news_read"
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), primary_key=True)
    until_entry: Mapped[UUID] = mapped_column(comment="the last audit entry that was read; ids follow time")
