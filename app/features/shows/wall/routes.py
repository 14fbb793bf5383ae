"""The branch's wall, print pages, what is still missing in the branch, and the yearly sheet of pledges."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, pages
from app.core.errors import NotFoundError
from app.core.i18n import gettext as _
from app.core.qr import qr_picture
from app.core.routing import DbSession, Router, write_aside
from app.core.tables import XLSX_MEDIA_TYPE
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction, Permission
from app.features.shows.cards.rules import FIRST_YEAR, standing
from app.features.shows.duties import coverage as duties
from app.features.shows.pledges import coverage as pledges
from app.features.shows.wall import queries, rules
from app.features.shows.wall.queries import promises_file
from app.features.shows.wall.rules import PrintForm
from app.features.sign_in.door import require

router = Router(prefix="/shows")
WALL: Final = "shows/wall/wall.html"
CHOICE: Final = "shows/wall/choice.html"
PRINTS: Final = "shows/wall/prints.html"
BRANCH: Final = "shows/wall/branch.html"
PROMISES: Final = "shows/wall/promises.html"
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
Officer = Annotated[Actor, require(Permission.SEE_BRANCH)]


@router.get("/wall")
def wall(request: Request, session: DbSession, actor: Me, branch: UUID | None = None) -> Response:
    """Everybody's card in the own branch, by group and name."""
    _own(actor, branch)
    return pages.render(
        request, WALL, groups=queries.wall(session, actor.branch_id, year=clock.today().year), standing=standing
    )


@router.get("/print")
def choice(
    request: Request, session: DbSession, actor: Me, member: UUID | None = None, ticked: Literal["all", "none"] = "all"
) -> Response:
    """In which form, and for whom: oneself or, for officers, anybody of the branch.

    Ticked is first the ``member`` whose card led here, else everybody or nobody.
    """
    may_choose = actor.may(Permission.SEE_BRANCH)
    return pages.render(
        request,
        CHOICE,
        forms=[(one.value, one.label, rules.FORM_SENTENCES[one]) for one in PrintForm],
        first=PrintForm.SHEET.value,
        groups=queries.choice(session, actor.branch_id) if may_choose else {},
        is_ticked=lambda one: one == member if member else ticked == "all",
    )


@router.get("/prints/{form}")
def prints(
    request: Request,
    session: DbSession,
    actor: Me,
    form: PrintForm,
    member: Annotated[list[UUID] | None, Query(max_length=rules.MOST_PRINTED)] = None,
) -> Response:
    """The pages that go to the printer, in the order of groups and names."""
    wanted = set(member or [actor.member_id])
    if wanted != {actor.member_id} and not actor.may(Permission.SEE_BRANCH):
        raise NotFoundError
    year = clock.today().year
    cards = queries.some(session, actor.branch_id, wanted, year=year)
    if not cards:
        raise NotFoundError
    empty = [card for card in cards if form is PrintForm.SHEET and len(cards) > 1 and card.is_empty]
    cards = [card for card in cards if card not in empty] or cards
    printed = audit.Subject(str(form.label), cards[0].face.member_id if len(cards) == 1 else None, actor.branch_id)
    number = audit.changed({}, {"people": len(cards)})
    write_aside(
        session, request, lambda writing: audit.record(writing, actor.member_id, AuditAction.PRINTED, printed, number)
    )
    return pages.render(
        request,
        PRINTS,
        form=form.value,
        label=form.label,
        year=year,
        printed=[(card, _picture(request, card)) for card in cards],
        left_out=[card.face.name for card in empty if card not in cards],
        at_once=rules.BADGES_ON_PAGE,
        standing=standing,
    )


@router.get("/branch")
def branch(request: Request, session: DbSession, actor: Officer) -> Response:
    """How far the three shows reach in the branch and what is due; about the branch, never people by a number."""
    today = clock.today()
    year = today.year
    covered = pledges.coverage(session, actor.branch_id, year)
    return pages.render(
        request,
        BRANCH,
        year=year,
        covered=covered,
        due=covered.due(today),
        duties=duties.coverage(session, actor.branch_id, year),
    )


@router.get("/promises")
def promises(
    request: Request, session: DbSession, actor: Me, year: int | None = None, branch: UUID | None = None
) -> Response:
    """The yearly sheet of pledges, to read and to print: the branch's for its officers, else one's own."""
    _own(actor, branch)
    return pages.render(request, PROMISES, **_promises(session, actor, year))


@router.get("/promises.xlsx")
def promises_as_file(session: DbSession, actor: Me, year: int | None = None, branch: UUID | None = None) -> Response:
    """The same as a file."""
    _own(actor, branch)
    shown = _promises(session, actor, year)
    whose = shown["whose"]
    content = promises_file(shown["promises"], shown["without"])
    name = _("Pledges of %(whose)s %(year)s") % {"whose": whose, "year": shown["year"]}
    return pages.download(content, name=f"{name}.xlsx", media_type=XLSX_MEDIA_TYPE)


def _promises(session: Session, actor: Actor, year: int | None) -> dict[str, Any]:
    this_year = clock.today().year
    year = year or this_year
    if not FIRST_YEAR <= year <= this_year:
        raise NotFoundError
    is_officer = actor.may(Permission.SEE_BRANCH)
    found, without = queries.promises(
        session, actor.branch_id, year=year, member_id=None if is_officer else actor.member_id
    )
    return {
        "promises": found,
        "without": without,
        "year": year,
        "this_year": this_year,
        "whose": actor.branch_name if is_officer else actor.name,
        "is_officer": is_officer,
    }


def _own(actor: Actor, branch_id: UUID | None) -> None:
    """Let an address pass that names no branch, or the actor's.

    Raises:
        NotFoundError: it names another one, whose wall and sheet are not shown here.
    """
    if branch_id not in (None, actor.branch_id):
        raise NotFoundError


def _picture(request: Request, card: queries.Card) -> Any:
    return qr_picture(pages.address_outside(request, f"/p/{card.token}")) if card.token else None
