"""A meeting that is not held: what was said about who was there stays, and counts for nothing."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.features.history import service as history
from app.features.meetings.events.rules import LIFE, Step
from app.features.meetings.events.service import SUBJECT, kept
from app.features.meetings.ticks import facts
from app.features.meetings.ticks.models import Attendance
from app.features.members.actor import Actor
from app.features.reviews.models import Review
from app.features.webhooks.rules import Happening
from app.features.webhooks.telling import Told, tell

_COUNTED: Final = (
    select(Review)
    .join(Attendance, Attendance.tick_id == Review.id)
    .where(Attendance.event_id == bindparam("event"))
    .order_by(Review.id)
)


def cancel_meeting(session: Session, actor: Actor, *, event_id: UUID, reason: str) -> None:
    """Let it not be held. Who had said anything about it stays named; it brings no fact.

    Raises:
        NotFoundError: no such meeting that the actor keeps.
        MeetingStepError: it is over, or cancelled already.
    """
    event = kept(session, actor, event_id)
    event.state = LIFE.after(event.state, Step.CANCELLED)
    session.flush()
    if counted := session.scalars(_COUNTED, {"event": event_id}).all():
        facts.settle(session, counted, actor.member_id)
    history.record(session, SUBJECT, event_id, Step.CANCELLED, by_id=actor.member_id, note=reason)
    tell(session, [Told(Happening.MEETING_CANCELLED, event_id, event.branch_id)])
