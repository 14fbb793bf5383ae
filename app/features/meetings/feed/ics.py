"""Meetings as calendar programs read them (RFC 5545). Nothing in it but what and when, and where."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from app.core.i18n import gettext as _
from app.features.meetings.events.rules import EventState
from app.features.notices.sources import DueDay

PAST: Final = timedelta(days=60)
"""How long a meeting that is over stays in it."""
REFRESH: Final = timedelta(hours=6)
"""How often a program should look again."""


class FeedMeeting(NamedTuple):
    """One meeting."""

    id: UUID
    title: str
    begins_at: datetime
    ends_at: datetime
    place: str | None
    state: EventState
    sequence: int
    """How often it was said anew: a program takes the higher one."""
    said_at: datetime


def calendar_of(entries: Iterable[FeedMeeting], days: Iterable[DueDay], outside: Callable[[str], str]) -> bytes:
    """The entries, and what is due on whole days, as a file; ``outside`` makes whole addresses.

    The same entries give the same bytes: it says when each was said, not when it was read.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 (0.2 s that only this needs)

    calendar = Calendar()
    calendar.add("prodid", "-//Sanliang//Meetings//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Sanliang meetings"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in entries:
        event = Event()
        event.add("uid", f"{one.id}@sanliang")
        event.add("sequence", one.sequence)
        event.add("dtstamp", one.said_at.astimezone(UTC))
        event.add("dtstart", one.begins_at.astimezone(UTC))
        event.add("dtend", one.ends_at.astimezone(UTC))
        event.add("summary", one.title)
        if one.place:
            event.add("location", one.place)
        event.add("url", outside(f"/meetings/{one.id}"))
        event.add("status", "CANCELLED" if one.state is EventState.CANCELLED else "CONFIRMED")
        calendar.add_component(event)
    for due in days:
        event = Event()
        event.add("uid", f"{due.id}@sanliang")
        event.add("dtstamp", datetime.combine(due.due_on, time(), UTC))
        event.add("dtstart", due.due_on)
        event.add("summary", _("Due: %(what)s") % {"what": due.title})
        event.add("url", outside(due.address))
        event.add("transp", "TRANSPARENT")  # nobody is busy all day because of it
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
