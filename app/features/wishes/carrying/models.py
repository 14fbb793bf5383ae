"""The wisher's slip, of which only digests are kept, the photo of the thing, and who looks back at what came true."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.models import Member
from app.features.wishes.carrying.rules import MOST_FAILURES, Helped
from app.features.wishes.models import Wish, WishClaim
from app.features.wishes.rules import NOTE_LENGTH

_GOOD: Final = "ended_at IS NULL"


class WishSlip(Base):
    """A link and a code with which the wisher confirms, without an account. One of a wish is good at a time."""

    __tablename__ = "wish_slips"
    __table_args__ = (
        UniqueConstraint("token_digest", name="uq_wish_slips_token"),
        CheckConstraint(f"failures BETWEEN 0 AND {MOST_FAILURES}", name="failures_limited"),
        Index("uq_wish_slips_good", "wish_id", unique=True, **only(_GOOD)),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id))
    token_digest: Mapped[str] = mapped_column(String(64))
    code_digest: Mapped[str] = mapped_column(String(64), comment="of the slip's id and the code")
    failures: Mapped[int] = mapped_column(default=0, comment="wrong codes; the last allowed one voids the slip")
    issued_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(comment="replaced, void, or the wish is over")


class WishPhoto(Base):
    """A photo of the thing that was handed over, made again without its metadata. Never demanded (red line 4)."""

    __tablename__ = "wish_photos"
    __table_args__ = (CheckConstraint("length(content) > 0", name="not_empty"),)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey(WishClaim.id), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="a small picture; see core/photos.py")
    media_type: Mapped[str] = mapped_column(String(20))
    added_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    added_at: Mapped[datetime] = mapped_column(default=clock.now)


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
    sentence: Mapped[str | None] = mapped_column(String(NOTE_LENGTH))
