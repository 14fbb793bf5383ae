"""Who is told, and what is still to be told: written in the same unit of work as what happened."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.core.sealing import KEY_ID_LENGTH
from app.features.members.models import Member, Organisation
from app.features.webhooks.rules import ADDRESS_LENGTH, NAME_LENGTH, Happening, Trouble


class Webhook(Base):
    """An address that is told. Its secret is sealed, because signing needs it again."""

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        CheckConstraint("url LIKE 'http://%' OR url LIKE 'https://%'", name="url_is_an_address"),
        CheckConstraint("length(trim(name)) > 0", name="has_name"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    url: Mapped[str] = mapped_column(String(ADDRESS_LENGTH))
    events: Mapped[list[str]] = mapped_column(JSON, comment="words of Happening, sorted")
    sealed: Mapped[str] = mapped_column(Text, comment="the secret that signs")
    key_id: Mapped[str] = mapped_column(String(KEY_ID_LENGTH))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None] = mapped_column(
        comment="since when it is told nothing until somebody has looked: a backup was restored"
    )
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))


class Delivery(Base):
    """One thing that one address is told. Its id is that of the message, however often it is sent."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        CheckConstraint("delivered_at IS NULL OR next_at IS NULL", name="delivered_is_over"),
        Index("ix_webhook_deliveries_next", "next_at", **only("next_at IS NOT NULL")),
        Index("ix_webhook_deliveries_log", "webhook_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey(Webhook.id))
    event: Mapped[Happening]
    subject_id: Mapped[UUID] = mapped_column(comment="the fact, pledge or meeting; no names")
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey(Organisation.id))
    at: Mapped[datetime] = mapped_column(default=clock.now, comment="when it happened")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(default=clock.now, comment="NULL: delivered, or given up")
    delivered_at: Mapped[datetime | None]
    status: Mapped[int | None] = mapped_column(comment="of the last answer")
    trouble: Mapped[Trouble | None] = mapped_column(comment="of the last attempt")
