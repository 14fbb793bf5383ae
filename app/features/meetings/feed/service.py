"""Making a private address, renewing it, ending it, and what is read under it."""

from datetime import datetime
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Date, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rows import locked, rowcount
from app.features.history.models import Event
from app.features.meetings.events.models import MeetingEvent, MeetingExpected
from app.features.meetings.events.queries import BETWEEN, between
from app.features.meetings.events.rules import FARTHEST, Step
from app.features.meetings.feed.ics import PAST, FeedMeeting
from app.features.meetings.feed.models import CalendarFeed
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.notices.sources import DueDay, sources
from app.features.sign_in.tokens import digest

_OWN: Final = select(CalendarFeed).where(CalendarFeed.member_id == bindparam("me"))
_WHOSE: Final = (
    select(CalendarFeed.member_id, CalendarFeed.with_due)
    .join(Member, Member.id == CalendarFeed.member_id)
    .where(
        CalendarFeed.token_digest == bindparam("digest"),
        or_(Member.left_on.is_(None), Member.left_on > bindparam("today", type_=Date())),
    )
)
_CHOOSE: Final = (
    update(CalendarFeed)
    .where(CalendarFeed.member_id == bindparam("whose"))
    .values(with_due=bindparam("wanted"))
    .execution_options(synchronize_session=False)
)
_BY_DAY: Final = attrgetter("due_on", "id")
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
    .where(MeetingExpected.member_id == bindparam("me"), MeetingExpected.is_gone.is_(False), BETWEEN)
    .group_by(*_COLUMNS, MeetingEvent.planned_at)
    .order_by(MeetingEvent.begins_at, MeetingEvent.id)
)


class Owner(NamedTuple):
    """Whose calendar it is, and whether more than meetings is wanted."""

    member_id: UUID
    with_due: bool


def feed_of(session: Session, actor: Actor) -> CalendarFeed | None:
    """The actor's address, if there is one: when it was made, and what stands under it."""
    return session.scalars(_OWN, {"me": actor.member_id}).one_or_none()


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


def end_all(session: Session, _now: datetime) -> int:
    """Let nobody's be read under any address; gives how many there were."""
    return rowcount(session.execute(delete(CalendarFeed)))


def choose(session: Session, actor: Actor, *, with_due: bool) -> None:
    """Let the last days of the actor's pledges and duties stand in it as well, or not. Without an address, nothing."""
    session.execute(_CHOOSE, {"whose": actor.member_id, "wanted": with_due})


def owner(session: Session, token: str) -> Owner | None:
    """Whose address this is; ``None``: there is none, or its owner left."""
    row = session.execute(_WHOSE, {"digest": digest(token), "today": clock.today()}).one_or_none()
    return Owner(*row) if row else None


def entries(session: Session, member_id: UUID) -> list[FeedMeeting]:
    """What somebody is expected at, lately and ahead."""
    today = clock.today()
    rows = session.execute(_EXPECTED, {"me": member_id, **between(today - PAST, today + FARTHEST)})
    return [FeedMeeting(*row) for row in rows]


def due_days(session: Session, member_id: UUID) -> list[DueDay]:
    """What somebody still has to do, lately and ahead, by day."""
    today = clock.today()
    years = range((today - PAST).year, (today + FARTHEST).year + 1)
    found = (day for source in sources() for year in years for day in source.days(session, member_id, year))
    return sorted((day for day in found if today - PAST <= day.due_on <= today + FARTHEST), key=_BY_DAY)
