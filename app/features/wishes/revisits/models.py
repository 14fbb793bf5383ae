"""Who looks back at a realised wish, and what they found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.wishes.claims.models import WishClaim
from app.features.wishes.revisits.rules import SENTENCE_LENGTH, Helped


class WishRevisit(Base):
    """A revisit, taken over by somebody and then made. Triggers refuse those who took part (migration 0008)."""

    __tablename__ = "wish_revisits"
    __table_args__ = (
        UniqueConstraint("claim_id", "attempt", name="uq_wish_revisits_attempt"),
        CheckConstraint("(made_on IS NULL) = (helped IS NULL)", name="made_with_an_answer"),
        Index("ix_wish_revisits_taken_by", "taken_by_id", "made_on"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey(WishClaim.id))
    attempt: Mapped[int] = mapped_column(comment="of the claim that is looked at")
    taken_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    taken_at: Mapped[datetime] = mapped_column(default=clock.now)
    made_on: Mapped[date | None] = mapped_column(comment="branch-local day")
    helped: Mapped[Helped | None]
    sentence: Mapped[str | None] = mapped_column(String(SENTENCE_LENGTH))
