"""Opening a contact: never by an address that can be followed, kept or copied, only by a form that is sent."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.forms import Form, RawForm
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.sign_in.errors import ConfirmationNeededError
from app.features.sign_in.rules import is_recent
from app.features.wishes import queries as wishes
from app.features.wishes.contacts import queries, service
from app.features.wishes.contacts.errors import NotReadableError, ReasonMissingError
from app.features.wishes.contacts.forms import LookForm
from app.features.wishes.contacts.rules import FIELD_LABELS, REASON_LENGTH, Capacity, Contact

router = Router(prefix="/wishes/{wish_id:uuid}/contact")
CONTACT: Final = "wishes/contact.html"
SeesWishes = Annotated[Actor, require(Permission.BE_MEMBER, Permission.COLLECT_WISHES)]


@router.get("")
def before_looking(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """Who may look, and that it is noted. Nothing of the contact."""
    return _page(request, session, actor, wish_id)


@router.post("")
def look(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID, raw: RawForm) -> Response:
    """The contact, once, on this page; the look is noted before it is shown.

    Whoever answers for many wishes has typed the password lately; who holds this one need not.
    """
    form = forms.parse(LookForm, raw)
    wishes.wish(session, actor, wish_id)
    capacity = queries.capacity(session, actor, wish_id)
    if capacity not in {None, Capacity.CLAIMER} and not is_recent(actor.confirmed_at, clock.now()):
        raise ConfirmationNeededError
    if form.value is None:
        return _page(request, session, actor, wish_id, form=form)
    try:
        contact = service.look(session, actor, wish_id=wish_id, reason=form.value.reason)
    except ReasonMissingError as refusal:
        return _page(request, session, actor, wish_id, form=form.refused(refusal))
    return _page(request, session, actor, wish_id, contact=contact)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    wish_id: UUID,
    *,
    form: Form[LookForm] | None = None,
    contact: Contact | None = None,
) -> Response:
    wish = wishes.wish(session, actor, wish_id)
    capacity = queries.capacity(session, actor, wish_id)
    if capacity is None:
        raise NotReadableError
    return pages.render(
        request,
        CONTACT,
        block="contact",
        status=422 if form else 200,
        wish=wish,
        kept=queries.kept(session, wish_id),
        contact=contact,
        capacity=capacity,
        fields=FIELD_LABELS,
        reason_length=REASON_LENGTH,
        form=form,
    )
