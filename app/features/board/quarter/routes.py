"""A quarter on one page, its ledger and its page of facts on paper and as files; and all branches for the committee."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, formats, holidays, pages
from app.core.cells import SMALL_CELL
from app.core.clock import first_of_month
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.ids import new_id
from app.core.months import last_of_month
from app.core.papers import Paper
from app.core.portions import Came, Onward, carry_out, portion
from app.core.routing import DbSession, Provided, Router, Units
from app.core.tables import Table
from app.features.board import queries as board
from app.features.board.quarter import queries, tables
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews.kinds import kind_called
from app.features.scores.periods import period_of
from app.features.scores.publicity import service
from app.features.scores.publicity.rules import Period, of_today, period
from app.features.sign_in.door import require

HOME: Final = "/quarter"
SUMMARISED_FROM: Final = 25
"""Day of the month from which its summary is offered. Source: domain, quantified §3."""
AT_ONCE: Final = 200
"""Branches for which a period is proposed in one unit of work."""
HALF_YEAR: Final = 2
"""The quarter with which half a year ends."""
router = Router(prefix=HOME)
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Above = Annotated[Actor, require(Permission.SEE_AGGREGATES)]
Asked = Annotated[Period, Provided(lambda _session, request: period(**request.path_params))]
"""The period that the address names."""
Month = Annotated[
    date,
    Provided(
        lambda _session, request: first_of_month(period_of(clock.today(), through=request.path_params["month"]).through)
    ),
]


@router.get("")
def now(request: Request, session: DbSession, actor: Officer) -> Response:
    """The last period that is over."""
    return _page(request, session, actor, of_today(clock.today(), holidays.calendar(session)))


@router.get("/{year:int}")
@router.get("/{year:int}/{quarter:int}")
def one(request: Request, session: DbSession, actor: Officer, asked: Asked) -> Response:
    """One period of the branch: what is open, and its one next step."""
    return _page(request, session, actor, asked)


@router.get("/{year:int}/ledger")
@router.get("/{year:int}/{quarter:int}/ledger")
def ledger(request: Request, session: DbSession, actor: Officer, asked: Asked) -> Response:
    """支部台账 on paper: by date, no points."""
    return _printed(request, session, actor, _ledger(session, actor, asked))


@router.get("/{year:int}/ledger.xlsx")
@router.get("/{year:int}/{quarter:int}/ledger.xlsx")
def ledger_file(session: DbSession, actor: Officer, asked: Asked) -> Response:
    """The same as a file."""
    return _ledger(session, actor, asked).download()


@router.get("/{year:int}/facts")
@router.get("/{year:int}/{quarter:int}/facts")
def facts(request: Request, session: DbSession, actor: Officer, asked: Asked) -> Response:
    """The page of facts for the meeting: with the second quarter, of the half-year."""
    return _printed(request, session, actor, _facts(session, actor, asked))


@router.get("/{year:int}/facts.xlsx")
@router.get("/{year:int}/{quarter:int}/facts.xlsx")
def facts_file(session: DbSession, actor: Officer, asked: Asked) -> Response:
    """The same as a file."""
    return _facts(session, actor, asked).download()


@router.get("/month/{month}.xlsx")
def month_file(session: DbSession, actor: Officer, month: Month) -> Response:
    """The same as a file."""
    return _month(session, actor, month).download()


@router.get("/month/{month}")
def month(request: Request, session: DbSession, actor: Officer, month: Month) -> Response:
    """月总结: what was posted, what waits, what is missing; nothing to sign."""
    return _printed(request, session, actor, _month(session, actor, month))


@router.get("/branches")
def branches_now(request: Request, session: DbSession, actor: Above) -> Response:
    """The same of the last period that is over."""
    return _branches(request, session, actor, of_today(clock.today(), holidays.calendar(session)))


@router.get("/branches/{year:int}")
@router.get("/branches/{year:int}/{quarter:int}")
def branches(request: Request, session: DbSession, actor: Above, asked: Asked, after: UUID | None = None) -> Response:
    """Where every branch stands with a period, by name."""
    return _branches(request, session, actor, asked, after=after)


@router.post("/branches/{year:int}")
@router.post("/branches/{year:int}/{quarter:int}")
def propose_below(request: Request, units: Units, actor: Above, raw: RawForm, asked: Asked) -> Response:
    """Propose the period for all branches, some at a time; each approves by itself."""

    def do(onward: Onward) -> Came:
        with units.write() as session:
            some = portion(board.in_sight(session, actor), onward.after, at_once=AT_ONCE)
            waits = queries.pending(session, some.ids, asked.year)
            return Came(some, service.propose_below(session, actor, asked, branch_ids=some.ids, pending=waits))

    def said(came: Onward) -> str:
        text = ngettext(
            "Proposed for %(n)s branch. Each approves it by itself.",
            "Proposed for %(n)s branches. Each approves it by itself.",
            came.number,
        )
        return text % {"n": came.number}

    to = f"{HOME}/branches/{asked.path}"
    return carry_out(request, raw, do, title=_("Proposing for all branches"), to=to, said=said)


def _page(request: Request, session: Session, actor: Actor, asked: Period) -> Response:
    today, calendar = clock.today(), holidays.calendar(session)
    found = queries.quarter(session, actor, asked)
    this_month = first_of_month(today)
    months = [asked.first.replace(month=asked.last.month - back) for back in (2, 1, 0)] if asked.quarter else []
    if this_month not in months and today.day >= SUMMARISED_FROM:
        months.append(this_month)
    return pages.render(
        request,
        "quarter/quarter.html",
        asked=asked,
        found=found,
        id=new_id(),
        opens=asked.opens(calendar),
        today=today,
        months=[one for one in months if one <= this_month],
        through=f"{asked.last:%Y-%m}",
        views=_views(HOME, asked),
        kind_called=kind_called,
        half_year=HALF_YEAR,
        small_cell=SMALL_CELL,
        lately=queries.LATELY,
    )


def _views(base: str, asked: Period) -> list[tuple[str, str, bool]]:
    """The quarters of the year, and the year: address, name, whether it is the one shown."""
    periods = (*(Period(asked.year, quarter) for quarter in (1, 2, 3, 4)), Period(asked.year))
    return [
        (
            f"{base}/{one.path}",
            one.words if one.quarter is None else _("Quarter %(quarter)s") % {"quarter": one.quarter},
            one == asked,
        )
        for one in periods
    ]


def _branches(
    request: Request, session: Session, actor: Actor, asked: Period, *, after: UUID | None = None
) -> Response:
    rows, next_after = board.named(session, actor, after=after)
    places = queries.places(session, rows, asked)
    may_begin = any(place.publicity is None for place in places) or next_after is not None or after is not None
    opens = asked.opens(holidays.calendar(session))
    return pages.render(
        request,
        "quarter/branches.html",
        block="branches",
        asked=asked,
        places=places,
        next_after=next_after,
        views=_views(f"{HOME}/branches", asked),
        may_propose=bool(actor.leads) and clock.today() >= opens and may_begin,
        opens=opens,
        today=clock.today(),
    )


def _ledger(session: Session, actor: Actor, asked: Period) -> Paper:
    found = tables.ledger(session, actor.branch_id, asked.first, asked.last)
    return _paper(actor, [found], asked.words, f"{asked.path}/ledger")


def _facts(session: Session, actor: Actor, asked: Period) -> Paper:
    if asked.quarter != HALF_YEAR:
        first, words = asked.first, asked.words
    else:
        first, words = asked.first.replace(month=1), _("First half of %(year)s") % {"year": asked.year}
    found = tables.summary(session, actor.branch_id, first, asked.last)
    return _paper(actor, found, words, f"{asked.path}/facts")


def _month(session: Session, actor: Actor, month: date) -> Paper:
    found = tables.summary(session, actor.branch_id, month, last_of_month(month.year, month.month))
    return _paper(actor, found, formats.month(month), f"month/{month:%Y-%m}")


def _paper(actor: Actor, found: list[Table], words: str, path: str) -> Paper:
    return Paper(
        tables=found,
        sub=f"{actor.branch_name} · {words}",
        name=f"{actor.branch_name} {found[0].name} {words}",
        file=f"{HOME}/{path}.xlsx",
        back=(HOME, _("Quarter's work")),
    )


def _printed(request: Request, session: Session, actor: Actor, paper: Paper) -> Response:
    audit.printed(session, request, actor, paper.name.removeprefix(f"{actor.branch_name} "))
    return paper.page(request)
