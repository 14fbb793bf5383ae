"""Pledges, what members said on the way, how each ended, and the words of colleagues.

A pledge is a draft until it is handed in; from then on triggers let nobody change it, and a correction is a new row.
Its state is read from its review and from the review of its ending.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review
from app.features.shows.pledges.rules import (
    KEYWORD_LENGTH,
    NOTE_LENGTH,
    TEXT_LENGTH,
    Audience,
    Ending,
    PeerWord,
    Progress,
    Side,
)

_OWNER: Final = (["pledge_id", "member_id"], ["pledges.id", "pledges.member_id"])
DEVICE_TIME_LENGTH: Final = 40


def _sentence(column: str) -> CheckConstraint:
    return CheckConstraint(f"length(trim({column})) BETWEEN 1 AND {NOTE_LENGTH}", name=f"{column}_not_blank")


class Pledge(Base):
    """One item of a member's year. Handed in, its review has the same id."""

    __tablename__ = "pledges"
    __table_args__ = (
        CheckConstraint(f"length(trim(text)) BETWEEN 1 AND {TEXT_LENGTH}", name="has_text"),
        CheckConstraint(f"length(trim(sign)) BETWEEN 1 AND {TEXT_LENGTH}", name="has_sign"),
        CheckConstraint("year BETWEEN 2000 AND 2999", name="year_plausible"),
        CheckConstraint("substr(CAST(due_on AS VARCHAR(10)), 1, 4) = CAST(year AS VARCHAR(4))", name="due_in_its_year"),
        CheckConstraint("corrects_id <> id", name="not_own_correction"),
        UniqueConstraint("id", "member_id", name="uq_pledges_owner"),
        Index("ix_pledges_member", "member_id", "year", "id"),
        Index("ix_pledges_branch", "branch_id", "year"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="in which it was written")
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    year: Mapped[int]
    side: Mapped[Side]
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    sign: Mapped[str] = mapped_column(String(TEXT_LENGTH), comment="by which anybody can see that it is fulfilled")
    due_on: Mapped[date]
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="an officer if written for the member")
    written_at: Mapped[datetime] = mapped_column(default=clock.now, comment="changed last, while it was a draft")
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("pledges.id"), comment="the returned one before it")
    copied_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("pledges.id"), comment="last year's, taken over")


class PledgeProgress(Base):
    """What was said in a quarter; append-only, the last word of a quarter holds. Its id may be made on a phone."""

    __tablename__ = "pledge_progress"
    __table_args__ = (
        ForeignKeyConstraint(*_OWNER, name="fk_pledge_progress_owner"),
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter_of_a_year"),
        _sentence("note"),
        Index("ix_pledge_progress_pledge", "pledge_id", "quarter", "said_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID]
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True, comment="whose pledge it is")
    quarter: Mapped[int] = mapped_column(comment="of the pledge's year, by the day it was said")
    state: Mapped[Progress]
    note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH))
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    said_at: Mapped[datetime] = mapped_column(comment="corrected by the measured error of the phone's clock")
    device_time: Mapped[str | None] = mapped_column(
        String(DEVICE_TIME_LENGTH), comment="the phone's own words for it; none for what was said on the page"
    )
    received_at: Mapped[datetime]
    made_offline: Mapped[bool] = mapped_column(default=False)


class PledgeOutcome(Base):
    """How a pledge ended, as somebody proposes it and an officer decides. Append-only; a correction is the next one."""

    __tablename__ = "pledge_outcomes"
    __table_args__ = (
        ForeignKeyConstraint(*_OWNER, name="fk_pledge_outcomes_owner"),
        UniqueConstraint("pledge_id", "attempt", name="uq_pledge_outcomes_attempt"),
        CheckConstraint("attempt >= 1", name="attempt_from_one"),
        CheckConstraint("outcome <> 'excused' OR said IS NOT NULL", name="reason_named"),
        _sentence("said"),
        Index("ix_pledge_outcomes_member", "member_id"),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    pledge_id: Mapped[UUID]
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="whose pledge it is")
    attempt: Mapped[int] = mapped_column(comment="two people cannot both say the first word")
    outcome: Mapped[Ending]
    said: Mapped[str | None] = mapped_column(String(NOTE_LENGTH), comment="a sentence; the reason if there is one")
    said_on: Mapped[date] = mapped_column(comment="branch-local day")


class PledgeWord(Base):
    """What a colleague saw of a pledge, where the branch asks for it. Read by officers, never counted."""

    __tablename__ = "pledge_words"
    __table_args__ = (
        ForeignKeyConstraint(*_OWNER, name="fk_pledge_words_owner"),
        CheckConstraint("peer_id <> member_id", name="not_about_oneself"),
        _sentence("sentence"),
    )
    pledge_id: Mapped[UUID] = mapped_column(primary_key=True)
    peer_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True, primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True, comment="whose pledge it is")
    word: Mapped[PeerWord]
    sentence: Mapped[str | None] = mapped_column(String(NOTE_LENGTH))
    said_at: Mapped[datetime] = mapped_column(default=clock.now)


class PledgeSuggestion(Base):
    """A line of a branch's own library; a branch that has changed nothing reads the one that comes with the product."""

    __tablename__ = "pledge_suggestions"
    __table_args__ = (
        UniqueConstraint("branch_id", "text", name="uq_pledge_suggestions_text"),
        CheckConstraint(f"length(trim(text)) BETWEEN 1 AND {TEXT_LENGTH}", name="has_text"),
        CheckConstraint(f"length(trim(sign)) BETWEEN 1 AND {TEXT_LENGTH}", name="has_sign"),
        CheckConstraint(f"length(trim(keyword)) BETWEEN 1 AND {KEYWORD_LENGTH}", name="keyword_not_blank"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    audience: Mapped[Audience]
    keyword: Mapped[str | None] = mapped_column(String(KEYWORD_LENGTH), comment="part of a working post's name")
    side: Mapped[Side]
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    sign: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: as it came")
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


class PledgeSettings(Base):
    """What a branch has decided about pledges. No row: nothing yet."""

    __tablename__ = "pledge_settings"
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    asks_peers: Mapped[bool] = mapped_column(default=False, comment="colleagues may say what they saw")
    has_own_library: Mapped[bool] = mapped_column(default=False, comment="suggestions are rows of the branch")
    changed_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
