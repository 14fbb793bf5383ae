"""Handing over and confirming: forms of the wish's page, the slip to print, and the page behind its picture."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.errors import AppError, NotFoundError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.qr import qr_picture
from app.core.routing import DbSession, Nobody, Router, Units
from app.core.settings import settings
from app.core.visitors import network_of
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in import lockout
from app.features.sign_in.door import require
from app.features.sign_in.errors import LockedError
from app.features.wishes import page, withdrawal
from app.features.wishes import queries as wishes
from app.features.wishes.contacts.errors import NamesSomebodyError
from app.features.wishes.errors import StepRefusedError
from app.features.wishes.forms import CodeForm, FulfilForm, NotYetForm
from app.features.wishes.fulfilment import confirming, queries, service, slips
from app.features.wishes.fulfilment.errors import LinksLockedError, SlipVoidError, UnknownSlipError, WrongCodeError
from app.features.wishes.fulfilment.rules import readable
from app.features.wishes.queries import AnyRow
from app.features.wishes.rules import Step, may
from app.features.wishes.stories import service as stories

router = Router()
WISH: Final = "wishes/wish.html"
SLIP: Final = "wishes/slip.html"
WISHER: Final = "wishes/wisher.html"
ONE: Final = "/wishes/{wish_id:uuid}"
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
SeesWishes = Annotated[Actor, require(Permission.BE_MEMBER, Permission.COLLECT_WISHES)]
AnswersForWishes = Annotated[Actor, require(Permission.APPROVE, Permission.COLLECT_WISHES)]


@router.post(f"{ONE}/fulfil")
def fulfil(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """Handed over. The photo is of the thing, and nobody has to take one."""
    form = forms.parse(FulfilForm, raw)
    if form.value is None:
        return _wish(request, session, actor, wish_id, status=422, fulfil=form)
    photo = forms.upload(raw, "photo")
    try:
        with session.begin_nested():
            service.fulfil(
                session,
                actor,
                wish_id=wish_id,
                sentence=form.value.sentence,
                day=form.value.day,
                photo=photo.file.read() if photo else None,
            )
    except NotFoundError:
        raise
    except AppError as error:
        if error.field == "form":
            raise
        return _wish(request, session, actor, wish_id, status=error.status, fulfil=form.refused(error))
    return _changed(request, session, actor, wish_id, _("Thank you. Somebody of the community now confirms it."))


@router.get(f"{ONE}/photo")
def photo(session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """The photo of the thing, for whoever may see the wish."""
    wish = wishes.wish(session, actor, wish_id)
    found = queries.photo(session, wish.claim_id) if wish.claim_id else None
    if found is None:
        raise NotFoundError
    return Response(found.content, media_type=found.media_type, headers={"Cache-Control": "no-store"})


@router.post(f"{ONE}/photo/remove")
def remove_photo(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """Take the photo away."""
    service.remove_photo(session, actor, wish_id=wish_id)
    return _changed(request, session, actor, wish_id, _("The photo is gone."))


@router.post(f"{ONE}/code")
def code(request: Request, session: DbSession, actor: MemberActor, wish_id: UUID, raw: RawForm) -> Response:
    """The wisher has said the code aloud. A wrong one is counted, so this unit of work ends well either way."""
    form = forms.parse(CodeForm, raw)
    if form.value is None:
        return _wish(request, session, actor, wish_id, status=422, code=form)
    if not confirming.confirm_with_code(session, actor, wish_id=wish_id, typed=form.value.code):
        refusal = WrongCodeError() if queries.has_slip(session, wish_id) else SlipVoidError()
        return _wish(request, session, actor, wish_id, status=422, code=form.refused(refusal))
    return _changed(request, session, actor, wish_id, _("Confirmed by the wisher. In two weeks somebody looks back."))


@router.post(f"{ONE}/confirm")
def confirm(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID) -> Response:
    """The desk says that it is done."""
    confirming.confirm_realised(session, actor, wish_id=wish_id)
    return _changed(request, session, actor, wish_id, _("Confirmed. In two weeks somebody looks back."))


@router.post(f"{ONE}/not-yet")
def not_yet(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID, raw: RawForm) -> Response:
    """The desk says what is still missing."""
    form = forms.parse(NotYetForm, raw)
    if form.value is None:
        return _wish(request, session, actor, wish_id, status=422, not_yet=form)
    try:
        confirming.not_yet(session, actor, wish_id=wish_id, note=form.value.note)
    except NamesSomebodyError as error:
        return _wish(request, session, actor, wish_id, status=error.status, not_yet=form.refused(error, "note"))
    return _changed(request, session, actor, wish_id, _("Told to those who have claimed it."))


@router.post(f"{ONE}/slip")
def slip(request: Request, session: DbSession, actor: AnswersForWishes, wish_id: UUID) -> Response:
    """The slip itself, because its code is nowhere else: a reload makes a new one."""
    issued = slips.issue(session, actor, wish_id=wish_id)
    address = f"{(settings().public_url or str(request.base_url)).rstrip('/')}/w/{issued.token}"
    return pages.render(
        request,
        SLIP,
        wish=wishes.wish(session, actor, wish_id),
        picture=qr_picture(address),
        code=readable(issued.code),
    )


@router.get("/w/{token}")
def wisher(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """What the wisher sees, without an account: what was wished, and whether it came."""
    return _wisher(request, token, _with(request, units, token))


@router.post("/w/{token}/arrived")
def arrived(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """It has come."""
    _with(request, units, token)
    return _said(request, units, token, confirming.confirm_by_link)


@router.post("/w/{token}/not-yet")
def not_arrived(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """It has not come."""
    _with(request, units, token)
    return _said(request, units, token, confirming.not_yet_by_link)


@router.post("/w/{token}/story-down")
def take_story_down(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """The wisher no longer likes the story to be read: it is erased at once."""
    wish = _with(request, units, token)
    with units.write() as session:
        stories.take_down(session, wish_id=wish.wish_id, by_id=None)
    return pages.see_other(f"/w/{token}", message=_("The story is taken down and erased."))


@router.post("/w/{token}/withdraw")
def withdraw(request: Request, units: Units, _door: Nobody, token: str) -> Response:
    """The wisher wants it no more. The link is good for nothing then, so the answer is the last page it shows."""
    found = _with(request, units, token)
    try:
        with units.write() as session:
            withdrawal.withdraw_by_link(session, token=token)
    except StepRefusedError:
        return _wisher(request, token, _with(request, units, token), status=409)
    return _wisher(request, token, found, is_taken_back=True)


def _said(request: Request, units: Units, token: str, say: Any) -> Response:
    """Say it, and show where the wish stands now: also to whoever says it a second time."""
    try:
        with units.write() as session:
            say(session, token=token)
    except StepRefusedError:
        return _wisher(request, token, _with(request, units, token), status=409)
    return pages.see_other(f"/w/{token}", message=_("Thank you for telling us."))


def _with(request: Request, units: Units, token: str) -> AnyRow:
    """The wish of a slip. Addresses that somebody makes up are counted, and soon nobody answers there.

    They are counted apart from wrong passwords: who guesses here, or is made to by a picture on a page elsewhere,
    locks nobody out of signing in.

    Raises:
        UnknownSlipError: no good slip carries this token.
        LinksLockedError: too many made-up addresses came from this network.
    """
    with units.read() as session:
        found = queries.slip_with(session, token)
    if found is None:
        try:
            lockout.begin(units, account=f"wisher:{token}", network=f"wisher:{network_of(request)}")
        except LockedError as locked:
            raise LinksLockedError(minutes=locked.values["minutes"]) from None
        raise UnknownSlipError
    return found


def _wisher(request: Request, token: str, wish: AnyRow, *, status: int = 200, is_taken_back: bool = False) -> Response:
    request.state.is_demo = wish.is_demo
    can_take_back = not is_taken_back and may(wish.status, Step.WITHDRAW)
    return pages.render(
        request,
        WISHER,
        status=status,
        wish=wish,
        token=token,
        is_taken_back=is_taken_back,
        can_take_back=can_take_back,
    )


def _changed(request: Request, session: Session, actor: Actor, wish_id: UUID, message: str) -> Response:
    if not pages.wants_fragment(request):
        return pages.see_other(f"/wishes/{wish_id}", message=message)
    context = page.context(session, actor, wish_id)
    return pages.render(request, WISH, block="wish", message=message, **context)


def _wish(
    request: Request, session: Session, actor: Actor, wish_id: UUID, *, status: int, **typed: Form[Any]
) -> Response:
    return pages.render(request, WISH, block="wish", status=status, **page.context(session, actor, wish_id, **typed))
