"""Who is given the secret of a meeting's codes: its organiser's phone, and nobody else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock, sealing
from app.core.errors import NotFoundError
from app.features.meetings.checkins.rules import HANDED_OUT, KEPT, is_handed_out
from app.features.meetings.events import queries, secrets
from app.features.meetings.events.models import MeetingEvent, VenueCode
from app.features.meetings.events.rules import EventState
from app.features.meetings.events.service import kept
from app.features.members.actor import Actor

_SINCE: Final = bindparam("since", type_=MeetingEvent.ends_at.type)
_UNTIL: Final = bindparam("until", type_=MeetingEvent.begins_at.type)
_PLANNED: Final = MeetingEvent.state == EventState.PLANNED
_NEAR: Final = (
    select(MeetingEvent.id, MeetingEvent.branch_id, MeetingEvent.organiser_id, MeetingEvent.title)
    .join(queries.OF_ME, queries.OF_ME.c.event_id == MeetingEvent.id)
    .where(_PLANNED, MeetingEvent.begins_at <= _UNTIL, MeetingEvent.ends_at >= _SINCE)
    .order_by(MeetingEvent.begins_at, MeetingEvent.id)
)
_WITHOUT: Final = select(MeetingEvent.id).where(
    _PLANNED,
    MeetingEvent.begins_at <= _UNTIL,
    MeetingEvent.ends_at >= _SINCE,
    MeetingEvent.id.not_in(select(VenueCode.id)),
)
_OVER: Final = (
    select(VenueCode.id)
    .join(MeetingEvent, MeetingEvent.id == VenueCode.id)
    .where(VenueCode.sealed.is_not(None), MeetingEvent.ends_at < bindparam("before", type_=MeetingEvent.ends_at.type))
)


def secret_for(session: Session, actor: Actor, event_id: UUID) -> bytes:
    """The secret of a meeting for its organiser's phone, from a day before the beginning until it is recorded."""
    event = kept(session, actor, event_id, held=False)
    is_out = is_handed_out(event.begins_at, event.ends_at, event.state, now=clock.now())
    secret = secrets.secrets_of(session, [event_id]).get(event_id) if is_out else None
    if event.organiser_id != actor.member_id or secret is None:
        raise NotFoundError
    return secret


def lists(session: Session, actor: Actor) -> Mapping[str, Any]:
    """What a phone takes along: the meetings of these days, secrets of those that the actor organises, and our time.

    By that a phone whose clock is wrong shows the right code.
    """
    now = clock.now()
    of_me = {"me": actor.member_id, "branch": actor.branch_id}
    asked = {**of_me, "since": now - HANDED_OUT, "until": now + HANDED_OUT}
    rows = session.execute(_NEAR, asked).all()
    organised = [row for row in rows if row.organiser_id == actor.member_id]
    agenda = queries.items(session, [row.id for row in organised])
    kept = queries.kept(session, actor, organised, agenda) if organised else set()
    known = secrets.readable(session, kept)
    return {
        "rooms": [
            {"id": str(row.id), "title": row.title, "secret": secret.hex() if (secret := known.get(row.id)) else None}
            for row in rows
        ],
        "rooms_at": now.isoformat(),
    }


def make_missing(session: Session, now: datetime) -> int:
    """Make the secrets of meetings of the next day that have none: planned while the key was away. Gives how many."""
    found = session.scalars(_WITHOUT, {"since": now, "until": now + 2 * HANDED_OUT}).all()
    secrets.make(session, found)
    return len(found) if sealing.has_key() else 0


def erase_old(session: Session, now: datetime) -> int:
    """Erase the secrets of meetings that have been over for ``KEPT``; gives how many."""
    found = session.scalars(_OVER, {"before": now - KEPT}).all()
    secrets.erase(session, found)
    return len(found)
