"""Reports of study: a branch's own, given out once, and those of all branches in numbers; on a page and as a table."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock, holidays, pages
from app.core.answers import AS_IT_IS, Answer, act
from app.core.cells import SMALL_CELL
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.papers import Paper
from app.core.routing import DbSession, Provided, Router
from app.core.tables import Table
from app.features.board import queries as board
from app.features.board.reports import counting, queries, service
from app.features.board.reports.rules import FEW, GIVERS, NONE, REMARK_LENGTH, Cell, Numbers, sums, upward
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.members.rules import Permission
from app.features.scores.publicity.rules import Period, of_today, period
from app.features.sign_in.door import require

HOME: Final = "/study/reports"
ABOVE: Final = f"{HOME}/branches"
router = Router(prefix=HOME)
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
Above = Annotated[Actor, require(Permission.SEE_AGGREGATES)]
Asked = Annotated[Period, Provided(lambda _session, request: period(**request.path_params))]
"""The quarter that the address names."""


class ReportForm(FormModel):
    """What the officer adds."""

    remark: Annotated[str | None, Field(max_length=REMARK_LENGTH)] = None


@router.get("")
def last(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """The report of the last quarter that is over."""
    return _page(request, session, actor, _last_quarter(session))


@router.get("/branches")
def branches_now(request: Request, session: DbSession, actor: Above) -> Response:
    """The same of all branches."""
    return _branches(request, session, actor, _last_quarter(session))


@router.get("/branches/{year:int}/{quarter:int}")
def branches(request: Request, session: DbSession, actor: Above, asked: Asked, after: UUID | None = None) -> Response:
    """What branches have given out, by name: numbers, none of them of a few people."""
    return _branches(request, session, actor, asked, after=after)


@router.get("/branches/{year:int}/{quarter:int}/paper")
def branches_paper(request: Request, session: DbSession, actor: Above, asked: Asked) -> Response:
    """The same to print."""
    return _paper_above(session, actor, asked).page(request)


@router.get("/branches/{year:int}/{quarter:int}/reports.xlsx")
def branches_file(session: DbSession, actor: Above, asked: Asked) -> Response:
    """The same as a file."""
    return _paper_above(session, actor, asked).download()


@router.get("/{year:int}/{quarter:int}")
def one(request: Request, session: DbSession, actor: MemberActor, asked: Asked) -> Response:
    """The report of a quarter of the own branch; before it is given out, its officers see the numbers."""
    return _page(request, session, actor, asked)


@router.post("/{year:int}/{quarter:int}")
def give_out(request: Request, session: DbSession, actor: MemberActor, raw: RawForm, asked: Asked) -> Response:
    """Give it out with a remark or without one."""

    def do(form: ReportForm) -> str:
        service.give_out(session, actor, asked, remark=form.remark)
        return _("Given out. The branch can read it, and it stays as it is.")

    page = partial(_page, request, session, actor, asked)
    return act(request, session, raw, ReportForm, do, page=page, to=f"{HOME}/{asked.path}")


@router.get("/{year:int}/{quarter:int}/paper")
def paper(request: Request, session: DbSession, actor: MemberActor, asked: Asked) -> Response:
    """质量报告 to print."""
    printed = _paper(session, actor, asked)
    audit.printed(session, request, actor, f"{_('Report of study')} {asked.words}")
    return printed.page(request)


@router.get("/{year:int}/{quarter:int}/report.xlsx")
def file(session: DbSession, actor: MemberActor, asked: Asked) -> Response:
    """The same as a file."""
    return _paper(session, actor, asked).download()


def _paper_above(session: Session, actor: Actor, asked: Period) -> Paper:
    rows = rows_above(*_everywhere(session, actor, asked))
    table = above(rows)
    return Paper(
        tables=[table],
        landscape=True,
        sub=f"{asked.words} · {given_words(rows)}",
        name=f"{table.name} {asked.words}",
        file=f"{ABOVE}/{asked.path}/reports.xlsx",
        back=(f"{ABOVE}/{asked.path}", _("Study of the branches")),
    )


def _paper(session: Session, actor: Actor, asked: Period) -> Paper:
    kept = queries.report(session, actor.branch_id, asked)
    if kept is None:
        raise NotFoundError
    table = of_branch(queries.read(kept.numbers), kept.remark)
    return Paper(
        tables=[table],
        sub=f"{actor.branch_name} · {asked.words}",
        name=f"{actor.branch_name} {table.name} {asked.words}",
        file=f"{HOME}/{asked.path}/report.xlsx",
        back=(f"{HOME}/{asked.path}", _("Report of study")),
    )


def _page(request: Request, session: Session, actor: Actor, asked: Period, answer: Answer = AS_IT_IS) -> Response:
    kept = queries.report(session, actor.branch_id, asked)
    is_over = clock.today() > asked.last
    form_stands = is_over and not kept and not actor.roles.isdisjoint(GIVERS)
    numbers = None
    if kept:
        numbers = queries.read(kept.numbers)
    elif is_over and actor.may(Permission.SEE_BRANCH):
        numbers = counting.numbers(session, actor.branch_id, asked)
    listed = dict.fromkeys([_last_quarter(session), *queries.given(session, actor.branch_id)])
    return answer.drawn(
        request,
        "reports/report.html",
        block="report",
        refusal=None if form_stands else answer.refusal,
        asked=asked,
        kept=kept,
        is_over=is_over,
        lines=lines(numbers) if numbers else [],
        gives=form_stands,
        others=[one for one in listed if one != asked],
        remark_length=REMARK_LENGTH,
        small_cell=SMALL_CELL,
    )


def _branches(
    request: Request, session: Session, actor: Actor, asked: Period, *, after: UUID | None = None
) -> Response:
    found, next_after = board.named(session, actor, after=after)
    given = queries.of_branches(session, [branch.id for branch in found], asked)
    rows = rows_above(found, given)
    quarters = [Period(asked.year, quarter) for quarter in (1, 2, 3, 4)]
    return pages.render(
        request,
        "reports/branches.html",
        asked=asked,
        rows=rows,
        columns=columns(),
        total=sum_line(rows),
        next_after=next_after,
        given=given_words(rows),
        views=[
            (f"{ABOVE}/{one.path}", _("Quarter %(quarter)s") % {"quarter": one.quarter}, one == asked)
            for one in quarters
        ],
        before=Period(asked.year - 1, 4) if given or asked.year >= clock.today().year else None,
        small_cell=SMALL_CELL,
    )


def _everywhere(session: Session, actor: Actor, asked: Period) -> tuple[list[AnyRow], Mapping[UUID, Numbers]]:
    """Every branch in the actor's sight by name, and what was given out."""
    branches, after = board.named(session, actor)
    while after:
        more, after = board.named(session, actor, after=after)
        branches += more
    return branches, queries.of_branches(session, [branch.id for branch in branches], asked)


