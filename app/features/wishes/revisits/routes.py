"""Looking back: forms of the wish's page."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import forms, pages
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes import page
from app.features.wishes.contacts.errors import NamesSomebodyError
from app.features.wishes.forms import RevisitForm
from app.features.wishes.revisits import service
from app.features.wishes.revisits.rules import Helped

router = Router(prefix="/wishes/{wish_id:uuid}/revisit")
WISH: Final = "wishes/wish.html"
SeesWishes = Annotated[Actor, require(Permission.BE_MEMBER, Permission.COLLECT_WISHES)]


@router.post("")
def revisit(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID, raw: RawForm) -> Response:
    """Whether it really helped."""
    form = forms.parse(RevisitForm, raw)
    if form.value is None:
        context = page.context(session, actor, wish_id, revisit=form)
        return pages.render(request, WISH, block="wish", status=422, **context)
    try:
        service.revisit(session, actor, wish_id=wish_id, helped=form.value.helped, sentence=form.value.sentence)
    except NamesSomebodyError as error:
        context = page.context(session, actor, wish_id, revisit=form.refused(error))
        return pages.render(request, WISH, block="wish", status=error.status, **context)
    said = (
        _("Thank you. The wish goes back to those who claimed it, so that it can still help.")
        if form.value.helped is Helped.NO
        else _("Thank you. The wish is closed, and counts for those who fulfilled it.")
    )
    return _changed(request, session, actor, wish_id, said)


@router.post("/take")
def take_over(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """I will look back at it."""
    service.take_over(session, actor, wish_id=wish_id)
    return _changed(request, session, actor, wish_id, _("Thank you. You will be reminded when the day has come."))


@router.post("/let-go")
def let_go(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """Somebody else may."""
    service.let_go(session, actor, wish_id=wish_id)
    return _changed(request, session, actor, wish_id, _("That is fine. Somebody else can take it over now."))


def _changed(request: Request, session: Session, actor: Actor, wish_id: UUID, message: str) -> Response:
    if not pages.wants_fragment(request):
        return pages.see_other(f"/wishes/{wish_id}", message=message)
    context = page.context(session, actor, wish_id)
    return pages.render(request, WISH, block="wish", message=message, **context)
