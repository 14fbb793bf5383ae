"""Duties and what became of them. Where a duty stands is read from its rows; only what somebody changed is stored."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.enum_columns import words_under
from app.core.ids import new_id
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review
from app.features.shows.duties.rules import (
    BASIS_LENGTH,
    MATTER_LENGTH,
    SENTENCE_LENGTH,
    DutyKind,
    DutyResult,
    DutySource,
    Progress,
    Repeat,
)


def _not_blank(column: str, most: int, name: str) -> CheckConstraint:
    return CheckConstraint(f"length(trim({column})) BETWEEN 1 AND {most}", name=name)


class Duty(Base):
    """One matter for which one member is responsible until a day."""

    __tablename__ = "duties"
    __table_args__ = (
        _not_blank("matter", MATTER_LENGTH, "has_matter"),
        _not_blank("basis", BASIS_LENGTH, "basis_not_blank"),
        CheckConstraint("series_place >= 0", name="place_from_zero"),
        CheckConstraint("(series_place = 0) = (series_id = id)", name="first_names_the_series"),
        UniqueConstraint("series_id", "series_place", name="uq_duties_once_in_series"),
        Index("ix_duties_branch", "branch_id", "due_on"),
        Index("ix_duties_member", "member_id", "due_on"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="who has it first; see duty_hand_overs")
    kind: Mapped[DutyKind]
    matter: Mapped[str] = mapped_column(String(MATTER_LENGTH))
    basis: Mapped[str | None] = mapped_column(String(BASIS_LENGTH), comment="the document or plan it comes from")
    due_on: Mapped[date] = mapped_column(comment="branch-local day; its changes stand in events")
    source: Mapped[DutySource]
    repeat: Mapped[Repeat] = mapped_column(default=Repeat.NONE)
    series_id: Mapped[UUID] = mapped_column(ForeignKey("duties.id"), comment="the first of its series, often itself")
    series_place: Mapped[int] = mapped_column(default=0, comment="from 0; the constraint makes each once")
    anchored_on: Mapped[date] = mapped_column(comment="due day of the first of the series")
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="of a repeated one: who made the first")
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    cancelled_at: Mapped[datetime | None] = mapped_column(comment="why and by whom: events")


class DutyHelper(Base):
    """Somebody of the branch who helps with a duty. Helping brings no fact."""

    __tablename__ = "duty_helpers"
    __table_args__ = (Index("ix_duty_helpers_member", "member_id"),)
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duties.id"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), primary_key=True)


class DutyHandOver(Base):
    """From this day on somebody else is responsible, for good or until a day. Append-only; the last one counts."""

    __tablename__ = "duty_hand_overs"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        _not_blank("reason", SENTENCE_LENGTH, "reason_not_blank"),
        Index("ix_duty_hand_overs_duty", "duty_id", "id"),
        Index("ix_duty_hand_overs_to", "to_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duties.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(comment="its last day; NULL: for good")
    reason: Mapped[str | None] = mapped_column(String(SENTENCE_LENGTH))
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


class DutyProgress(Base):
    """A word on how a duty goes. Append-only; its id is made on the phone or in the form."""

    __tablename__ = "duty_progress"
    __table_args__ = (
        _not_blank("note", SENTENCE_LENGTH, "note_not_blank"),
        Index("ix_duty_progress_duty", "duty_id", "said_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duties.id"))
    member_id: Mapped[UUID] = mapped_column(
        ForeignKey(Member.id), index=True, comment="who was responsible on that day"
    )
    state: Mapped[Progress]
    note: Mapped[str | None] = mapped_column(String(SENTENCE_LENGTH))
    said_on: Mapped[date] = mapped_column(comment="branch-local day")
    said_at: Mapped[datetime] = mapped_column(comment="corrected by the measured error of the phone's clock")
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


class DutyOutcome(Base):
    """How a duty ended, as it was reported; what became of it is its review's. Append-only."""

    __tablename__ = "duty_outcomes"
    __table_args__ = (
        _not_blank("sentence", SENTENCE_LENGTH, "sentence_not_blank"),
        CheckConstraint("result <> 'objective' OR sentence IS NOT NULL", name="objective_has_reason"),
        CheckConstraint("attempt >= 1", name="attempt_from_one"),
        UniqueConstraint("duty_id", "attempt", name="uq_duty_outcomes_one_at_a_time"),
        Index("ix_duty_outcomes_member", "member_id", "ended_on"),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    duty_id: Mapped[UUID] = mapped_column(ForeignKey("duties.id"))
    attempt: Mapped[int] = mapped_column(comment="goes up only when the one before was returned or withdrawn")
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="who was responsible on ended_on")
    result: Mapped[DutyResult] = mapped_column(words_under("result", DutyResult))
    sentence: Mapped[str | None] = mapped_column(String(SENTENCE_LENGTH))
    ended_on: Mapped[date] = mapped_column(comment="the day it was done, else its due day; the fact's day")
    due_on: Mapped[date] = mapped_column(comment="as it stood when the end was reported")
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), index=True)
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
