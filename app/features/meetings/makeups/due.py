"""Private leave that can still be made up for, on the page of today and as a polite word before it is too late."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.meetings.makeups import queries
from app.features.meetings.makeups.queries import Missed
from app.features.meetings.makeups.rules import KIND
from app.features.members.actor import Actor
from app.features.notices.sources import DueLine, Reminder, ReminderSource

NEAR: Final = timedelta(days=10)
"""So long before the last day it is something to do, and people are reminded of it."""


def _address(one: Missed) -> str:
    return f"/meetings/{one.event_id}/make-up"


def _due(session: Session, now: datetime) -> Sequence[Reminder]:
    today = clock.local_day(now)
    return [
        Reminder(
            member_id=one.member_id,
            subject_id=one.event_id,
            address=_address(one),
            details={"title": one.title, "last": one.last_day.isoformat()},
            until=one.last_day,
        )
        for one in queries.open_for_all(session, today)
        if one.last_day - today <= NEAR
    ]


def _words(details: Mapping[str, Any]) -> str:
    said = {"title": details["title"], "day": formats.short_day(date.fromisoformat(details["last"]))}
    return _("You were on private leave at “%(title)s”. Made up for by %(day)s, it costs no points.") % said


def _lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    """One statement."""
    for one in queries.open_for(session, actor.member_id, today):
        yield DueLine(
            due_on=one.last_day,
            title=one.title,
            words=_("private leave · can be made up for until %(day)s") % {"day": formats.short_day(one.last_day)},
            address=_address(one),
            is_late=False,
            came_back=KIND if one.reason else "",
            is_ahead=one.last_day - today > NEAR,
            about=lazy_gettext("Making up for a meeting"),
            act=_("Say that it is made up"),
        )


DUE: Final = ReminderSource(
    name="meeting.make_up",
    label=lazy_gettext("Private leave that can still be made up for"),
    due=_due,
    words=_words,
    lines=_lines,
    is_listed=lambda details: True,
)
