"""Codes of the room, as phones send them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.meetings.checkins.models import MeetingCheckIn
from app.features.meetings.events.secrets import secrets_of
from app.features.meetings.venue_code.rules import code_at
from tests.features.sync.makers import new_item, phone_time

BEGINS = datetime(2026, 11, 6, 6, 30, tzinfo=UTC)
"""Friday, 14:30 in Shanghai."""
PHONES = tuple(f"a2f4b1d8-0000-4000-8000-00000000000{number}" for number in range(1, 6))


def code_of(session: Session, event_id: UUID, at: datetime) -> str:
    """What the organiser's phone shows at a moment."""
    secret = secrets_of(session, [event_id])[event_id]
    assert secret
    return code_at(secret, at)


def check_in(event_id: UUID, code: str, at: datetime, **fields: Any) -> dict[str, Any]:
    """The item of a phone on which ``code`` was typed at a moment by its clock."""
    payload = {"event_id": str(event_id), "code": code}
    return new_item("meeting.checkin", payload=payload, occurred_at=phone_time(at), **fields)


def kept(session: Session, event_id: UUID) -> list[tuple[UUID, str, str | None]]:
    """Whose check-ins are kept, what they are worth and why, in the order of their ids."""
    rows = session.scalars(
        select(MeetingCheckIn).where(MeetingCheckIn.event_id == event_id).order_by(MeetingCheckIn.id)
    )
    return [(row.member_id, row.outcome.value, row.reason and row.reason.value) for row in rows]
