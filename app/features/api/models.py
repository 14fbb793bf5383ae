"""Tokens of other systems, by the digest of their secret, and how much was read with each on a day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.api.rules import NAME_LENGTH, Scope, TokenState, state_of
from app.features.members.models import Member, Organisation
from app.features.members.two_people import Stands


class ApiToken(Base):
    """One system that may read: one administrator asks, somebody who sees all of it confirms, the first takes it."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        UniqueConstraint("token_digest", name="uq_api_tokens_token"),
        CheckConstraint("decided_by_id <> entered_by_id", name="decided_by_another"),
        CheckConstraint("(stands = 'waiting') = (decided_by_id IS NULL)", name="decided_by_iff_decided"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_at_iff_decided"),
        CheckConstraint("token_digest IS NULL OR stands = 'confirmed'", name="taken_once_confirmed"),
        CheckConstraint("length(token_digest) = 64", name="digest_of_a_secret"),
        CheckConstraint("last_used_on IS NULL OR token_digest IS NOT NULL", name="used_once_taken"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
        Index("ix_api_tokens_stands", "stands", "ends_on"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), comment="which system, and what for")
    scopes: Mapped[list[str]] = mapped_column(JSON, comment="words of Scope, sorted")
    reach_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), index=True, comment="this and all below it")
    ends_on: Mapped[date] = mapped_column(comment="its last day")
    stands: Mapped[Stands] = mapped_column(default=Stands.WAITING)
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="and alone takes the secret")
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    decided_at: Mapped[datetime | None]
    token_digest: Mapped[str | None] = mapped_column(String(64), comment="SHA-256, hex: the secret itself left once")
    last_used_on: Mapped[date | None] = mapped_column(comment="the day alone")
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))

    @property
    def state(self) -> TokenState:
        """How far it is today."""
        is_taken, is_ended = self.token_digest is not None, self.ended_at is not None
        return state_of(self.stands, is_taken=is_taken, is_ended=is_ended, ends_on=self.ends_on, today=clock.today())


class ApiRead(Base):
    """What was read with a token on a day, until the next sweep puts it into the audit log."""

    __tablename__ = "api_reads"
    __table_args__ = (CheckConstraint("calls > 0 AND lines >= 0", name="something_was_read"),)
    token_id: Mapped[UUID] = mapped_column(ForeignKey(ApiToken.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    scope: Mapped[Scope] = mapped_column(primary_key=True)
    calls: Mapped[int]
    lines: Mapped[int] = mapped_column(comment="how many rows left the house")
