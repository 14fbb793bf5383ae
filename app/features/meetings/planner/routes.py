"""The grid of a month, and the forms of a year on paper and as a file."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Final, NamedTuple

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, holidays, pages
from app.core.forms import Day
from app.core.i18n import gettext as _
from app.core.months import last_of_month, months_later
from app.core.papers import Paper
from app.core.routing import DbSession, Router
from app.core.workdays import is_weekend, is_working_day
from app.features.meetings.events import queries
from app.features.meetings.events.rules import FARTHEST
from app.features.meetings.planner.papers import tables
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/meetings"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Year = Annotated[int | None, Query(ge=2000, le=2199)]

WEEK: Final = 7


@router.get("/month")
def month(
    request: Request, session: DbSession, actor: MemberActor, month: Annotated[Day | None, Query()] = None
) -> Response:
    """A month as a grid, where a day is chosen to plan on it; on a phone, the days on which something is."""
    today = clock.today()
    first = clock.first_of_month(month or today)
    grid = weeks(session, actor, first)
    return pages.render(
        request,
        "meetings/month.html",
        month=first,
        before=months_later(first, -1),
        after=months_later(first, 1),
        weeks=grid,
        meetings_there=any(one.meetings for week in grid for one in week if one.is_in_month),
        may_plan=queries.may_plan(session, actor),
        today=today,
    )


@router.get("/year")
def year(request: Request, session: DbSession, actor: Officer, year: Year = None) -> Response:
    """The plan of a year and what was held, on paper."""
    return _year(session, actor, year).page(request)


@router.get("/year.xlsx")
def year_file(session: DbSession, actor: Officer, year: Year = None) -> Response:
    """The same as a file, a sheet for each."""
    return _year(session, actor, year).download()


def _year(session: Session, actor: Actor, year: int | None) -> Paper:
    year, place = year or clock.today().year, members.member_card(session, actor.member_id).branch_name
    return Paper(
        tables=tables(session, actor, year),
        sub=f"{place} · {year}",
        name=_("Plan of the year %(year)s %(branch)s") % {"year": year, "branch": place},
        file=f"{HOME}/year.xlsx?year={year}",
        back=(f"{HOME}/calendar?year={year}", _("What is asked in %(year)s") % {"year": year}),
    )


class DayOfMonth(NamedTuple):
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


def weeks(session: Session, actor: Actor, month: date) -> list[list[DayOfMonth]]:
    """The weeks from Monday to Sunday that ``month`` (its first day) lies in, with the meetings the actor may see."""
    last = last_of_month(month.year, month.month)
    calendar, held = holidays.calendar(session), defaultdict(list)
    for row in queries.seen_between(session, actor, month, last):
        held[clock.local_day(row.begins_at)].append(row)
    monday = month - timedelta(days=month.weekday())
    days = [monday + timedelta(days=n) for n in range((months_later(month, 1) - monday).days)]
    days += [days[-1] + timedelta(days=n) for n in range(1, WEEK - days[-1].weekday())]
    found = [
        DayOfMonth(
            day, (day.year, day.month) == (month.year, month.month), not is_working_day(day, calendar), held[day]
        )
        for day in days
    ]
    return [found[first : first + WEEK] for first in range(0, len(found), WEEK)]
