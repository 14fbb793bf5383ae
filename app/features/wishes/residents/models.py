"""What came in from the public, and the posters it came by.

What was said is sealed, and gone as soon as somebody has decided.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.core.sealing import KEY_ID_LENGTH
from app.features.members.models import Member, Organisation
from app.features.wishes.contacts.rules import VERSION_LENGTH
from app.features.wishes.models import Wish
from app.features.wishes.residents.rules import TOKEN_LENGTH, SubmissionStatus

DIGEST_LENGTH: Final = 64


class WishSubmission(Base):
    """One wish from the public form. Its receipt is known as a digest only, and so is where it came from."""

    __tablename__ = "wish_submissions"
    __table_args__ = (
        UniqueConstraint("receipt_digest", name="uq_wish_submissions_receipt"),
        UniqueConstraint("wish_id", name="uq_wish_submissions_wish"),
        CheckConstraint("(status = 'waiting') = (sealed IS NOT NULL)", name="kept_only_while_waiting"),
        CheckConstraint("(sealed IS NULL) = (key_id IS NULL)", name="sealed_with_a_key"),
        CheckConstraint("(status = 'accepted') = (wish_id IS NOT NULL)", name="accepted_iff_wish"),
        CheckConstraint("(status = 'waiting') = (ended_at IS NULL)", name="ended_iff_decided"),
        CheckConstraint(
            "(status IN ('accepted', 'refused')) = (decided_by_id IS NOT NULL)", name="decided_by_somebody"
        ),
        Index("ix_wish_submissions_queue", "community_id", "status", "sent_at"),
        Index("ix_wish_submissions_network", "community_id", "network_digest", "sent_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    receipt_digest: Mapped[str] = mapped_column(String(DIGEST_LENGTH))
    network_digest: Mapped[str | None] = mapped_column(String(DIGEST_LENGTH), comment="keyed; forgotten after a week")
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    consent_version: Mapped[str] = mapped_column(
        String(VERSION_LENGTH), comment="of the texts agreed to, see private/rules.py"
    )
    sealed: Mapped[str | None] = mapped_column(Text, comment="rules.Told, see core/sealing.py")
    key_id: Mapped[str | None] = mapped_column(String(KEY_ID_LENGTH), comment="the key that sealed it")
    status: Mapped[SubmissionStatus] = mapped_column(default=SubmissionStatus.WAITING)
    wish_id: Mapped[UUID | None] = mapped_column(ForeignKey(Wish.id))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(comment="decided, taken back or lapsed; what was said is gone")


_CURRENT: Final = "ended_at IS NULL"


class WishPoster(Base):
    """The address under which a community takes wishes from the public. It has one at a time; older ones say so."""

    __tablename__ = "wish_posters"
    __table_args__ = (
        UniqueConstraint("token", name="uq_wish_posters_token"),
        CheckConstraint(f"length(token) = {TOKEN_LENGTH}", name="token_unguessable"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index("uq_wish_posters_current", "community_id", unique=True, **only(_CURRENT)),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    token: Mapped[str] = mapped_column(String(TOKEN_LENGTH))
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    ended_at: Mapped[datetime | None]
