"""Leaves as they were asked for and how they ended, and what officers said about them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.enum_columns import words_under
from app.core.ids import new_id
from app.core.rows import only
from app.features.leave.life import NAME_LENGTH, PLACE_LENGTH, Approval, End, Finding, LeaveDecision
from app.features.leave.rules import Half, LeaveType
from app.features.members.models import Member, Organisation
from app.features.reviews.models import Review

_STANDING = "taken_back_at IS NULL"
_NOT_CLOSED_IN_TIME = "ended_as IS NULL OR ended_on > due_on"


class Leave(Base):
    """Days away, asked for once. What was decided about it is its review's; no reason and no address is kept."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="ends_after_it_begins"),
        CheckConstraint(
            "first_on < last_on OR first_half = last_half OR first_half = 'am' OR last_half = 'evening'",
            name="halves_in_their_order",
        ),
        CheckConstraint(f"length(trim(destination)) BETWEEN 1 AND {PLACE_LENGTH}", name="destination_not_blank"),
        CheckConstraint(f"length(trim(stand_in)) BETWEEN 1 AND {NAME_LENGTH}", name="stand_in_not_blank"),
        CheckConstraint(f"length(trim(approved_by)) BETWEEN 1 AND {NAME_LENGTH}", name="approved_by_not_blank"),
        CheckConstraint("approved_by IS NULL OR approval = 'elsewhere'", name="names_who_approved_elsewhere"),
        CheckConstraint("due_on > last_on", name="due_after_the_end"),
        CheckConstraint("(ended_as IS NULL) = (ended_on IS NULL)", name="day_iff_ended"),
        CheckConstraint("(ended_as IS NULL) = (ended_by_id IS NULL)", name="by_whom_iff_ended"),
        CheckConstraint(
            "(ended_as IS NOT NULL AND ended_as = 'closed') = (returned_on IS NOT NULL)", name="return_iff_closed"
        ),
        CheckConstraint("returned_on BETWEEN first_on AND ended_on", name="returned_before_it_was_closed"),
        CheckConstraint("extends_id <> id", name="extends_another"),
        Index("ix_leaves_member", "member_id", "last_on"),
        Index("ix_leaves_branch", "branch_id", "last_on"),
        Index("ix_leaves_extends", "extends_id"),
        Index("ix_leaves_missed", "due_on", **only(_NOT_CLOSED_IN_TIME)),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    leave: Mapped[LeaveType]
    first_on: Mapped[date] = mapped_column(comment="branch-local day")
    first_half: Mapped[Half] = mapped_column(words_under("first_half", Half))
    last_on: Mapped[date] = mapped_column(comment="its last day, inclusive")
    last_half: Mapped[Half] = mapped_column(words_under("last_half", Half))
    destination: Mapped[str | None] = mapped_column(String(PLACE_LENGTH), comment="a city, never an address")
    stand_in: Mapped[str | None] = mapped_column(String(NAME_LENGTH), comment="who takes the work over")
    approval: Mapped[Approval]
    approved_by: Mapped[str | None] = mapped_column(String(NAME_LENGTH), comment="who, or the number of the paper")
    extends_id: Mapped[UUID | None] = mapped_column(ForeignKey("leaves.id"), comment="whose days it has, and more")
    due_on: Mapped[date | None] = mapped_column(comment="to be closed by its end; computed once, when it is decided")
    ended_as: Mapped[End | None]
    ended_on: Mapped[date | None] = mapped_column(comment="the day on which that was said")
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    returned_on: Mapped[date | None] = mapped_column(comment="the day somebody was back")
    checks: Mapped[list[str]] = mapped_column(JSON, default=list, comment="ticks before a trip, never facts")


class LeaveFinding(Base):
    """What an officer said: whether something was missed. Only its taking back changes the row."""

    __tablename__ = "leave_findings"
    __table_args__ = (
        CheckConstraint("(finding = 'unreported') = (leave_id IS NULL)", name="of_a_leave_iff_reported"),
        CheckConstraint("finding = 'unclosed' OR verdict = 'confirmed'", name="only_what_is_suggested_is_waived"),
        CheckConstraint("said_by_id <> member_id", name="not_about_oneself"),
        CheckConstraint("taken_back_by_id <> member_id", name="not_taken_back_by_oneself"),
        CheckConstraint("(taken_back_at IS NULL) = (taken_back_by_id IS NULL)", name="by_whom_iff_taken_back"),
        Index(
            "uq_leave_findings_one_stands",
            "leave_id",
            "finding",
            unique=True,
            **only(f"leave_id IS NOT NULL AND {_STANDING}"),
        ),
        Index(
            "uq_leave_findings_one_a_day",
            "member_id",
            "occurred_on",
            unique=True,
            **only(f"leave_id IS NULL AND {_STANDING}"),
        ),
        Index("ix_leave_findings_member", "member_id", "id"),
        Index("ix_leave_findings_leave", "leave_id"),
        Index("ix_leave_findings_branch", "branch_id", "occurred_on"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[UUID] = mapped_column(ForeignKey(Organisation.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    leave_id: Mapped[UUID | None] = mapped_column(ForeignKey("leaves.id"), comment="NULL: away without a report")
    finding: Mapped[Finding]
    verdict: Mapped[LeaveDecision] = mapped_column(words_under("verdict", LeaveDecision))
    occurred_on: Mapped[date] = mapped_column(comment="the fact's day: due day, day after the last, day away")
    said_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    said_at: Mapped[datetime] = mapped_column(default=clock.now)
    taken_back_by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id))
    taken_back_at: Mapped[datetime | None]
