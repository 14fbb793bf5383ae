"""Entering a wish, completing it, handing it in, verifying it."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, Done, act, shown
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes.desk import view
from app.features.wishes.intake import service
from app.features.wishes.intake.forms import ContactFields, NewWishForm, TextFields
from app.features.wishes.intake.service import CHANGEABLE

router = Router(prefix="/wishes/desk")
NEW: Final = "wishes/desk_new.html"
CARD: Final = "wishes/desk_wish.html"
AtTheDesk = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE)]


@router.get("/new")
def new_wish(request: Request, session: DbSession, actor: AtTheDesk) -> Response:
    """An empty form; the wish gets its id with it."""
    return _new(request, session, actor)


@router.post("/new")
def enter(request: Request, session: DbSession, actor: AtTheDesk, raw: RawForm) -> Response:
    """Put the wish down, with its contact, and hand it in if that is wanted."""

    def put_down(form: NewWishForm) -> Done:
        wish = service.enter(
            session,
            actor,
            id=form.id,
            community_id=form.community_id,
            text=form.text(),
            contact=form.contact(),
            consents=form.consents(),
            is_child=form.is_child,
        )
        if form.hand_in and wish.status in CHANGEABLE:
            service.hand_in(session, actor, wish_id=wish.id)
        return Done(f"/wishes/desk/{wish.id}", _("Handed in.") if form.hand_in else _("Kept as a draft."))

    return act(request, session, raw, NewWishForm, put_down, page=partial(_new, request, session, actor))


@router.post("/{wish_id:uuid}/text")
def change(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID, raw: RawForm) -> Response:
    """Write the text anew."""

    def write(form: TextFields) -> str:
        service.change(session, actor, wish_id=wish_id, text=form.text())
        return _("Saved.")

    page = partial(_card, request, session, actor, wish_id)
    return act(request, session, raw, TextFields, write, page=page, to=f"/wishes/desk/{wish_id}", at="text")


@router.post("/{wish_id:uuid}/contact")
def add_contact(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID, raw: RawForm) -> Response:
    """Add how to reach the wisher, or correct it."""

    def keep(form: ContactFields) -> str:
        service.add_contact(
            session,
            actor,
            wish_id=wish_id,
            contact=form.contact(),
            consents=form.consents(),
            is_child=form.is_child,
        )
        return _("Sealed and kept.")

    page = partial(_card, request, session, actor, wish_id)
    return act(request, session, raw, ContactFields, keep, page=page, to=f"/wishes/desk/{wish_id}", at="contact")


@router.post("/{wish_id:uuid}/hand-in")
def hand_in(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID, raw: RawForm) -> Response:
    """Hand the draft in for verification."""

    def send(_form: FormModel) -> str:
        service.hand_in(session, actor, wish_id=wish_id)
        return _("Handed in.")

    page = partial(_card, request, session, actor, wish_id)
    return act(request, session, raw, FormModel, send, page=page, to=f"/wishes/desk/{wish_id}", at="hand_in")


@router.post("/{wish_id:uuid}/verify")
def verify(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID) -> Response:
    """Say that the need is as written."""
    service.verify(session, actor, wish_id=wish_id)
    page = partial(_card, request, session, actor, wish_id)
    return shown(request, _("Verified."), page=page, to=f"/wishes/desk/{wish_id}")


def _new(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    return pages.render(request, NEW, block="entering", status=answer.status, **view.new_wish(session, actor, answer))


def _card(request: Request, session: Session, actor: Actor, wish_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    context = view.card(session, actor, wish_id, answer)
    return pages.render(request, CARD, block="desk_wish", status=answer.status, message=answer.message, **context)
