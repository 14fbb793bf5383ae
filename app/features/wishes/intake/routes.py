"""Entering a wish, completing it, handing it in, verifying it."""

from functools import partial
from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.wishes.carrying.rules import COMMITTEE_YUAN, is_for_committees
from app.features.wishes.desk import view
from app.features.wishes.intake import service
from app.features.wishes.intake.forms import ContactFields, NewWishForm, TextFields
from app.features.wishes.intake.service import CHANGEABLE
from app.features.wishes.pages import AnswersForWishes, on_desk

router = Router(prefix="/wishes/desk")
NEW: Final = "wishes/desk_new.html"


@router.get("/new")
def new_wish(request: Request, session: DbSession, actor: AnswersForWishes) -> Response:
    """An empty form; the wish gets its id with it."""
    return _new(request, session, actor)


@router.post("/new")
def enter(request: Request, session: DbSession, actor: AnswersForWishes, raw: RawForm) -> Response:
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
        said = _("Handed in.") if form.hand_in else _("Kept as a draft.")
        if is_for_committees(wish.yuan):
            said += " " + _("Above %(n)s yuan only a team of the committee can claim it.") % {"n": COMMITTEE_YUAN}
        return Done(f"/wishes/desk/{wish.id}", said)

    return act(request, session, raw, NewWishForm, put_down, page=partial(_new, request, session, actor))


@router.post("/{wish_id:uuid}/text")
def change(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID, raw: RawForm) -> Response:
    """Write the text anew."""

    def write(form: TextFields) -> str:
        service.change(session, actor, wish_id=wish_id, text=form.text())
        return _("Saved.")

    return on_desk(request, session, actor, wish_id).act(raw, TextFields, write, at="text")


@router.post("/{wish_id:uuid}/contact")
def add_contact(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID, raw: RawForm) -> Response:
    """Add how to reach the wisher, or correct it."""

    def keep(form: ContactFields) -> str:
        service.add_contact(
            session, actor, wish_id=wish_id, contact=form.contact(), consents=form.consents(), is_child=form.is_child
        )
        return _("Sealed and kept.")

    return on_desk(request, session, actor, wish_id).act(raw, ContactFields, keep, at="contact")


@router.post("/{wish_id:uuid}/hand-in")
def hand_in(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID, raw: RawForm) -> Response:
    """Hand the draft in for verification."""

    def send(_form: FormModel) -> str:
        service.hand_in(session, actor, wish_id=wish_id)
        return _("Handed in.")

    return on_desk(request, session, actor, wish_id).act(raw, FormModel, send, at="hand_in")


@router.post("/{wish_id:uuid}/verify")
def verify(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID) -> Response:
    """Say that the need is as written."""
    service.verify(session, actor, wish_id=wish_id)
    return on_desk(request, session, actor, wish_id).shown(_("Verified."))


def _new(request: Request, session: Session, actor: Actor, answer: Answer = AS_IT_IS) -> Response:
    return answer.drawn(request, NEW, block="entering", **view.new_wish(session, actor, answer))
