"""A month as weeks of days, with what is held on each and whether people work on it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.core import clock, holidays
from app.core.i18n import gettext as _
from app.core.months import last_of_month, months_later
from app.core.workdays import is_weekend, is_working_day
from app.features.meetings.events import queries
from app.features.meetings.events.rules import FARTHEST
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow

WEEK: Final = 7


class Day(NamedTuple):
    """One field of the grid."""

    day: date
    is_in_month: bool
    is_off: bool
    meetings: Sequence[AnyRow]

    @property
    def mark(self) -> str:
        """A word where the day is not as its weekday says."""
        if self.is_off is is_weekend(self.day):
            return ""
        return _("day off") if self.is_off else _("worked")

    @property
    def may_be_planned(self) -> bool:
        """Whether a meeting may still be planned on it; one of a past day is recorded afterwards, in the form."""
        return timedelta(0) <= self.day - clock.today() <= FARTHEST


def weeks(session: Session, actor: Actor, month: date) -> list[list[Day]]:
    """The weeks from Monday to Sunday that ``month`` (its first day) lies in, with the meetings the actor may see."""
    last = last_of_month(month.year, month.month)
    calendar, held = holidays.calendar(session), defaultdict(list)
    for row in queries.seen_between(session, actor, month, last):
        held[clock.local_day(row.begins_at)].append(row)
    monday = month - timedelta(days=month.weekday())
    days = [monday + timedelta(days=n) for n in range((months_later(month, 1) - monday).days)]
    days += [days[-1] + timedelta(days=n) for n in range(1, WEEK - days[-1].weekday())]
    found = [
        Day(day, (day.year, day.month) == (month.year, month.month), not is_working_day(day, calendar), held[day])
        for day in days
    ]
    return [found[first : first + WEEK] for first in range(0, len(found), WEEK)]
