"""The reports: months as lists, summaries and files, years as pictures."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import Response

from app.core import clock, formats, pages
from app.core.errors import NotFoundError
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.core.tables import XLSX_MEDIA_TYPE, Cell, Table, write_tables
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes.reports import queries, rules
from app.features.wishes.reports import queries as view
from app.features.wishes.reports.queries import Listed, Summary
from app.features.wishes.reports.rules import COUNTED

MONTHS: Final = "wishes/months.html"
MONTH: Final = "wishes/month.html"
YEAR: Final = "wishes/year.html"
EARLIEST: Final = 2000
router = Router(prefix="/wishes")
Reports = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE, Permission.SEE_AGGREGATES)]
"""Collectors, officers of paired branches, and the committee, which gets numbers only."""
Everybody = Annotated[Actor, require(Permission.BE_MEMBER, Permission.COLLECT_WISHES, Permission.SEE_AGGREGATES)]


def at_the_desk(actor: Actor) -> bool:
    """Whether the desk is open to the actor; the committee comes from today."""
    return actor.may(Permission.COLLECT_WISHES) or actor.may(Permission.APPROVE)


@router.get("/months")
def months(request: Request, session: DbSession, actor: Reports) -> Response:
    """The months whose summaries are ready."""
    today = clock.today()
    return pages.render(
        request,
        MONTHS,
        months=rules.months_ready(today),
        ready_on=rules.READY_ON,
        next_month=rules.month_before(today) if today.day < rules.READY_ON else today.replace(day=1),
        has_any=bool(queries.communities(session, actor)),
        at_the_desk=at_the_desk(actor),
    )


@router.get("/months/{month}")
def month(request: Request, session: DbSession, actor: Reports, month: str) -> Response:
    """The numbers of a month, and its wishes without a word of who wishes."""
    day = view.readable_month(month)
    summary, listed = view.summary_of(session, actor, day), queries.wishes_of(session, actor, day)
    return pages.render(
        request,
        MONTH,
        month=day,
        word=month,
        before=f"{rules.month_before(day):%Y-%m}",
        counted=rules.COUNTED,
        summary=summary,
        wishes=view.by_community(listed),
        listed_of=queries.listed_of(session, actor, summary),
    )


@router.get("/months/{month}/list.xlsx")
def month_file(session: DbSession, actor: Reports, month: str) -> Response:
    """The same as a file."""
    day = view.readable_month(month)
    content = written(day, queries.wishes_of(session, actor, day), view.summary_of(session, actor, day))
    name = _("Micro-wishes %(month)s") % {"month": formats.month(day)}
    return pages.download(content, name=f"{name}.xlsx", media_type=XLSX_MEDIA_TYPE)


@router.get("/year")
def year(
    request: Request, session: DbSession, actor: Everybody, year: Annotated[int | None, Query(ge=EARLIEST)] = None
) -> Response:
    """How many, how fast, which kinds: no names.

    Raises:
        NotFoundError: the year is still to come.
    """
    today = clock.today()
    shown = year or today.year
    if shown > today.year:
        raise NotFoundError
    first = queries.first_year(session, actor)
    return pages.render(
        request,
        YEAR,
        year=shown,
        picture=rules.pictured(queries.history_of(session, actor, shown), shown, until=today),
        years=range(today.year, (first or today.year) - 1, -1),
        sees_months=not {Permission.COLLECT_WISHES, Permission.APPROVE, Permission.SEE_AGGREGATES}.isdisjoint(
            actor.permissions
        ),
    )


def written(month: date, wishes: Sequence[Listed], summary: Summary) -> bytes:
    """An XLSX file with the wishes of a month, where there are any to be seen, and the numbers of its communities."""
    headings = (
        _("Community"),
        _("No."),
        _("Wish"),
        _("Need"),
        _("Category"),
        _("Service or goods"),
        _("Estimate in yuan"),
        _("Wanted by"),
        _("Stood at the end of the month"),
        *(str(label) for label in COUNTED.values()),
    )
    listed = Table(_("Wishes of the month"), headings, [_row(wish) for wish in wishes])
    counted = Table(
        _("Summary"), (_("Community"), *(str(label) for label in COUNTED.values())), list(_numbers(month, summary))
    )
    return write_tables([counted, listed] if wishes else [counted])


def _row(wish: Listed) -> Sequence[Cell]:
    return (
        wish.community,
        wish.code,
        *(_text(wish) if wish.is_on_the_board else (None,) * 6),
        str(wish.status.label),
        *(wish.steps[step].isoformat() if step in wish.steps else None for step in COUNTED),
    )


def _text(wish: Listed) -> Sequence[Cell]:
    return (
        wish.title,
        wish.need,
        str(wish.category.label),
        str(wish.kind.label),
        wish.yuan,
        wish.wanted_by.isoformat() if wish.wanted_by else None,
    )


def _numbers(month: date, summary: Summary) -> Iterator[Sequence[Cell]]:
    for line in summary.lines:
        yield (line.community, *line.numbers)
    yield (_("All, %(month)s") % {"month": formats.month(month)}, *summary.totals)
