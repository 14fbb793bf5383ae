"""Making a private address, renewing it, ending it, and what is read under it."""

from datetime import datetime
from typing import Final

from sqlalchemy import Date, bindparam, delete, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import locked
from app.features.history.models import Event
from app.features.meetings.events.models import MeetingEvent, MeetingExpected
from app.features.meetings.events.queries import between
from app.features.meetings.events.rules import FARTHEST, Step
from app.features.meetings.feed.ics import PAST, Entry
from app.features.meetings.feed.models import CalendarFeed
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.sign_in.tokens import digest

_OWN: Final = select(CalendarFeed).where(CalendarFeed.member_id == bindparam("me"))
_WHOSE: Final = (
    select(CalendarFeed.member_id)
    .join(Member, Member.id == CalendarFeed.member_id)
    .where(
        CalendarFeed.token_digest == bindparam("digest"),
        or_(Member.left_on.is_(None), Member.left_on > bindparam("today", type_=Date())),
    )
)
_CHANGES: Final = (Event.subject_id == MeetingEvent.id) & Event.step.in_((Step.CHANGED, Step.POSTPONED, Step.CANCELLED))
_COLUMNS: Final = (
    MeetingEvent.id,
    MeetingEvent.title,
    MeetingEvent.begins_at,
    MeetingEvent.ends_at,
    MeetingEvent.place,
    MeetingEvent.state,
)
_EXPECTED: Final = (
    select(
        *_COLUMNS,
        func.count(Event.id).label("sequence"),
        func.coalesce(func.max(Event.at), MeetingEvent.planned_at).label("said_at"),
    )
    .join(MeetingExpected, MeetingExpected.event_id == MeetingEvent.id)
    .outerjoin(Event, _CHANGES)
    .where(
        MeetingExpected.member_id == bindparam("me"),
        MeetingExpected.is_gone.is_(False),
        MeetingEvent.begins_at.between(
            bindparam("since", type_=MeetingEvent.begins_at.type), bindparam("until", type_=MeetingEvent.begins_at.type)
        ),
    )
    .group_by(*_COLUMNS, MeetingEvent.planned_at)
    .order_by(MeetingEvent.begins_at, MeetingEvent.id)
)


def made_at(session: Session, actor: Actor) -> datetime | None:
    """When the actor's address was made, if there is one."""
    feed = session.scalars(_OWN, {"me": actor.member_id}).one_or_none()
    return feed.made_at if feed else None


def renew(session: Session, actor: Actor, *, token: str) -> None:
    """Let the actor's meetings be read under ``token``, and under no other from now on. Twice is once."""
    members.lock(session, actor.member_id)
    feed = session.scalars(locked(_OWN), {"me": actor.member_id}).one_or_none()
    if feed is None:
        session.add(CalendarFeed(member_id=actor.member_id, token_digest=digest(token)))
    elif feed.token_digest != digest(token):
        feed.token_digest, feed.made_at = digest(token), clock.now()
    session.flush()


def end(session: Session, actor: Actor) -> None:
    """Let them be read nowhere any more. Twice is once."""
    session.execute(delete(CalendarFeed).where(CalendarFeed.member_id == actor.member_id))


def entries(session: Session, token: str) -> list[Entry] | None:
    """What whoever has this address is expected at, lately and ahead; ``None``: there is none, or its owner left."""
    today = clock.today()
    me = session.scalar(_WHOSE, {"digest": digest(token), "today": today})
    if me is None:
        return None
    rows = session.execute(_EXPECTED, {"me": me, **between(today - PAST, today + FARTHEST)})
    return [Entry(*row) for row in rows]
