"""The page of webhooks, for the system administrator: who is told, what came of it, and a test."""

from collections.abc import Sequence
from typing import Annotated, Final
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, act
from app.core.forms import FormModel, SmallForm
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, OutsideUnits, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require_recent
from app.features.webhooks import sending, service
from app.features.webhooks.rules import (
    ADDRESS_LENGTH,
    NAME_LENGTH,
    OFFERED,
    SECRET_FORM,
    Happening,
    check_form,
    new_secret,
)

PAGE: Final = "/system/webhooks"
router = Router(prefix=PAGE)
SystemAdministrator = Annotated[Actor, require_recent(Permission.ADMINISTER_SYSTEM)]


class WebhookForm(FormModel):
    """Whom to tell what. Id and secret were made with the page: sent twice it is one."""

    id: UUID
    name: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
    url: Annotated[str, Field(min_length=1, max_length=ADDRESS_LENGTH)]
    events: Annotated[list[Happening], Field(default_factory=list)]
    secret: Annotated[str, Field(pattern=SECRET_FORM)]


@router.get("")
def page(request: Request, session: DbSession, _actor: SystemAdministrator) -> Response:
    """Who is told, and what came of it."""
    return _page(request, session, AS_IT_IS)


@router.post("")
def make(request: Request, units: OutsideUnits, actor: SystemAdministrator, raw: SmallForm) -> Response:
    """Let an address be told. Its secret stands in this answer alone."""

    def do(form: WebhookForm) -> Response:
        parts = urlsplit(form.url)
        check_form(parts)
        addresses = sending.addresses_of(parts)
        with units.write() as session:
            service.make(session, actor, **form.model_dump(), addresses=addresses)
        return draw(AS_IT_IS, secret=form.secret)

    def draw(answer: Answer, **more: str) -> Response:
        with units.read() as session:
            return _page(request, session, answer, ticked=ticked, **more)

    ticked = [str(event) for event in raw.getlist("events")]
    return act(request, None, raw, WebhookForm, do, page=draw, to=PAGE)


@router.post("/{access_id}/test")
def test(request: Request, units: OutsideUnits, _actor: SystemAdministrator, access_id: UUID) -> Response:
    """Tell it something that means nothing, at once, and say how it went."""
    with units.write() as session:
        delivery_id = service.put_test(session, webhook_id=access_id)
    answer = sending.deliver_one(units, delivery_id)
    if answer and answer.trouble:
        said = _("The test did not arrive: %(why)s.") % {"why": answer.trouble.label}
    else:
        said = _("The test arrived.") if answer else _("Ended. Nothing is told any more.")
    return pages.go(request, PAGE, message=said)


@router.post("/{access_id}/resume")
def resume(request: Request, session: DbSession, actor: SystemAdministrator, access_id: UUID) -> Response:
    """Tell it again: somebody has looked since the restore."""
    service.resume(session, actor, webhook_id=access_id)
    return pages.go(request, PAGE, message=_("It is told again, also what has waited."))


@router.post("/{access_id}/end")
def end(request: Request, session: DbSession, actor: SystemAdministrator, access_id: UUID) -> Response:
    """Tell it nothing more."""
    service.end(session, actor, webhook_id=access_id)
    return pages.go(request, PAGE, message=_("Ended. Nothing is told any more."))


def _page(
    request: Request, session: Session, answer: Answer, *, secret: str = "", ticked: Sequence[str] = ()
) -> Response:
    return answer.drawn(
        request,
        "webhooks/list.html",
        block="webhooks",
        webhooks=service.webhooks(session),
        log=service.log(session),
        words=Happening,
        offered=OFFERED,
        ticked=ticked if answer.form else (),
        secret=secret,
        new_secret=new_secret(),
        new_id=new_id(),
    )
