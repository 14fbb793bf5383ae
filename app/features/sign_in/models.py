"""Passwords, activation slips, sessions and failures. Secrets are kept only as digests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.sign_in.rules import SessionKind


class Credential(Base):
    """The password a member signs in with."""

    __tablename__ = "credentials"
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class FormerPassword(Base):
    """A password that may not be used again while it is one of the last five."""

    __tablename__ = "former_passwords"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    retired_at: Mapped[datetime] = mapped_column(default=clock.now)


class ActivationSlip(Base):
    """A one-time code on paper with which a member sets a password; a new slip ends the old one."""

    __tablename__ = "activation_slips"
    __table_args__ = (
        UniqueConstraint("code_digest", name="uq_activation_slips_code_digest"),
        CheckConstraint("expires_at > issued_at", name="expires_after_issue"),
        CheckConstraint("used_at IS NULL OR ended_at IS NULL", name="used_or_ended"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    code_digest: Mapped[str] = mapped_column(String(64))
    issued_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("members.id"))
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(comment="replaced by a newer slip, or taken back")


class SignInSession(Base):
    """One signed-in device. Its last use serves the idle limit and its owner's own list, nobody else."""

    __tablename__ = "sessions"
    __table_args__ = (UniqueConstraint("token_digest", name="uq_sessions_token_digest"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[SessionKind]
    device: Mapped[str] = mapped_column(String(80), comment="browser and system, as the owner reads it")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]


class SignInFailure(Base):
    """A wrong password, counted per account and address until the lock's 15 minutes are over."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_place", "account_digest", "address_digest", "failed_at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of what was typed as login")
    address_digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of the client's address")
    failed_at: Mapped[datetime] = mapped_column(default=clock.now)
