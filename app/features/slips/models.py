"""Slips. A code is kept only as its digest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.models import Member


class Slip(Base):
    """A one-time code on paper with which a member sets a password; a new slip ends the one before."""

    __tablename__ = "slips"
    __table_args__ = (
        UniqueConstraint("code_digest", name="uq_slips_code_digest"),
        CheckConstraint("expires_at > issued_at", name="expires_after_issue"),
        CheckConstraint("used_at IS NULL OR ended_at IS NULL", name="used_or_ended"),
        Index("uq_slips_open", "member_id", unique=True, **only("used_at IS NULL AND ended_at IS NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    code_digest: Mapped[str] = mapped_column(String(64))
    issued_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: on the server")
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(comment="replaced by a newer slip")
