"""Wishes, history, claims, and how they end. Nothing here says who wishes: that is sealed (``wishes/contacts``)."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.features.members.models import Member, Organisation
from app.features.wishes.rules import (
    MOST_FAILURES,
    MOST_YUAN,
    NEED_LENGTH,
    NOTE_LENGTH,
    TITLE_LENGTH,
    Category,
    ClaimEnd,
    ClaimKind,
    ConfirmedHow,
    Helped,
    Kind,
    Origin,
    Status,
    Step,
)

CODE_LENGTH: Final = 16
CHANNEL_LENGTH: Final = 60
_BEFORE_PUBLISHING: Final = "('draft', 'to_verify', 'returned', 'declined', 'withdrawn')"


class WishNumber(Base):
    """The number of the last wish of a year; whoever takes the next one holds the row."""

    __tablename__ = "wish_numbers"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint("last > 0", name="counts_from_one"),
    )
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Wish(Base):
    """A wish as members see it: a code, the community and the need. Triggers hold its end (migration 0008)."""

    __tablename__ = "wishes"
    __table_args__ = (
        UniqueConstraint("code", name="uq_wishes_code"),
        CheckConstraint("code LIKE 'WX-____-____%'", name="code_form"),
        CheckConstraint(f"length(trim(title)) BETWEEN 1 AND {TITLE_LENGTH}", name="has_title"),
        CheckConstraint(f"length(need) <= {NEED_LENGTH}", name="need_length"),
        CheckConstraint(f"yuan BETWEEN 0 AND {MOST_YUAN}", name="yuan_plausible"),
        CheckConstraint("round > 0 AND steps > 0", name="counts_from_one"),
        CheckConstraint("community_id <> branch_id", name="two_places"),
        CheckConstraint("(origin = 'public') = (entered_by_id IS NULL)", name="public_iff_entered_by_nobody"),
        CheckConstraint("published_by_id <> entered_by_id", name="not_published_by_who_entered"),
        CheckConstraint("accepted_by_id IS NULL OR origin = 'public'", name="accepted_from_the_public"),
        CheckConstraint("verified_by_id <> accepted_by_id", name="not_verified_by_who_accepted"),
        CheckConstraint("(verified_at IS NULL) = (verified_by_id IS NULL)", name="verified_by_somebody"),
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_somebody"),
        CheckConstraint(f"published_at IS NOT NULL OR status IN {_BEFORE_PUBLISHING}", name="published_before_claimed"),
        CheckConstraint("published_at IS NULL OR verified_at IS NOT NULL", name="verified_before_published"),
        CheckConstraint("(status = 'declined') = (channel IS NOT NULL)", name="declined_with_a_channel"),
        Index("ix_wishes_community", "community_id", "status", "id"),
        Index("ix_wishes_branch", "branch_id", "status", "id"),
        Index("ix_wishes_status", "status", "wanted_by"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), comment="WX-2026-0012, counted per year")
    community_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    branch_id: Mapped[UUID] = mapped_column(
        ForeignKey(Organisation.id), comment="the branch that led in the community when the wish was entered"
    )
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    need: Mapped[str] = mapped_column(String(NEED_LENGTH), comment="may be empty; says nothing of who wishes")
    category: Mapped[Category]
    kind: Mapped[Kind]
    yuan: Mapped[int | None] = mapped_column(comment="estimate in whole yuan; NULL where nobody knows")
    wanted_by: Mapped[date | None] = mapped_column(comment="the last day on which it helps; branch-local")
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    round: Mapped[int] = mapped_column(default=1, comment="above 1 it was not claimed before, and goes first")
    steps: Mapped[int] = mapped_column(default=1, comment="rows of its history so far")
    origin: Mapped[Origin]
    entered_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Member.id), index=True, comment="NULL: the public form"
    )
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)
    accepted_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Member.id), comment="who took it up from the public form; somebody else verifies it"
    )
    verified_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    verified_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    published_at: Mapped[datetime | None] = mapped_column(comment="the last time; a later round publishes again")
    channel: Mapped[str | None] = mapped_column(String(CHANNEL_LENGTH), comment="where a declined one was referred to")


class WishEvent(Base):
    """One step in the history of a wish. Triggers let nobody change or remove it (migration 0008)."""

    __tablename__ = "wish_events"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_from_one"),
        CheckConstraint("NOT by_wisher OR by_id IS NULL", name="wishers_have_no_account"),
        CheckConstraint(f"length(note) <= {NOTE_LENGTH}", name="note_length"),
        Index("ix_wish_events_step", "step", "at"),
    )
    wish_id: Mapped[UUID] = mapped_column(ForeignKey(Wish.id), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 … of the wish")
    step: Mapped[Step]
    status: Mapped[Status] = mapped_column(comment="where it led")
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Member.id), index=True, comment="NULL: the wisher, or the passing time"
    )
    by_wisher: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH), comment="a sentence; no personal data")


_CURRENT: Final = "ended_at IS NULL"


class WishClaim(Base):
    """One claim of a wish. A wish has one current claim: the index decides who was first."""

    __tablename__ = "wish_claims"
    __table_args__ = (
        Index("uq_wish_claims_current", "wish_id", unique=True, **only(_CURRENT)),
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
    sentence: Mapped[str | None] = mapped_column(String(NOTE_LENGTH))
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


class WishSlip(Base):
    """A link and a code with which the wisher confirms, without an account. One of a wish is good at a time."""

    __tablename__ = "wish_slips"
    __table_args__ = (
        UniqueConstraint("token_digest", name="uq_wish_slips_token"),
        CheckConstraint(f"failures BETWEEN 0 AND {MOST_FAILURES}", name="failures_limited"),
        Index("uq_wish_slips_good", "wish_id", unique=True, **only("ended_at IS NULL")),
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
