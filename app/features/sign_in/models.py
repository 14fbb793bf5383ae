"""Passwords, sessions and failures. Secrets are kept only as digests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.sign_in.rules import SessionKind


class Credential(Base):
    """The password a member signs in with."""

    __tablename__ = "credentials"
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class FormerPassword(Base):
    """A password that may not be used again while it is one of the last five."""

    __tablename__ = "former_passwords"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    retired_at: Mapped[datetime] = mapped_column(default=clock.now)


class SignInSession(Base):
    """One signed-in device. Its last use serves the idle limit and its owner's own list, nobody else."""

    __tablename__ = "sessions"
    __table_args__ = (UniqueConstraint("token_digest", name="uq_sessions_token_digest"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[SessionKind]
    device: Mapped[str] = mapped_column(String(80), comment="browser and system, as the owner reads it")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime] = mapped_column(default=clock.now)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    awaits_factor_since: Mapped[datetime | None] = mapped_column(
        comment="the password was right then, and the second factor is still to come"
    )
    factor_at: Mapped[datetime | None] = mapped_column(comment="when the second factor was given")
    ended_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser on which an account was opened. Nothing opens by it; it has attempts of its own for this account."""

    __tablename__ = "known_devices"
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    token_digest: Mapped[str] = mapped_column(
        String(64), primary_key=True, index=True, comment="of what the browser keeps"
    )
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(SignInSession.id, ondelete="SET NULL"), index=True, comment="the last one opened there"
    )
    device: Mapped[str] = mapped_column(String(80), comment="browser and system, as the owner reads it")
    used_at: Mapped[datetime] = mapped_column(default=clock.now, comment="when the account was opened there last")


class SignInFailure(Base):
    """An attempt that has not succeeded, counted per account and address while it can still lock a door."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_account", "account_digest", "address_digest", "failed_at"),
        Index("ix_sign_in_failures_address", "address_digest", "failed_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_digest: Mapped[str] = mapped_column(String(64), comment="of the member, or of a login nobody has")
    address_digest: Mapped[str] = mapped_column(String(64), comment="of the client's network")
    failed_at: Mapped[datetime] = mapped_column(default=clock.now)
