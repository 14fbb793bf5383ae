"""The democratic review: who is there, the sealed box while the ballot is open, and counters afterwards.

There is no row for a ballot, and no time at who has voted (docs/decisions, “A ballot leaves no trace”).
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.ids import new_id
from app.core.rows import only
from app.core.sealing import KEY_ID_LENGTH
from app.features.ballots.life import NAME_LENGTH, WORDS_LENGTH, Measure, Moved, State
from app.features.ballots.rules import Grade
from app.features.meetings.events.models import MeetingEvent
from app.features.members.models import Member, Organisation
from app.features.members.two_people import DOCUMENT_LENGTH, Stands, TwoPeople, two_people

_WAITS: Final = "stands = 'waiting'"
_STANDS: Final = "state NOT IN ('not_held', 'repeated')"
_HOLDS: Final = "stands <> 'declined'"
_COUNTED: Final = "state IN ('closed', 'settled')"


class DemocraticReview(Base):
    """The review of a year in a branch; one that failed makes room for the next."""

    __tablename__ = "democratic_reviews"
    __table_args__ = (
        Index("uq_democratic_reviews_one", "branch_id", "year", unique=True, **only(_STANDS)),
        Index("ix_democratic_reviews_branch", "branch_id", "year"),
        CheckConstraint("year BETWEEN 2000 AND 2199", name="year_of_four_digits"),
        CheckConstraint(f"({_COUNTED}) = (phone IS NOT NULL)", name="counted_iff_closed"),
        CheckConstraint("returned <= issued AND invalid <= returned", name="paper_adds_up"),
        CheckConstraint("paper_confirmed_by_id <> paper_entered_by_id", name="paper_by_two"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    event_id: Mapped[UUID] = mapped_column(ForeignKey(MeetingEvent.id), index=True, comment="the meeting, its day")
    year: Mapped[int] = mapped_column(comment="the year that is reviewed")
    chair_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="opens and closes the ballot")
    prepared_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    state: Mapped[State] = mapped_column(default=State.PREPARED)
    issued: Mapped[int] = mapped_column(default=0, comment="paper ballots given out")
    returned: Mapped[int] = mapped_column(default=0)
    invalid: Mapped[int] = mapped_column(default=0)
    paper_entered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    paper_confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    phone: Mapped[int | None] = mapped_column(comment="ballots by phone, known when it is closed")
    graded_on: Mapped[date | None] = mapped_column(comment="day of the committee's meeting")
    sat: Mapped[list[str] | None] = mapped_column(JSON, comment="ids of those of the committee who were there")
    consent: Mapped[str | None] = mapped_column(
        String(DOCUMENT_LENGTH), comment="of the organ committee, for more excellent ones than a third"
    )


class BallotBox(Base):
    """What was cast while the ballot is open: one sealed text of one length, rewritten whole with each ballot."""

    __tablename__ = "ballot_boxes"
    review_id: Mapped[UUID] = mapped_column(ForeignKey(DemocraticReview.id), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(KEY_ID_LENGTH))


class ReviewPerson(Base):
    """Somebody of the branch on the day of the review. All rows of a review are written together, always."""

    __tablename__ = "review_people"
    __table_args__ = (
        CheckConstraint("is_present OR NOT (has_voted OR on_paper)", name="votes_only_if_present"),
        CheckConstraint("NOT (has_voted AND on_paper)", name="one_ballot"),
        CheckConstraint("moved <> 'gone' OR NOT is_present", name="votes_where_one_belongs"),
        Index("ix_review_people_member", "member_id", "review_id"),
    )
    review_id: Mapped[UUID] = mapped_column(ForeignKey(DemocraticReview.id), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    is_full: Mapped[bool] = mapped_column(comment="graded; probationary members only assess")
    is_exempt: Mapped[bool]
    is_away: Mapped[bool] = mapped_column(comment="on leave that was granted")
    is_present: Mapped[bool]
    moved: Mapped[Moved | None] = mapped_column(comment="between 31 December of the year and the day")
    has_voted: Mapped[bool] = mapped_column(default=False, comment="by phone; once it is closed, at all")
    on_paper: Mapped[bool] = mapped_column(default=False, comment="took paper; only while it is open")


class BallotTally(Base):
    """How many marks of each grade somebody has: counted when the ballot is closed."""

    __tablename__ = "ballot_tallies"
    __table_args__ = (
        ForeignKeyConstraint(
            ["review_id", "member_id"],
            ["review_people.review_id", "review_people.member_id"],
            name="fk_ballot_tallies_person",
        ),
        Index("ix_ballot_tallies_member", "member_id", "review_id"),
        CheckConstraint("excellent >= 0 AND qualified >= 0 AND basic >= 0 AND failed >= 0", name="not_negative"),
    )
    review_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    excellent: Mapped[int]
    qualified: Mapped[int]
    basic: Mapped[int] = mapped_column(comment="basically qualified")
    failed: Mapped[int] = mapped_column(comment="not qualified")

    @property
    def marks(self) -> tuple[int, int, int, int]:
        """As the rules take them, best first."""
        return self.excellent, self.qualified, self.basic, self.failed


class ReviewOpinion(Base):
    """The grade that people of the committee gave somebody, and how the person was told."""

    __tablename__ = "review_opinions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["review_id", "member_id"],
            ["review_people.review_id", "review_people.member_id"],
            name="fk_review_opinions_person",
        ),
        CheckConstraint("entered_by_id <> member_id", name="not_about_oneself"),
        CheckConstraint("decided_by_id NOT IN (member_id, entered_by_id)", name="decided_by_another"),
        CheckConstraint("(stands = 'waiting') = (decided_by_id IS NULL)", name="decided_by_iff_decided"),
        CheckConstraint(f"length(trim(reason)) BETWEEN 1 AND {WORDS_LENGTH}", name="reason_not_blank"),
        CheckConstraint("told_by_id <> member_id", name="told_by_another"),
        CheckConstraint("(told_on IS NULL) = (told_by_id IS NULL)", name="told_by_iff_told"),
        CheckConstraint("mend_by IS NULL OR measure = 'deadline'", name="mend_by_of_a_deadline"),
        Index("ix_review_opinions_member", "member_id"),
        Index("ix_review_opinions_waiting", "review_id", **only(_WAITS)),
    )
    review_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID] = mapped_column(primary_key=True)
    grade: Mapped[Grade]
    reason: Mapped[str | None] = mapped_column(String(WORDS_LENGTH))
    stands: Mapped[Stands] = mapped_column(default=Stands.WAITING)
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    decided_at: Mapped[datetime | None]
    told_on: Mapped[date | None] = mapped_column(comment="in person")
    told_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    measure: Mapped[Measure | None] = mapped_column(comment="people decide it; nothing follows by itself")
    mend_by: Mapped[date | None]


class SelfAssessment(Base):
    """What somebody says of the own year, if anything in writing at all."""

    __tablename__ = "self_assessments"
    __table_args__ = (CheckConstraint(f"length(trim(words)) BETWEEN 1 AND {WORDS_LENGTH}", name="not_blank"),)
    review_id: Mapped[UUID] = mapped_column(ForeignKey(DemocraticReview.id), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)
    words: Mapped[str] = mapped_column(String(WORDS_LENGTH))


class ReviewLetter(TwoPeople, Base):
    """The result of somebody who was reviewed in a host branch, as its letter says: one enters it, another confirms."""

    __tablename__ = "review_letters"
    __table_args__ = (
        *two_people(),
        CheckConstraint("mean BETWEEN 0 AND 1000", name="mean_to_ten"),
        CheckConstraint(f"length(trim(document)) BETWEEN 1 AND {DOCUMENT_LENGTH}", name="has_document"),
        CheckConstraint(f"length(trim(host)) BETWEEN 1 AND {NAME_LENGTH}", name="has_host"),
        Index("uq_review_letters_once", "member_id", "year", unique=True, **only(_HOLDS)),
        Index("ix_review_letters_branch", "branch_id", "year"),
        Index("ix_review_letters_member", "member_id", "year"),
    )
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id), comment="the home branch")
    year: Mapped[int]
    host: Mapped[str] = mapped_column(String(NAME_LENGTH), comment="the branch that held the review")
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH))
    mean: Mapped[int] = mapped_column(comment="hundredths of a point")
