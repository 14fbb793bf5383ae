"""What is due of leaves: closing on return, and the list before a trip."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import uuid5

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock, formats
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.leave import queries
from app.features.leave.life import Finding, LeaveDecision, State
from app.features.leave.models import Leave, LeaveFinding
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
    or_(Member.left_on.is_(None), Member.left_on > bindparam("today")),
).order_by(Leave.id)
_SAID: Final = (
    select(LeaveFinding.id, LeaveFinding.member_id, LeaveFinding.finding, LeaveFinding.occurred_on)
    .where(
        LeaveFinding.said_at >= bindparam("said_since", type_=LeaveFinding.said_at.type),
        LeaveFinding.verdict == LeaveDecision.CONFIRMED,
        LeaveFinding.taken_back_at.is_(None),
    )
    .order_by(LeaveFinding.id)
)
TOLD_FOR: Final = timedelta(days=14)
"""How long somebody is told of what an officer said, longer than any holiday; the own pages say it for good."""
FORGOTTEN: Final = timedelta(days=30)
"""So long after its last day nobody is reminded of closing any more; it is the officers' matter then."""


def _due(session: Session, now: datetime) -> Sequence[Reminder]:
    """Two statements."""
    told = [
        Reminder(
            member_id=row.member_id,
            subject_id=row.id,
            address=f"/leave/findings/{row.id}",
            details={"by": row.occurred_on.isoformat(), "finding": row.finding.value},
            once=True,
        )
        for row in session.execute(_SAID, {"said_since": now - TOLD_FOR})
    ]
    return told + [
        Reminder(
            member_id=leave.member_id,
            subject_id=leave.id if leave.last_on < leave.today else uuid5(leave.id, "trip"),
            address=f"/leave/{leave.id}",
            details={"by": _day_of(leave).isoformat(), "is_trip": leave.last_on >= leave.today},
            until=None if leave.last_on < leave.today else leave.first_on,
        )
        for leave in _of_anybody(session, now)
        if (leave.last_on < leave.today and not leave.extension_id) or _is_to_check(leave)
    ]


def _words(details: Mapping[str, Any]) -> str:
    day = formats.short_day(date.fromisoformat(details["by"]))
    if "finding" in details:
        said = {"what": Finding(details["finding"]).label, "day": day}
        return _("An officer has noted for %(day)s: %(what)s. Read it; if it is wrong, it can be taken back.") % said
    if details["is_trip"]:
        return _("Before you leave on %(day)s: one reminder and three things to look through.") % {"day": day}
    return _("Your leave has ended. Are you back? One tap closes it, by %(day)s at best.") % {"day": day}


def _lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    asked = {"me": actor.member_id, "tomorrow": today + timedelta(days=1)}
    for leave in queries.shown(session, session.execute(_TODAY, asked).all()):
        if leave.state is State.TO_CLOSE:
            if not leave.extension_id:
                yield _closing(leave, today)
        elif _is_to_check(leave):
            yield _trip(leave)


def _closing(leave: ShownLeave, today: date) -> DueLine:
    return DueLine(
        due_on=_day_of(leave),
        title=_("%(leave)s: are you back?") % {"leave": leave.leave.label},
        words=f"{leave.dates} · {_('to be closed by %(day)s') % {'day': formats.short_day(_day_of(leave))}}",
        address=f"/leave/{leave.id}",
        is_late=_day_of(leave) < today,
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


def _trip(leave: ShownLeave) -> DueLine:
    return DueLine(
        due_on=_day_of(leave),
        title=_("Before the trip: one reminder, three checks"),
        words=f"{leave.leave.label} · {leave.dates}",
        address=f"/leave/{leave.id}",
        is_late=False,
        about=_ABOUT,
        act=_("Look through it"),
    )


def _day_of(leave: ShownLeave) -> date:
    """The day of the closing or, before the end, of the departure."""
    return leave.due_on if leave.due_on and leave.state is State.TO_CLOSE else leave.first_on


def _is_to_check(leave: ShownLeave) -> bool:
    is_over = leave.state is State.TO_CLOSE
    return leave.has_list and leave.is_unchecked and leave.today <= leave.first_on and not is_over


def _of_anybody(session: Session, now: datetime) -> list[ShownLeave]:
    today = clock.local_day(now)
    asked = {"today": today, "tomorrow": today + timedelta(days=1), "since": today - FORGOTTEN}
    return queries.shown(session, session.execute(_ANYBODY, asked).all())


DUE: Final = ReminderSource(
    name="leave.due",
    label=lazy_gettext("Closing a leave on return, and what to look through before a trip"),
    due=_due,
    words=_words,
    lines=_lines,
    is_listed=lambda details: "finding" not in details,
)
