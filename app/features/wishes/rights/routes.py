"""What a wisher may ask for, done at the desk on the wisher's word."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import pages
from app.core.errors import AppError, NotFoundError
from app.core.forms import Form, FormModel
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require, require_recent
from app.features.wishes.contacts import service as contacts
from app.features.wishes.contacts.errors import NoContactError
from app.features.wishes.desk import view
from app.features.wishes.rights import service

router = Router(prefix="/wishes/desk/{wish_id:uuid}")
CARD: Final = "wishes/desk_wish.html"
HELD: Final = "wishes/held.html"
AtTheDesk = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE)]
SureAtTheDesk = Annotated[Actor, require_recent(Permission.COLLECT_WISHES, Permission.APPROVE)]


@router.post("/withdraw")
def withdraw(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID) -> Response:
    """The wisher takes the wish back; the contact is gone at once."""
    return _on_word(
        request, session, actor, wish_id, act=service.withdraw, message=_("Taken back. The contact is erased.")
    )


@router.post("/erase-contact")
def erase_contact(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID) -> Response:
    """The contact goes before its time."""
    said = _("The contact is erased.")
    return _on_word(request, session, actor, wish_id, act=service.erase_contact, message=said)


@router.post("/held")
def held(request: Request, session: DbSession, actor: SureAtTheDesk, wish_id: UUID) -> Response:
    """The sheet for the wisher: everything that is held, and who looked. Making it is a look like any other."""
    try:
        contact = contacts.look(session, actor, wish_id=wish_id, reason=_("Sheet for the wisher"))
    except NoContactError:
        contact = None
    return pages.render(request, HELD, contact=contact, **view.held(session, actor, wish_id))


def _on_word(request: Request, session: Session, actor: Actor, wish_id: UUID, *, act: Any, message: str) -> Response:
    try:
        with session.begin_nested():
            act(session, actor, wish_id=wish_id)
    except NotFoundError:
        raise
    except AppError as refusal:
        form: Form[FormModel] = Form()
        context = view.card(session, actor, wish_id, rights=form.refused(refusal, "form"))
        return pages.render(request, CARD, block="desk_wish", status=refusal.status, **context)
    if pages.wants_fragment(request):
        context = view.card(session, actor, wish_id)
        return pages.render(request, CARD, block="desk_wish", message=message, **context)
    return pages.see_other(f"/wishes/desk/{wish_id}", message=message)
