"""The sheet, the page of each of its lines, the file of both; and the list from which officers open sheets."""

from itertools import groupby
from operator import attrgetter
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, pages
from app.core.i18n import gettext as _
from app.core.papers import workbook
from app.core.routing import DbSession, Provided, Router, write_aside
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import EXEMPTION_LABELS, MemberStatus, Permission
from app.features.scores import fact_words, queries, service, words
from app.features.scores.archive import kept, papers
from app.features.scores.archive import queries as archive
from app.features.scores.export import sheet_file, sheets_file
from app.features.scores.lines import fact_groups
from app.features.scores.periods import Period, choices, period_of, years_beside
from app.features.scores.queries import MemberSheet
from app.features.scores.vetoes.rules import COMMITTEE, STATUTE
from app.features.sign_in.door import require

router = Router()
SHEET: Final = "scores/sheet.html"
LINE: Final = "scores/line.html"
SHEETS: Final = "scores/sheets.html"
PAPERS: Final = "scores/papers.html"
_LONGEST_VERSION: Final = 4
"""Digits."""


def _asked_for(session: Session, request: Request) -> MemberSheet:
    """The sheet that the address names: of whom, of which year, up to which month.

    The first look at a year's sheets pins the year's rule set.
    """
    asked, actor, today = request.path_params, request.state.actor, clock.today()
    member_id, year = asked.get("member_id", actor.member_id), asked.get("year", today.year)
    if year < today.year and (archived := _archived(session, request, member_id, year)):
        return archived
    period = period_of(today, year=asked.get("year"), through=request.query_params.get("through"))
    shown = queries.member_sheet(session, actor, member_id, period)
    if not (shown.is_pinned or shown.is_before_all):
        version = shown.rules.version
        write_aside(session, request, lambda writing: service.pin_rules(writing, year=period.year, version=version))
    return shown


def _archived(session: Session, request: Request, member_id: UUID, year: int) -> MemberSheet | None:
    """The archived sheet of a year that is over, or the ``version`` of it that the address asks for."""
    version = request.query_params.get("version", "")
    wanted = int(version) if version.isdecimal() and len(version) < _LONGEST_VERSION else None
    actor = request.state.actor
    request.state.versions = versions = kept.versions_of(session, actor, member_id, year)
    return kept.kept(session, actor, member_id, year, wanted, versions=versions)


Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]
Shown = Annotated[MemberSheet, Provided(_asked_for)]
"""Named after the actor: the door is asked first."""


@router.get("/sheet")
@router.get("/sheet/{year:int}")
@router.get("/members/{member_id:uuid}/sheet")
@router.get("/members/{member_id:uuid}/sheet/{year:int}")
def sheet(request: Request, session: DbSession, actor: Me, shown: Shown) -> Response:
    """One person's sheet."""
    around, today = _around(actor, shown), clock.today()
    views = [
        (
            around["year_address"] + (f"?through={choice.through}" if choice.through else ""),
            words.choice_words(choice),
            choice.is_chosen,
        )
        for choice in (() if shown.kept else choices(shown.period, today))
    ]
    open_again = not shown.kept and shown.period.year < today.year
    is_mine = open_again and shown.member_id == actor.member_id
    signing = archive.my_signature(session, actor, shown.period.year) if is_mine else None
    return pages.render(
        request,
        SHEET,
        views=views,
        signing=signing,
        signed=archive.my_state(session, signing) if signing and signing.said else None,
        before=request.state.versions if open_again else (),
        years=years_beside(shown.period, today, shown.first_year),
        **around,
    )


@router.get("/sheet/{year:int}/lines/{rule_id}")
@router.get("/members/{member_id:uuid}/sheet/{year:int}/lines/{rule_id}")
def line(request: Request, session: DbSession, actor: Me, shown: Shown, rule_id: str) -> Response:
    """One line of it and its facts: a page of its own, or below the line."""
    rule, result = shown.rule(rule_id), shown.line(rule_id)
    facts = queries.facts_of(session, shown, rule.fact_types)
    return pages.render(
        request,
        LINE,
        block="line_facts",
        rule=rule,
        line=result,
        groups=fact_groups(rule, result.steps if result else (), facts, through=shown.period.through),
        **_around(actor, shown),
    )


