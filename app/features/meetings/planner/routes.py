"""The grid of a month, and the forms of a year on paper and as a file."""

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import Response

from app.core import clock, pages
from app.core.forms import Day
from app.core.i18n import gettext as _
from app.core.months import months_later
from app.core.routing import DbSession, Router
from app.core.tables import XLSX_MEDIA_TYPE, write_tables
from app.features.meetings.events import queries
from app.features.meetings.planner.month import weeks
from app.features.meetings.planner.papers import tables
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require

HOME: Final = "/meetings"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Year = Annotated[int | None, Query(ge=2000, le=2199)]


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
    year = year or clock.today().year
    return pages.render(
        request,
        "meetings/paper.html",
        tables=tables(session, actor, year),
        sub=f"{members.member_card(session, actor.member_id).branch_name} · {year}",
        file=f"{HOME}/year.xlsx?year={year}",
        back=(f"{HOME}/calendar?year={year}", _("What is asked in %(year)s") % {"year": year}),
    )


@router.get("/year.xlsx")
def year_file(session: DbSession, actor: Officer, year: Year = None) -> Response:
    """The same as a file, a sheet for each."""
    year = year or clock.today().year
    place = members.member_card(session, actor.member_id).branch_name
    name = _("Plan of the year %(year)s %(branch)s") % {"year": year, "branch": place}
    content = write_tables(tables(session, actor, year))
    return pages.download(content, name=f"{name}.xlsx", media_type=XLSX_MEDIA_TYPE)
