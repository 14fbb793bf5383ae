"""One table of what happened, to whatever it happened."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.members.models import Member

SENTENCE_LENGTH = 300


class Event(Base):
    """One step in the history of a thing. Triggers let nobody change or remove it (migration 0013)."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("length(subject) > 0 AND length(step) > 0", name="says_what_and_which"),
        CheckConstraint("step <> 'cancelled' OR note IS NOT NULL", name="cancelled_for_a_reason"),
        CheckConstraint(f"length(trim(note)) BETWEEN 1 AND {SENTENCE_LENGTH}", name="note_not_blank"),
        Index("ix_events_subject", "subject_id", "id"),
        Index("ix_events_by", "by_id", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, comment="in the order of time")
    subject: Mapped[str] = mapped_column(String(32), comment="what kind of thing: duty, community, wish …")
    subject_id: Mapped[UUID] = mapped_column(comment="the thing")
    step: Mapped[str] = mapped_column(String(32), comment="a word of the stream's own")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey(Member.id), comment="NULL: time, or a command on the server")
    note: Mapped[str | None] = mapped_column(String(SENTENCE_LENGTH), comment="a sentence somebody added")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, comment="what the words of the step need: before, after …")