def _last_quarter(session: Session) -> Period:
    return of_today(clock.today(), holidays.calendar(session))


def lines(numbers: Numbers) -> list[tuple[str, str]]:
    """What the branch reads: label and words."""
    planned, received = numbers.planned, numbers.confirmed
    reasons = _("; ").join(f"{kind.label} {number}" for kind, number in numbers.reasons)
    missed = _("; ").join(f"{one.stem}（{one.missed}/{one.answers}）" for one in numbers.missed)
    is_few = bool(numbers.quizzes) and numbers.taken.people < SMALL_CELL
    return [
        (_("Items of the plan held"), f"{planned[0]}/{planned[1]}" if planned else _("no plan")),
        (_("Study sessions held"), str(numbers.sessions)),
        (_("Present on average"), numbers.present.words),
        (_("Study records received"), str(received.whole)),
        (_("Confirmed"), f"{received.part}/{received.whole}"),
        (_("Returned"), f"{numbers.returned.part}/{received.whole}"),
        (_("Commonest reasons"), reasons or NONE),
        (_("Quizzes held"), str(numbers.quizzes)),
        (_("Took part"), FEW if is_few else numbers.taken.words),
        (_("Passed, of those"), FEW if is_few else numbers.passed.words),
        (_("Missed most"), missed or NONE),
        (_("Members with the hours due"), numbers.on_track.words),
        (_("Meetings made up for"), str(numbers.made_up)),
    ]


def columns() -> list[str]:
    """Of the table of branches, in the order of ``rules.upward``."""
    return [
        _("Plan held"),
        _("Sessions"),
        _("Present"),
        _("Records"),
        _("Confirmed"),
        _("Returned"),
        _("Quizzes"),
        _("Took part"),
        _("Passed"),
        _("Hours due"),
        _("Made up for"),
    ]


def of_branch(numbers: Numbers, remark: str | None) -> Table:
    """质量报告 of one branch, to print and as a file."""
    rows = [*lines(numbers), *([(_("Remark"), remark)] if remark else [])]
    return Table(_("Report of study"), (_("What"), _("How many")), rows)


def rows_above(branches: Sequence[AnyRow], found: Mapping[UUID, Numbers]) -> list[tuple[str, list[Cell] | None]]:
    """A row for each of these branches (``id, name``), in their order; ``None``: nothing is given out yet."""
    return [(branch.name, upward(found[branch.id]) if branch.id in found else None) for branch in branches]


def sum_line(rows: Sequence[tuple[str, list[Cell] | None]]) -> list[str]:
    """The sums below them, of what is shown; none of a single branch."""
    given = [cells for _name, cells in rows if cells]
    return sums(given) if len(given) > 1 else []


def above(rows: Sequence[tuple[str, list[Cell] | None]]) -> Table:
    """The same to print and as a file."""
    headings = columns()
    body = [
        (name, *([cell.words for cell in cells] if cells else [_("not given out yet"), *[""] * (len(headings) - 1)]))
        for name, cells in rows
    ]
    if total := sum_line(rows):
        body.append((_("Sum of what is shown"), *total))
    return Table(_("Study of the branches"), (_("Branch"), *headings), body)


def given_words(rows: Sequence[tuple[str, list[Cell] | None]]) -> str:
    """How many of these branches have given out theirs, in words."""
    number = sum(cells is not None for _name, cells in rows)
    said = ngettext(
        "%(n)s of %(all)s branch has given out its report.",
        "%(n)s of %(all)s branches have given theirs out.",
        len(rows),
    )
    return said % {"n": number, "all": len(rows)}
