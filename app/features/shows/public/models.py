"""Every consent to a public card that was ever given."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.shows.public.rules import TOKEN_LENGTH

_OPEN: Final = "withdrawn_at IS NULL"


class CardConsent(Base):
    """That a member let everybody see pieces of the card, from when until when, and under which address.

    Triggers let nobody change a row but to withdraw it, once.
    """

    __tablename__ = "card_consents"
    __table_args__ = (
        UniqueConstraint("token", name="uq_card_consents_token"),
        CheckConstraint(f"length(token) >= {TOKEN_LENGTH}", name="token_unguessable"),
        CheckConstraint("withdrawn_at >= given_at", name="withdrawn_after_given"),
        CheckConstraint("withdrawn_at IS NOT NULL OR withdrawn_by_id IS NULL", name="nobody_withdrew_an_open_one"),
        Index(
            "uq_card_consents_open",
            "member_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
        Index("ix_card_consents_member_id", "member_id", "given_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, comment="made with the form: twice is once")
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="whose card, and who said yes")
    token: Mapped[str] = mapped_column(String(TOKEN_LENGTH), comment="of the public address /p/…")
    text_version: Mapped[str] = mapped_column(String(12), comment="see rules.CONSENT_VERSION")
    fields: Mapped[list[str]] = mapped_column(JSON, comment="rules.PublicField of each piece beside the name")
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Member.id), comment="the member, or an officer; NULL: the member has left"
    )
