"""What members tell on their cards, their portraits, who may see them, and every consent to a public card."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.models import Member
from app.features.shows.cards.rules import (
    MOTTO_LENGTH,
    OFFICE_PHONE_LENGTH,
    SERVICE_SCOPE_LENGTH,
    TOKEN_LENGTH,
    CardScope,
)


class CardIdentity(Base):
    """What a member tells on the card of a year beyond the roster. Until a year has its own row, the last one holds."""

    __tablename__ = "card_identities"
    __table_args__ = (CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    service_scope: Mapped[str | None] = mapped_column(String(SERVICE_SCOPE_LENGTH))
    office_phone: Mapped[str | None] = mapped_column(String(OFFICE_PHONE_LENGTH))
    motto: Mapped[str | None] = mapped_column(String(MOTTO_LENGTH))
    pioneer_post: Mapped[bool] = mapped_column(default=False, comment="党员先锋岗")
    shows_joined: Mapped[bool] = mapped_column(default=False, comment="whether the card says when the member joined")
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="the member, or an officer for them")
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


class CardSight(Base):
    """Who may open a member's card within the instance; without a row it is the branch."""

    __tablename__ = "card_sights"
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    scope: Mapped[CardScope]
    chosen_at: Mapped[datetime] = mapped_column(default=clock.now)


class CardPhoto(Base):
    """A portrait in its two sizes. A new one has a new id, and so a new address."""

    __tablename__ = "card_photos"
    __table_args__ = (UniqueConstraint("member_id", name="uq_card_photos_one_each"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    small: Mapped[bytes] = mapped_column(LargeBinary, comment="WebP of 96 pixels, see core/photos.py")
    large: Mapped[bytes] = mapped_column(LargeBinary, comment="WebP of 320 pixels")
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="the member, or an officer for them")
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


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
        Index("uq_card_consents_open", "member_id", unique=True, **only(_OPEN)),
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
