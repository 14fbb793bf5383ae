"""Whose rights rest, and who is left out at one meeting: one person enters it, another confirms."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.core.rows import only
from app.features.meetings.counted.rules import Reason, Rests
from app.features.meetings.events.models import MeetingEvent
from app.features.members.two_people import DOCUMENT_LENGTH, TwoPeople, two_people

_HOLDS = "stands <> 'declined'"
_WAITS = "stands = 'waiting'"


class Suspension(TwoPeople, Base):
    """Somebody's rights rest for a time. A longer or an earlier end is a new row in the place of this one."""

    __tablename__ = "suspensions"
    __table_args__ = (
        *two_people(),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("replaces_id <> id", name="replaces_another"),
        CheckConstraint(f"length(trim(document)) BETWEEN 1 AND {DOCUMENT_LENGTH}", name="has_document"),
        Index("ix_suspensions_member_id", "member_id", "starts_on"),
        Index("ix_suspensions_replaces", "replaces_id"),
        Index("uq_suspensions_one_waits", "member_id", unique=True, **only(_WAITS)),
        Index("uq_suspensions_replaced_once", "replaces_id", unique=True, **only(_HOLDS)),
    )
    rests: Mapped[Rests]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(comment="its last day")
    document: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH), comment="number of the decision")
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("suspensions.id"))


class LeftOut(TwoPeople, Base):
    """Somebody is left out of those who should come to one meeting; never a property of the person."""

    __tablename__ = "left_out"
    __table_args__ = (
        *two_people(),
        CheckConstraint(f"length(trim(consent)) BETWEEN 1 AND {DOCUMENT_LENGTH}", name="has_consent"),
        Index("ix_left_out_member_id", "member_id"),
        Index("ix_left_out_event", "event_id"),
        Index("ix_left_out_stands", "stands", "event_id"),
        Index("uq_left_out_once", "event_id", "member_id", unique=True, **only(_HOLDS)),
    )
    event_id: Mapped[UUID] = mapped_column(ForeignKey(MeetingEvent.id))
    reason: Mapped[Reason]
    consent: Mapped[str] = mapped_column(String(DOCUMENT_LENGTH), comment="number of the superior's consent")
    consented_on: Mapped[date]
    adopted: Mapped[bool] = mapped_column(comment="the meeting took it over")
