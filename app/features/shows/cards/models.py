"""What members tell on their cards, their portraits, and who may see them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.shows.cards.rules import (
    MOTTO_LENGTH,
    OFFICE_PHONE_LENGTH,
    SERVICE_SCOPE_LENGTH,
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
