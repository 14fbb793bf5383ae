"""The board's pages: one row a branch in order of name, what stands behind a row, and the same as a file."""

from collections import Counter
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.core import clock, pages
from app.core.errors import NotFoundError
from app.core.i18n import gettext as _
from app.core.papers import workbook
from app.core.routing import DbSession, Router, Units
from app.core.tables import write_xlsx
from app.features.board import queries
from app.features.board.rules import Only
from app.features.meetings.asked.queries import standing
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.members.models import PLACE_NAME_LENGTH
from app.features.members.rules import ROLE_LABELS, OrganisationKind, Permission
from app.features.organisations import queries as organisations
from app.features.reviews.kinds import kind_called
from app.features.reviews.waiting import LONG
from app.features.shows.duties.coverage import coverage as duties
from app.features.shows.pledges.coverage import coverage as pledges
from app.features.sign_in.door import require

BOARD: Final = "organisations/board.html"
BRANCH: Final = "organisations/board_branch.html"
router = Router(prefix="/organisations/board")
Officer = Annotated[Actor, require(Permission.SEE_AGGREGATES)]
"""Who sees numbers of the branches below the own post."""


@router.get("")
def board(
    request: Request,
    session: DbSession,
    actor: Officer,
    *,
    q: str = "",
    only: Only = Only.ALL,
    after: UUID | None = None,
) -> Response:
    """One row a branch, by name. ``q`` means branches or secretaries, ``only`` narrows; nothing sorts by a number."""
    typed = q.strip()[:PLACE_NAME_LENGTH]
    rows, has_more = queries.page(session, actor, typed=typed, only=only, after=after)
    return pages.render(
        request,
        BOARD,
        block="board",
        rows=rows,
        has_more=has_more,
        typed=typed,
        only=only,
        goes_on=after is not None,
        long=LONG.days,
    )


@router.get("/asked")
def asked(
    request: Request,
    session: DbSession,
    actor: Officer,
    *,
    q: str = "",
    missing: bool = False,
    after: UUID | None = None,
) -> Response:
    """What the regulations ask of each branch, as its own secretary reads it: by name, nothing sorts by a number."""
    typed = q.strip()[:PLACE_NAME_LENGTH]
    rows, next_after = queries.asked(session, actor, typed=typed, missing=missing, after=after)
    return pages.render(
        request,
        "organisations/board_asked.html",
        block="board_asked",
        rows=rows,
        next_after=next_after,
        typed=typed,
        missing=missing,
    )


@router.get("/branches.xlsx")
def export(units: Units, actor: Officer, q: str = "", only: Only = Only.ALL) -> Response:
    """The rows of the board as a file."""
    headings = (
        _("Branch"),
        _("Secretary"),
        _("Phone"),
        _("Members"),
        _("Accounts opened"),
        _("Waiting for more than %(n)s days") % {"n": LONG.days},
        _("Without a pledge this year"),
        _("Overdue duties"),
        _("Wishes not finished"),
    )
    with units.read() as session:
        content = write_xlsx(
            _("Branches"),
            headings,
            [
                (
                    row.name,
                    _(", ").join(one.name for one in row.secretaries),
                    _(", ").join(one.phone for one in row.secretaries if one.phone),
                    row.members,
                    row.accounts,
                    row.waiting,
                    row.pledges,
                    row.duties,
                    row.wishes,
                )
                for row in queries.every_row(session, actor, typed=q.strip()[:PLACE_NAME_LENGTH], only=only)
            ],
        )
    name = _("Branches %(day)s") % {"day": clock.today().isoformat()}
    return workbook(content, name)


@router.get("/{branch_id}")
def branch(request: Request, session: DbSession, actor: Officer, branch_id: UUID) -> Response:
    """What stands behind the numbers of one branch: officers by name, all else as numbers by kind or stage."""
    place = organisations.path(session, actor, branch_id)[-1]
    if place.kind is not OrganisationKind.BRANCH:
        raise NotFoundError
    today = clock.today()
    people = members.branch_members(session, branch_id)
    posts = members.posts_in(session, branch_id)
    (row,) = queries.rows(session, [place])
    return pages.render(
        request,
        BRANCH,
        stands=standing(session, branch_id, today.year, today),
        place=place,
        row=row,
        officers=[(person, posts[person.id]) for person in people if person.id in posts],
        statuses=Counter(person.status.label for person in people),
        waiting=[
            (kind_called(kind).label, number, clock.local_day(since))
            for kind, number, since in queries.waiting(session, branch_id)
        ],
        pledges=pledges(session, branch_id, today.year).numbers,
        duties=duties(session, branch_id, today.year),
        wishes=[(status.label, number) for status, number in queries.wishes(session, branch_id)],
        role_labels=ROLE_LABELS,
        year=today.year,
    )
