"""Who has claimed a wish, with whom, and what became of it. Ended claims stay: they are the history."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member, Organisation
from app.features.wishes.claims.rules import NOTE_LENGTH, ClaimEnd, ClaimKind
from app.features.wishes.fulfilment.rules import SENTENCE_LENGTH, ConfirmedHow
from app.features.wishes.models import Wish

_CURRENT: Final = "ended_at IS NULL"


class WishClaim(Base):
    """One claim of a wish. A wish has one current claim: the index decides who was first."""

    __tablename__ = "wish_claims"
    __table_args__ = (
        Index(
            "uq_wish_claims_current",
            "wish_id",
            unique=True,
            sqlite_where=text(_CURRENT),
            postgresql_where=text(_CURRENT),
        ),
        CheckConstraint("attempt > 0", name="attempts_from_one"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_somehow"),
        CheckConstraint(
            "(fulfilled_on IS NULL) = (sentence IS NULL) AND (fulfilled_on IS NULL) = (fulfilled_by_id IS NULL)",
            name="fulfilled_with_a_sentence",
        ),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_how IS NULL)", name="confirmed_somehow"),
        CheckConstraint("confirmed_at IS NULL OR fulfilled_on IS NOT NULL", name="fulfilled_before_confirmed"),
        CheckConstraint("confirmed_by_id <> claimed_by_id", name="not_confirmed_by_claimer"),
        CheckConstraint("confirmed_by_id <> fulfilled_by_id", name="not_confirmed_by_who_fulfilled"),
        CheckConstraint("(confirmed_how = 'desk') = (confirmed_by_id IS NOT NULL)", name="wishers_have_no_account"),
        CheckConstraint("ended_as <> 'closed' OR confirmed_at IS NOT NULL", name="confirmed_before_closed"),
        Index("ix_wish_claims_wish", "wish_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id))
    kind: Mapped[ClaimKind]
    claimed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="leads, if it is a team")
    claimed_at: Mapped[datetime]
    contacted_at: Mapped[datetime | None]
    extended_at: Mapped[datetime | None] = mapped_column(comment="more time is given once")
    attempt: Mapped[int] = mapped_column(default=1, comment="one more each time it turned out not to have helped")
    fulfil_from: Mapped[date] = mapped_column(comment="branch-local day from which the days to fulfil are counted")
    fulfilled_on: Mapped[date | None] = mapped_column(comment="branch-local day of handing over")
    fulfilled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    sentence: Mapped[str | None] = mapped_column(String(SENTENCE_LENGTH))
    confirmed_at: Mapped[datetime | None]
    confirmed_how: Mapped[ConfirmedHow | None]
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: the wisher did")
    ended_at: Mapped[datetime | None] = mapped_column(comment="NULL: the current claim")
    ended_as: Mapped[ClaimEnd | None]
    end_note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH), comment="a reason, where somebody gave one")


class WishParticipant(Base):
    """Somebody in a claim: invited, then taking part by the own tap, perhaps gone again, perhaps asked again.

    ``took_part_from`` outlasts all of that; triggers hold it (migration 0008), and four eyes stand on it.
    """

    __tablename__ = "wish_participants"
    __table_args__ = (
        CheckConstraint("invited_by_id <> member_id", name="not_invited_by_oneself"),
        CheckConstraint("invited_by_id IS NOT NULL OR joined_at IS NOT NULL", name="claimer_takes_part"),
        CheckConstraint("joined_at IS NULL OR took_part_from IS NOT NULL", name="who_joined_took_part"),
        Index("ix_wish_participants_member", "member_id", "claim_id"),
    )
    claim_id: Mapped[UUID] = mapped_column(ForeignKey(WishClaim.id), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="whose ledger the fact stands in")
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: the claimer")
    joined_at: Mapped[datetime | None] = mapped_column(comment="NULL: invited, and free not to answer")
    left_at: Mapped[datetime | None] = mapped_column(comment="declined, or gone again; without blame")
    took_part_from: Mapped[datetime | None] = mapped_column(comment="the first joining; never changes again")
