"""What is due of leaves: closing on return, and the list before a trip."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import and_, bindparam, or_
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.leave import queries
from app.features.leave.models import Leave
from app.features.leave.view import ShownLeave
from app.features.members.actor import Actor
from app.features.members.models import Member
from app.features.notices.sources import DueLine, Reminder, ReminderSource, Taps
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

_ABOUT: Final = lazy_gettext("Leave")
_OPEN: Final = and_(queries.STANDS, Review.status == ReviewStatus.APPROVED, Leave.ended_as.is_(None))
_TODAY: Final = queries.LIST.where(
    _OPEN, Leave.member_id == bindparam("me"), Leave.first_on <= bindparam("tomorrow")
).order_by(Leave.last_on, Leave.id)
_ANYBODY: Final = queries.LIST.where(
    _OPEN,
    Leave.first_on <= bindparam("tomorrow"),
    Leave.last_on >= bindparam("since"),
    Member.branch_id == Leave.branch_id,
    or_(Member.left_on.is_(None), Member.left_on > bindparam("today")),
).order_by(Leave.id)
FORGOTTEN: Final = timedelta(days=30)
"""So long after its last day nobody is reminded of closing any more; it is the officers' matter then."""


def _to_close(session: Session, now: datetime) -> Sequence[Reminder]:
    return [
        Reminder(
            member_id=leave.member_id,
            subject_id=leave.id,
            address=f"/leave/{leave.id}",
            details={"due_on": (leave.due_on or leave.last_on).isoformat()},
        )
        for leave in _of_anybody(session, now)
        if leave.last_on < leave.today
    ]


def _closing_words(details: Mapping[str, Any]) -> str:
    day = formats.day(date.fromisoformat(details["due_on"]))
    return _("Your leave has ended. Are you back? One tap closes it, by %(day)s at best.") % {"day": day}


def _closing_lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    for leave in _own(session, actor, today):
        if leave.due_on is None or leave.last_on > today:
            continue
        yield DueLine(
            due_on=leave.due_on,
            title=_("%(leave)s, %(dates)s: are you back?") % {"leave": leave.leave.label, "dates": leave.dates},
            words=_("to be closed by %(day)s") % {"day": formats.short_day(leave.due_on)},
            address=f"/leave/{leave.id}",
            is_late=leave.due_on < today,
            about=_ABOUT,
            taps=Taps(
                address=f"/leave/{leave.id}/close",
                kind="",
                subject=leave.id,
                called=_ABOUT,
                choices=[("closed", _("I am back: close it"))],
                sends={},
            ),
        )


def _trips(session: Session, now: datetime) -> Sequence[Reminder]:
    return [
        Reminder(
            member_id=leave.member_id,
            subject_id=uuid5(leave.id, "trip"),
            address=f"/leave/{leave.id}",
            details={"first_on": leave.first_on.isoformat()},
            until=leave.first_on,
        )
        for leave in _of_anybody(session, now)
        if _is_to_check(leave)
    ]


def _trip_words(details: Mapping[str, Any]) -> str:
    day = formats.day(date.fromisoformat(details["first_on"]))
    return _("Before you leave on %(day)s: one reminder and three things to look through.") % {"day": day}


def _trip_lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    for leave in _own(session, actor, today):
        if _is_to_check(leave):
            yield DueLine(
                due_on=leave.first_on,
                title=_("Before the trip: one reminder, three checks"),
                words=f"{leave.leave.label} · {leave.dates}",
                address=f"/leave/{leave.id}",
                is_late=False,
                about=_ABOUT,
                act=_("Look through it"),
            )


def _is_to_check(leave: ShownLeave) -> bool:
    return leave.has_list and leave.is_unchecked and leave.today <= leave.first_on


def _own(session: Session, actor: Actor, today: date) -> list[ShownLeave]:
    asked = {"me": actor.member_id, "tomorrow": today + timedelta(days=1)}
    return queries.shown(session.execute(_TODAY, asked).all())


def _of_anybody(session: Session, now: datetime) -> list[ShownLeave]:
    today = clock.local_day(now)
    asked = {"today": today, "tomorrow": today + timedelta(days=1), "since": today - FORGOTTEN}
    return queries.shown(session.execute(_ANYBODY, asked).all())


CLOSING: Final = ReminderSource(
    name="leave.closing",
    label=lazy_gettext("Leaves to be closed on return"),
    due=_to_close,
    words=_closing_words,
    lines=_closing_lines,
    is_listed=lambda details: True,
)
TRIP: Final = ReminderSource(
    name="leave.trip",
    label=lazy_gettext("What to look through before a trip"),
    due=_trips,
    words=_trip_words,
    lines=_trip_lines,
    is_listed=lambda details: True,
)
