"""Results of votes, each frozen with what it was computed from; a correction is another row that two people say."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.enum_columns import words_under
from app.core.ids import new_id
from app.core.rows import only
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.resolutions.rules import NAME_LENGTH, REASON_LENGTH, WORDING_LENGTH, Office
from app.features.meetings.votes.rules import Matter, VoteOutcome
from app.features.members.models import Member
from app.features.members.two_people import Second

_FIRST = "corrects_id IS NULL"


class Election(Base):
    """A round of an election: for how many seats, and who stands, in the order of strokes. Append-only."""

    __tablename__ = "elections"
    __table_args__ = (
        UniqueConstraint("follows_id", name="uq_elections_follows_id"),
        CheckConstraint("seats >= 1", name="has_a_seat"),
        CheckConstraint("follows_id <> id", name="follows_another"),
        CheckConstraint("NOT re_ballot OR follows_id IS NOT NULL", name="re_ballot_follows"),
        Index("ix_elections_event_id", "event_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey(MeetingEvent.id))
    office: Mapped[Office]
    seats: Mapped[int]
    candidates: Mapped[list[list[str]]] = mapped_column(JSON, comment="id and name of each")
    re_ballot: Mapped[bool] = mapped_column(default=False, comment="among the tied alone")
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("elections.id"), comment="the round before")
    entered_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    entered_at: Mapped[datetime] = mapped_column(default=clock.now)


class Resolution(Base):
    """What one vote came to. Append-only: numbers of later days never change it."""

    __tablename__ = "resolutions"
    __table_args__ = (
        UniqueConstraint("id", "recorded_by_id", name="uq_resolutions_by_whom"),
        CheckConstraint(f"length(trim(wording)) BETWEEN 1 AND {WORDING_LENGTH}", name="has_wording"),
        CheckConstraint("full_members - resting - left_out = n AND n >= 1", name="n_as_it_came_about"),
        CheckConstraint("present BETWEEN 0 AND n", name="present_among_entitled"),
        CheckConstraint(
            "coalesce(yes, 0) + coalesce(no, 0) + coalesce(abstain, 0) <= present", name="votes_of_present"
        ),
        CheckConstraint("present + written_yes + written_no + written_abstain <= n", name="written_by_absent"),
        CheckConstraint("(outcome = 'no_quorum') = (present < need_present)", name="no_quorum_iff_too_few"),
        CheckConstraint(
            "outcome <> 'no_quorum' OR (yes IS NULL AND no IS NULL AND abstain IS NULL AND result IS NULL)",
            name="no_result_without_quorum",
        ),
        CheckConstraint("(corrects_id IS NULL) = (reason IS NULL)", name="corrected_for_a_reason"),
        CheckConstraint("corrects_id <> id", name="corrects_another"),
        CheckConstraint("(matter = 'election') = (election_id IS NOT NULL)", name="of_an_election_iff_elected"),
        Index("ix_resolutions_event_id", "event_id", "id"),
        Index("uq_resolutions_election_once", "election_id", unique=True, **only(_FIRST)),
        Index("ix_resolutions_about_id", "about_id"),
        Index("ix_resolutions_corrects_id", "corrects_id", **only("corrects_id IS NOT NULL")),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey(MeetingEvent.id))
    kind: Mapped[Kind] = mapped_column(comment="the item of the agenda")
    matter: Mapped[Matter]
    wording: Mapped[str] = mapped_column(String(WORDING_LENGTH))
    about_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    about: Mapped[str | None] = mapped_column(String(NAME_LENGTH), comment="the name, as it was")
    admitted_on: Mapped[date | None] = mapped_column(comment="from which probation is counted")
    months: Mapped[int | None] = mapped_column(comment="by which probation is made longer")
    full_members: Mapped[int] = mapped_column(comment="of the committee: its members")
    resting: Mapped[int]
    left_out: Mapped[int]
    n: Mapped[int]
    present: Mapped[int] = mapped_column(comment="with a vote, in the room")
    need_present: Mapped[int]
    need_yes: Mapped[int]
    yes: Mapped[int | None]
    no: Mapped[int | None]
    abstain: Mapped[int | None]
    written_yes: Mapped[int] = mapped_column(default=0)
    written_no: Mapped[int] = mapped_column(default=0)
    written_abstain: Mapped[int] = mapped_column(default=0)
    secret: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[VoteOutcome] = mapped_column(words_under("outcome", VoteOutcome))
    near_tie: Mapped[bool] = mapped_column(default=False)
    election_id: Mapped[UUID | None] = mapped_column(ForeignKey("elections.id"))
    result: Mapped[dict[str, Any] | None] = mapped_column(
        JSON(none_as_null=True), comment="ballots, votes, who is elected"
    )
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("resolutions.id"))
    reason: Mapped[str | None] = mapped_column(String(REASON_LENGTH), comment="of the correction")
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


class CorrectionWord(Base):
    """What the other one of two says of a correction. Append-only."""

    __tablename__ = "resolution_words"
    __table_args__ = (
        ForeignKeyConstraint(
            ["resolution_id", "recorded_by_id"],
            ["resolutions.id", "resolutions.recorded_by_id"],
            name="fk_resolution_words_whose",
        ),
        CheckConstraint("said_by_id <> recorded_by_id", name="said_by_another"),
    )
    resolution_id: Mapped[UUID] = mapped_column(primary_key=True)
    recorded_by_id: Mapped[UUID]
    second: Mapped[Second]
    said_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
