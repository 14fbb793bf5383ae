"""Pages for residents: the form behind the poster, and the receipt. Nobody signs in, and no address names a wish."""

from typing import Final

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.db import Database
from app.core.errors import AppError, BadInputError, TooManyRequestsError
from app.core.forms import Form, SmallForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Nobody, Router, Units
from app.core.sealing import KeyMissingError
from app.core.visitors import network_of
from app.features.members.queries import AnyRow
from app.features.slips.rules import new_code, readable
from app.features.wishes.contacts.consents import texts
from app.features.wishes.contacts.rules import ADDRESS_LENGTH, NAME_LENGTH, PHONE_LENGTH
from app.features.wishes.posters.queries import behind
from app.features.wishes.public import receipts, service
from app.features.wishes.public.forms import ReceiptForm, ResidentForm, checked
from app.features.wishes.public.receipts import Shown
from app.features.wishes.public.rules import FOR_WHOM_LABELS, GUARDIAN_LENGTH
from app.features.wishes.rules import CATEGORY_LABELS, NEED_LENGTH

FORM: Final = "wishes/resident.html"
SENT: Final = "wishes/sent.html"
RECEIPT: Final = "wishes/receipt.html"
router = Router()


@router.get("/c/{token}")
def form_page(request: Request, session: DbSession, _door: Nobody, token: str) -> Response:
    """Where the picture on the poster leads."""
    return _form(request, behind(session, token), Form())


@router.post("/c/{token}")
def send(request: Request, session: DbSession, _door: Nobody, token: str, raw: SmallForm) -> Response:
    """The wish is in, and here is its receipt; it stands in no address, so the page is the answer itself."""
    poster = behind(session, token)
    form = checked(forms.parse(ResidentForm, raw))
    if form.value is None:
        return _form(request, poster, form, status=422)
    try:
        sent = service.send(
            session,
            poster_id=poster.id,
            community_id=poster.community_id,
            network=network_of(request),
            receipt=form.value.receipt,
            told=form.value.told,
        )
    except (BadInputError, TooManyRequestsError, KeyMissingError) as refusal:  # before anything was written
        return _form(request, poster, form.refused(refusal), status=refusal.status)
    request.state.is_demo = poster.is_demo
    return pages.render(request, SENT, code=readable(sent.code), community=poster.community, token=poster.token)


@router.get("/receipt")
def receipt_page(request: Request, _door: Nobody) -> Response:
    """Where the code of a receipt is typed."""
    return _receipt(request, Form())


@router.post("/receipt")
def look(request: Request, units: Units, _door: Nobody, raw: SmallForm) -> Response:
    """What became of the wish, in words."""
    return _with_code(request, units, raw, lambda session, code: "")


@router.post("/receipt/withdraw")
def withdraw(request: Request, units: Units, _door: Nobody, raw: SmallForm) -> Response:
    """Taken back, at once and without a reason."""

    def take_back(session: Session, code: str) -> str:
        service.withdraw(session, code=code)
        return _("The wish is taken back. What told who you are is erased.")

    return _with_code(request, units, raw, take_back)


@router.post("/receipt/story")
def take_story_down(request: Request, units: Units, _door: Nobody, raw: SmallForm) -> Response:
    """The story goes, the wish stays."""

    def take_down(session: Session, code: str) -> str:
        receipts.take_story_down(session, code=code)
        return _("The story is taken down and erased.")

    return _with_code(request, units, raw, take_down)


def _with_code(request: Request, units: Database, raw: SmallForm, act: receipts.Act) -> Response:
    form = forms.parse(ReceiptForm, raw)
    if form.value is None:
        return _receipt(request, form, status=422)
    try:
        opened = receipts.open_with(units, typed=form.value.code, network=network_of(request), act=act)
    except AppError as refusal:
        return _receipt(request, form.refused(refusal), status=refusal.status)
    return _receipt(request, Form(), shown=opened.shown, code=opened.code, said=opened.said)


def _form(request: Request, poster: AnyRow, form: Form[ResidentForm], status: int = 200) -> Response:
    request.state.is_demo = poster.is_demo
    return pages.render(
        request,
        FORM,
        status=status,
        form=form,
        token=poster.token,
        community=poster.community,
        receipt=form.typed("receipt") or readable(new_code()),
        categories=[(category.value, label) for category, label in CATEGORY_LABELS.items()],
        for_whom=[(whose.value, label) for whose, label in FOR_WHOM_LABELS.items()],
        consents={kind.value: text for kind, text in texts().items()},
        need_length=NEED_LENGTH,
        name_length=NAME_LENGTH,
        phone_length=PHONE_LENGTH,
        address_length=ADDRESS_LENGTH,
        guardian_length=GUARDIAN_LENGTH,
    )


def _receipt(
    request: Request,
    form: Form[ReceiptForm],
    *,
    status: int = 200,
    shown: Shown | None = None,
    code: str = "",
    said: str = "",
) -> Response:
    request.state.is_demo = bool(shown and shown.is_demo)
    return pages.render(request, RECEIPT, status=status, form=form, shown=shown, code=code, said=said)
