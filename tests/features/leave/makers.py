"""Leaves for tests: 2026-05-06 is a Wednesday after the holiday; 5 May was the last day off."""

from datetime import date, datetime, timedelta

from app.core import clock
from app.core.ids import new_id
from app.features.leave import findings, service
from app.features.leave.rules import Half, LeaveType, Span
from app.features.reviews import service as reviews


def at(month, day, hour=9, minute=0):
    """A moment of 2026 on the branch's clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=clock.zone())


def days(first, last, first_half=Half.AM, last_half=Half.EVENING):
    """From the first to the last day of 2026, each as (month, day)."""
    return Span(date(2026, *first), date(2026, *last), first_half, last_half)


NEXT_WEEK = days((3, 16), (3, 18))
"""Monday to Wednesday, asked for on Monday 9 March; to be closed by Thursday."""


def ask(session, person, span=NEXT_WEEK, leave=LeaveType.ANNUAL, **said):
    """Asked for, waiting."""
    return service.ask(session, person.actor, **{"id": new_id(), "leave": leave, "span": span, **said}).id


def make_leave_and_finding(session, person, officer, **said):
    """An approved leave of tomorrow, and a day without a report: yesterday, whatever day it is."""
    day = timedelta(days=1)
    leave_id = approved(session, person, officer, Span(clock.today() + day, clock.today() + day), **said)
    finding_id = new_id()
    findings.say_unreported(session, officer.actor, id=finding_id, member_id=person.id, day=clock.today() - day)
    return leave_id, finding_id


def approved(session, person, officer, span=NEXT_WEEK, leave=LeaveType.ANNUAL, **said):
    """Asked for and approved at this moment."""
    leave_id = ask(session, person, span, leave, **said)
    reviews.approve(session, officer.actor, [leave_id])
    return leave_id
