"""Attendance: one row a person and meeting, and each tick that was ever made."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.meetings.attendance.rules import Leave, State
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.ticks.rules import NOTE_LENGTH, How, Source
from app.features.members.models import Member
from app.features.reviews.models import Review


class AttendanceTick(Base):
    """What somebody said about one person at one meeting. Append-only; its review, if it has one, has its id."""

    __tablename__ = "attendance_ticks"
    __table_args__ = (
        UniqueConstraint("id", "event_id", "member_id", name="uq_attendance_ticks_whose"),
        CheckConstraint("(state = 'leave') = (leave IS NOT NULL)", name="leave_iff_on_leave"),
        CheckConstraint("state = 'present' OR NOT (is_late OR left_early)", name="late_or_early_only_if_present"),
        CheckConstraint("NOT (is_late AND left_early)", name="late_or_early_never_both"),
        CheckConstraint(f"length(trim(note)) BETWEEN 1 AND {NOTE_LENGTH}", name="note_not_blank"),
        Index("ix_attendance_ticks_member", "member_id", "event_id", "id"),
        Index("ix_attendance_ticks_event", "event_id", "member_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, comment="in the order of time")
    event_id: Mapped[UUID] = mapped_column(ForeignKey(MeetingEvent.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    state: Mapped[State]
    leave: Mapped[Leave | None]
    is_late: Mapped[bool] = mapped_column(comment="more than 30 minutes")
    left_early: Mapped[bool] = mapped_column(comment="more than 30 minutes")
    source: Mapped[Source]
    note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH), comment="why what was confirmed is corrected")
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)


SAID: Final = (AttendanceTick.state, AttendanceTick.leave, AttendanceTick.is_late, AttendanceTick.left_early)
"""The columns of ``ticks.rules.StoredTick``."""


class Attendance(Base):
    """Which tick is the last one of a person at a meeting: one row however many items it has."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("event_id", "member_id", name="uq_attendances_once"),
        ForeignKeyConstraint(
            ["event_id", "member_id"],
            ["meeting_expected.event_id", "meeting_expected.member_id"],
            name="fk_attendances_expected",
        ),
        ForeignKeyConstraint(
            ["tick_id", "event_id", "member_id"],
            ["attendance_ticks.id", "attendance_ticks.event_id", "attendance_ticks.member_id"],
            name="fk_attendances_own_tick",
        ),
        Index("ix_attendances_member", "member_id", "event_id"),
        Index("ix_attendances_tick", "tick_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID]
    member_id: Mapped[UUID]
    tick_id: Mapped[UUID]


class MakeUp(Base):
    """What somebody did to make up for a meeting 补课. Who recorded and confirmed it stands in its review."""

    __tablename__ = "make_ups"
    __table_args__ = (
        ForeignKeyConstraint(
            ["event_id", "member_id"], ["attendances.event_id", "attendances.member_id"], name="fk_make_ups_attendance"
        ),
        Index("ix_make_ups_attendance", "event_id", "member_id"),
        Index("ix_make_ups_member", "member_id", "done_on"),
    )
    id: Mapped[UUID] = mapped_column(ForeignKey(Review.id), primary_key=True)
    event_id: Mapped[UUID]
    member_id: Mapped[UUID]
    done_on: Mapped[date] = mapped_column(comment="branch-local day, never before the meeting's")
    how: Mapped[How]
