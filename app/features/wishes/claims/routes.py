"""Claiming a wish, company, and giving it back: forms of the wish's page."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.errors import AppError, BadInputError, NotFoundError
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes import board, page
from app.features.wishes.claims import service
from app.features.wishes.claims.errors import AlreadyClaimedError
from app.features.wishes.contacts.errors import NamesSomebodyError
from app.features.wishes.forms import ClaimForm, InviteForm, ReleaseForm

router = Router(prefix="/wishes/{wish_id:uuid}")
BOARD: Final = "wishes/board.html"
WISH: Final = "wishes/wish.html"
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]


@router.post("/claim")
def claim(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """One tap; the wish's page then says what comes next. Whoever was second reads who was first.

    Raises:
        BadInputError: the form was not ours.
    """
    form = forms.parse(ClaimForm, raw)
    if form.value is None:
        raise BadInputError
    try:
        with session.begin_nested():
            service.claim(session, actor, wish_id=wish_id, kind=form.value.kind)
    except AlreadyClaimedError as error:
        return _lost(request, session, actor, wish_id, error)
    return pages.go(request, f"/wishes/{wish_id}", message=_("It is yours. What comes next stands below."))


@router.post("/invite")
def invite(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """Ask colleagues; each joins by the own tap."""
    form = forms.parse(InviteForm, raw)
    if form.value is None:
        return _wish(request, session, actor, wish_id, status=422, invite=form)
    try:
        with session.begin_nested():
            service.invite(session, actor, wish_id=wish_id, member_ids=form.value.member_id)
    except NotFoundError:
        raise
    except AppError as error:
        return _wish(request, session, actor, wish_id, status=error.status, invite=form.refused(error, "member_id"))
    return _changed(request, session, actor, wish_id, _("Asked. Each of them decides alone."))


@router.post("/join")
def join(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """Accept an invitation."""
    service.join(session, actor, wish_id=wish_id)
    return _changed(request, session, actor, wish_id, _("You take part now. Thank you."))


@router.post("/decline")
def decline(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """Say no to an invitation."""
    service.decline(session, actor, wish_id=wish_id)
    return _changed(request, session, actor, wish_id, _("That is fine. Perhaps another time."))


@router.post("/contacted")
def contacted(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """The wisher has heard from us."""
    service.contacted(session, actor, wish_id=wish_id)
    return _changed(request, session, actor, wish_id, _("Noted. When the wish is fulfilled, say so here."))


@router.post("/extend")
def extend(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID) -> Response:
    """Two more weeks, once."""
    service.extend(session, actor, wish_id=wish_id)
    return _changed(request, session, actor, wish_id, _("You have two more weeks."))


@router.post("/release")
def release(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """Give the wish back, without blame."""
    form = forms.parse(ReleaseForm, raw)
    if form.value is None:
        return _wish(request, session, actor, wish_id, status=422, release=form)
    try:
        is_on_board = service.release(session, actor, wish_id=wish_id, reason=form.value.reason)
    except NamesSomebodyError as error:
        refused = form.refused(error, "reason")
        return _wish(request, session, actor, wish_id, status=error.status, release=refused)
    said = (
        _("Given back. Somebody else can claim it now; nothing is held against you.")
        if is_on_board
        else _("You no longer take part; the others keep the wish. Nothing is held against you.")
    )
    return pages.go(request, "/wishes/mine", message=said)


def _lost(request: Request, session: Session, actor: Actor, wish_id: UUID, error: AlreadyClaimedError) -> Response:
    """Kindly, where the tap was: the card of the board, or the page of the wish."""
    context = page.context(session, actor, wish_id)
    if pages.wants_fragment(request):
        shown = context | board.card_words() | {"today": clock.today(), "lost": error.sentence}
        return pages.render(request, BOARD, block="wish_card", status=error.status, **shown)
    return pages.render(request, WISH, status=error.status, **context | {"lost": error.sentence})


def _changed(request: Request, session: Session, actor: Actor, wish_id: UUID, message: str) -> Response:
    if not pages.wants_fragment(request):
        return pages.see_other(f"/wishes/{wish_id}", message=message)
    return _wish(request, session, actor, wish_id, message=message)


def _wish(
    request: Request,
    session: Session,
    actor: Actor,
    wish_id: UUID,
    *,
    status: int = 200,
    message: str | None = None,
    **typed: forms.Form[InviteForm] | forms.Form[ReleaseForm],
) -> Response:
    context = page.context(session, actor, wish_id, **typed)
    return pages.render(request, WISH, block="wish", status=status, message=message, **context)