@router.get("/sheet/{year:int}/export.xlsx")
@router.get("/members/{member_id:uuid}/sheet/{year:int}/export.xlsx")
def export(session: DbSession, _actor: Me, shown: Shown) -> Response:
    """The sheet and its facts as a file."""
    shown.check_kept()
    name = _("Sheet of %(name)s %(period)s") % {"name": shown.name, "period": words.period_words(shown.period)}
    content = papers.sheet_file(shown) if shown.kept else sheet_file(shown, queries.facts_of(session, shown))
    return workbook(content, name)


@router.get("/sheets")
def branch_sheets(request: Request, session: DbSession, actor: Officer, through: str | None = None) -> Response:
    """Everybody's sheet of the branch, one at a time: names by group and pinyin, never points (red line 1)."""
    today = clock.today()
    period = period_of(today, through=through)
    members, exempt = queries.branch_sheets(session, actor, period)
    return pages.render(
        request,
        SHEETS,
        suffix=f"?through={through}" if through else "",
        views=[
            (
                "/sheets" + (f"?through={choice.through}" if choice.through else ""),
                words.choice_words(choice),
                choice.is_chosen,
            )
            for choice in choices(period, today)
        ],
        groups=[(name, list(rows)) for name, rows in groupby(members, attrgetter("group_name"))],
        exempt=exempt,
        exemption_labels=EXEMPTION_LABELS,
        probationary=MemberStatus.PROBATIONARY,
        sees_vetoes=not COMMITTEE.isdisjoint(actor.roles),
    )


@router.get("/sheets/print")
def printed(request: Request, session: DbSession, actor: Officer, through: str | None = None) -> Response:
    """The sheets of the whole branch as pages of paper, one for each person, by group and pinyin."""
    period = period_of(clock.today(), through=through)
    shown = _of_branch(session, actor, period)
    audit.printed(session, request, actor, _("Score sheets"), people=len(shown))
    return pages.render(
        request, PAPERS, papers_of=shown, period=period, words=words, archived=papers, exemption_labels=EXEMPTION_LABELS
    )


@router.get("/sheets/export.xlsx")
def exported(session: DbSession, actor: Officer, through: str | None = None) -> Response:
    """The same as one file, with a table for each person."""
    period = period_of(clock.today(), through=through)
    name = _("Sheets of %(name)s %(period)s") % {"name": actor.branch_name, "period": words.period_words(period)}
    return workbook(sheets_file(_of_branch(session, actor, period)), name)


def _of_branch(session: Session, actor: Actor, period: Period) -> list[MemberSheet]:
    """Everybody's sheet of the branch; of a year that is over, as it was archived where it was."""
    return kept.in_place_of(session, actor.branch_id, queries.sheets_of_branch(session, actor, period), period)


def _around(actor: Actor, shown: MemberSheet) -> dict[str, Any]:
    """What both pages need besides the sheet: the addresses of its parts, and words."""
    base = "/sheet" if shown.member_id == actor.member_id else f"/members/{shown.member_id}/sheet"
    year = f"{base}/{shown.period.year}"
    whole = shown.period.is_running or shown.period.is_whole_year
    suffix = "" if whole else f"?through={shown.period.through:%Y-%m}"
    if shown.kept and shown.kept.reopened:
        suffix = f"?version={shown.kept.version}"
    return {
        "shown": shown,
        "base": base,
        "year_address": year,
        "suffix": suffix,
        "here": base if shown.period.is_running else year + suffix,
        "words": words,
        "fact_words": fact_words,
        "statute": STATUTE,
        "exemption_labels": EXEMPTION_LABELS,
        "archived": papers,
    }
