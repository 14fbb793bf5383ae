"""Opening a contact: never by an address that can be followed, kept or copied, only by a form that is sent."""

from functools import partial
from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import clock
from app.core.answers import AS_IT_IS, Answer, act
from app.core.forms import FormModel, RawForm
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.private.rules import FIELD_LABELS, Contact
from app.features.sign_in.errors import ConfirmationNeededError
from app.features.sign_in.rules import is_recent
from app.features.wishes import queries as wishes
from app.features.wishes.contacts import queries, service
from app.features.wishes.contacts.rules import REASON_LENGTH, Capacity, NotReadableError
from app.features.wishes.pages import SeesWishes


class LookForm(FormModel):
    """Why an officer looks; others need not say."""

    reason: str = Field(default="", max_length=REASON_LENGTH)


router = Router(prefix="/wishes/{wish_id:uuid}/contact")
CONTACT: Final = "wishes/contact.html"


@router.get("")
def before_looking(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """Who may look, and that it is noted. Nothing of the contact."""
    return _page(request, session, actor, wish_id)


@router.post("")
def look(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID, raw: RawForm) -> Response:
    """The contact, once, on this page; the look is noted before it is shown.

    Whoever answers for many wishes has typed the password lately; who carries this one need not.
    """
    wishes.wish(session, actor, wish_id)
    capacity = queries.capacity(session, actor, wish_id)
    if capacity not in {None, Capacity.CLAIMER} and not is_recent(actor.confirmed_at, clock.now()):
        raise ConfirmationNeededError

    def open_it(form: LookForm) -> Response:
        contact = service.look(session, actor, wish_id=wish_id, reason=form.reason)
        return _page(request, session, actor, wish_id, contact=contact)

    return act(request, session, raw, LookForm, open_it, page=partial(_page, request, session, actor, wish_id))


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    wish_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    contact: Contact | None = None,
) -> Response:
    wish = wishes.wish(session, actor, wish_id)
    capacity = queries.capacity(session, actor, wish_id)
    if capacity is None:
        raise NotReadableError
    return answer.drawn(
        request,
        CONTACT,
        block="contact",
        wish=wish,
        kept=queries.kept(session, wish_id),
        contact=contact,
        capacity=capacity,
        fields=FIELD_LABELS,
        reason_length=REASON_LENGTH,
    )
