"""Entering a wish, completing it, handing it in, verifying it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.errors import AppError, NotFoundError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes.desk import view
from app.features.wishes.intake import service
from app.features.wishes.intake.correcting import CHANGEABLE
from app.features.wishes.intake.forms import ContactFields, NewWishForm, TextFields

router = Router(prefix="/wishes/desk")
NEW: Final = "wishes/desk_new.html"
CARD: Final = "wishes/desk_wish.html"
AtTheDesk = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE)]


@router.get("/new")
def new_wish(request: Request, session: DbSession, actor: AtTheDesk) -> Response:
    """An empty form; the wish gets its id with it."""
    return pages.render(request, NEW, **view.new_wish(session, actor, wish_id=new_id()))


@router.post("/new")
def enter(request: Request, session: DbSession, actor: AtTheDesk, raw: RawForm) -> Response:
    """Put the wish down, with its contact, and hand it in if that is wanted."""
    form = forms.parse(NewWishForm, raw)
    if said := form.value:
        try:
            with session.begin_nested():
                wish_id = _enter(session, actor, said)
        except NotFoundError:
            raise
        except AppError as refusal:
            form = form.refused(refusal)
        else:
            message = _("Handed in.") if said.hand_in else _("Kept as a draft.")
            return pages.go(request, f"/wishes/desk/{wish_id}", message=message)
    context = view.new_wish(session, actor, wish_id=new_id(), form=form)
    return pages.render(request, NEW, block="entering", status=422, **context)


@router.post("/{wish_id:uuid}/text")
def change(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID, raw: RawForm) -> Response:
    """Write the text anew."""
    form = forms.parse(TextFields, raw)
    if form.value:
        try:
            with session.begin_nested():
                service.change(session, actor, wish_id=wish_id, text=form.value.text())
        except NotFoundError:
            raise
        except AppError as refusal:
            form = form.refused(refusal)
        else:
            return _done(request, session, actor, wish_id, _("Saved."))
    return _card(request, session, actor, wish_id, status=422, text=form)


@router.post("/{wish_id:uuid}/contact")
def add_contact(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID, raw: RawForm) -> Response:
    """Add how to reach the wisher, or correct it."""
    form = forms.parse(ContactFields, raw)
    if form.value:
        said = form.value
        try:
            with session.begin_nested():
                service.add_contact(
                    session,
                    actor,
                    wish_id=wish_id,
                    contact=said.contact(),
                    consents=said.consents(),
                    is_child=said.is_child,
                )
        except NotFoundError:
            raise
        except AppError as refusal:
            form = form.refused(refusal)
        else:
            return _done(request, session, actor, wish_id, _("Sealed and kept."))
    return _card(request, session, actor, wish_id, status=422, contact=form)


@router.post("/{wish_id:uuid}/hand-in")
def hand_in(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID) -> Response:
    """Hand the draft in for verification."""
    try:
        with session.begin_nested():
            service.hand_in(session, actor, wish_id=wish_id)
    except NotFoundError:
        raise
    except AppError as refusal:
        form: Form[ContactFields] = Form()
        return _card(request, session, actor, wish_id, status=refusal.status, hand_in=form.refused(refusal, "form"))
    return _done(request, session, actor, wish_id, _("Handed in."))


@router.post("/{wish_id:uuid}/verify")
def verify(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID) -> Response:
    """Say that the need is as written."""
    service.verify(session, actor, wish_id=wish_id)
    return _done(request, session, actor, wish_id, _("Verified."))


def _enter(session: Session, actor: Actor, said: NewWishForm) -> UUID:
    wish = service.enter(
        session,
        actor,
        id=said.id,
        community_id=said.community_id,
        text=said.text(),
        contact=said.contact(),
        consents=said.consents(),
        is_child=said.is_child,
    )
    if said.hand_in and wish.status in CHANGEABLE:
        service.hand_in(session, actor, wish_id=wish.id)
    return wish.id


def _done(request: Request, session: Session, actor: Actor, wish_id: UUID, message: str) -> Response:
    if pages.wants_fragment(request):
        context = view.card(session, actor, wish_id)
        return pages.render(request, CARD, block="desk_wish", message=message, **context)
    return pages.see_other(f"/wishes/desk/{wish_id}", message=message)


def _card(
    request: Request, session: Session, actor: Actor, wish_id: UUID, *, status: int, **typed: Form[Any]
) -> Response:
    return pages.render(request, CARD, block="desk_wish", status=status, **view.card(session, actor, wish_id, **typed))
