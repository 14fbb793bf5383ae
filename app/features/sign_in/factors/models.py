"""Second factors. Secrets are sealed or kept as digests; of a passkey there is only what everybody may know."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.core.sealing import KEY_ID_LENGTH
from app.features.members.models import Member
from app.features.sign_in.factors.rules import FactorKind, ResetState


class SecondFactor(Base):
    """A device that proves, beside the password, that it is the person."""

    __tablename__ = "second_factors"
    __table_args__ = (
        CheckConstraint("(kind = 'app') = (sealed IS NOT NULL)", name="an_app_has_a_secret"),
        CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name="sealed_with_a_key"),
        CheckConstraint("(kind = 'passkey') = (credential_id IS NOT NULL)", name="a_passkey_has_an_id"),
        CheckConstraint("(kind = 'passkey') = (public_key IS NOT NULL)", name="a_passkey_has_a_key"),
        UniqueConstraint("credential_id", name="uq_second_factors_credential_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    kind: Mapped[FactorKind]
    label: Mapped[str] = mapped_column(String(40), comment="as the owner calls the device")
    sealed: Mapped[str | None] = mapped_column(Text, comment="the secret of an app")
    key_id: Mapped[str | None] = mapped_column(String(KEY_ID_LENGTH))
    credential_id: Mapped[str | None] = mapped_column(String(1400), comment="base64url")
    public_key: Mapped[str | None] = mapped_column(Text, comment="base64url")
    counter: Mapped[int] = mapped_column(
        default=0, comment="of an app the last step of 30 s that was used, of a passkey how often it signed"
    )
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code on paper that opens once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("code_digest", name="uq_recovery_codes_code_digest"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    code_digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class FactorReset(Base):
    """Somebody's lost second factor: one administrator says so, another confirms it."""

    __tablename__ = "factor_resets"
    __table_args__ = (
        CheckConstraint("proposed_by_id <> member_id", name="not_for_oneself"),
        CheckConstraint("decided_by_id <> member_id OR state = 'ended'", name="not_confirmed_for_oneself"),
        CheckConstraint("decided_by_id <> proposed_by_id OR state = 'ended'", name="confirmed_by_another"),
        CheckConstraint("state <> 'done' OR decided_by_id IS NOT NULL", name="done_by_somebody"),
        Index("uq_factor_resets_waiting", "member_id", unique=True, **only("state = 'waiting'")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    state: Mapped[ResetState] = mapped_column(default=ResetState.WAITING)
    proposed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
