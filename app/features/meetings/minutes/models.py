"""Minutes of an item: one text, whose version goes up with each saving."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import NAME_LENGTH
from app.features.meetings.minutes.rules import TEXT_LENGTH, TOPIC_LENGTH
from app.features.members.models import Member


class Minutes(Base):
    """What was said on one item. It stays when the item is taken off the agenda."""

    __tablename__ = "meeting_minutes"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint(
            "coalesce(length(trim(topic)), 0) + coalesce(length(trim(text)), 0) > 0", name="says_something"
        ),
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey(MeetingEvent.id), primary_key=True)
    kind: Mapped[Kind] = mapped_column(primary_key=True)
    topic: Mapped[str | None] = mapped_column(String(TOPIC_LENGTH))
    text: Mapped[str | None] = mapped_column(String(TEXT_LENGTH))
    chair_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: as planned")
    recorder_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: as planned")
    speaker: Mapped[str | None] = mapped_column(String(NAME_LENGTH), comment="NULL: as planned")
    version: Mapped[int] = mapped_column(default=1)
    written_by_id: Mapped[UUID] = mapped_column(ForeignKey(Member.id))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)
