"""Every check-in that ever came."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.ticks.models import AttendanceTick
from app.features.meetings.venue_code.rules import CheckIn, Reason
from app.features.members.models import Member
from app.features.sync.rules import DEVICE_LENGTH


class MeetingCheckIn(Base):
    """A code that somebody typed, judged. Append-only; the code itself is kept nowhere."""

    __tablename__ = "meeting_checkins"
    __table_args__ = (
        CheckConstraint("outcome = 'good' OR outcome = 'late' OR reason IS NOT NULL", name="reason_unless_sure"),
        CheckConstraint("outcome <> 'refused' OR tick_id IS NULL", name="refused_ticks_nothing"),
        Index("ix_meeting_checkins_event", "event_id", "member_id"),
        Index("ix_meeting_checkins_member", "member_id", "event_id"),
        Index("uq_meeting_checkins_tick", "tick_id", unique=True),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="made on the phone at the moment of the act")
    event_id: Mapped[UUID] = mapped_column(ForeignKey(MeetingEvent.id))
    member_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id), comment="or who took it in from a file")
    device_id: Mapped[str | None] = mapped_column(String(DEVICE_LENGTH), comment="NULL: typed on a page")
    seq: Mapped[int | None] = mapped_column(comment="counter of that phone")
    occurred_at: Mapped[datetime] = mapped_column(comment="by the phone's clock")
    corrected_at: Mapped[datetime] = mapped_column(comment="by our clock")
    received_at: Mapped[datetime]
    outcome: Mapped[CheckIn]
    reason: Mapped[Reason | None]
    minutes_late: Mapped[int | None] = mapped_column(comment="whole ones after the beginning")
    minutes_off: Mapped[int | None] = mapped_column(comment="between the code and the moment, where it expired")
    tick_id: Mapped[UUID | None] = mapped_column(ForeignKey(AttendanceTick.id), comment="what came of it, if anything")
