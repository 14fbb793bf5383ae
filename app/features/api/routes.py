"""The page on which other systems get their tokens: who asks, who confirms, and everybody sees who reads the branch."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, act
from app.core.forms import Day, FormModel, SmallForm, sent
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.routing import DbSession, Router
from app.features.api import queries, service
from app.features.api.rules import BEARER_FORM, NAME_LENGTH, Scope
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.members.two_people import Second, SecondForm
from app.features.sign_in.door import require, require_recent
from app.features.sign_in.tokens import new_token

PAGE: Final = "/connections"
router = Router(prefix=PAGE)
Me = Annotated[Actor, require(Permission.BE_MEMBER)]
SystemAdministrator = Annotated[Actor, require_recent(Permission.ADMINISTER_SYSTEM)]
Confirmer = Annotated[Actor, require_recent(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]
Ender = Annotated[Actor, require(*queries.SEES_ALL, Permission.MANAGE_BRANCH_PEOPLE)]


class AskForm(FormModel):
    """Which system wants to read what of whom, until when."""

    id: UUID
    name: Annotated[str, Field(min_length=1, max_length=NAME_LENGTH)]
    branch: Annotated[str, Field(min_length=1, max_length=80)]
    scopes: Annotated[list[Scope], Field(default_factory=list)]
    ends_on: Day


class SecretForm(FormModel):
    """The secret was made with the page: sent twice it is one."""

    secret: Annotated[str, Field(pattern=BEARER_FORM)]


@router.get("")
def page(request: Request, session: DbSession, actor: Me) -> Response:
    """Which systems read data of the actor's branch; for administrators all of them."""
    return _page(request, session, actor, AS_IT_IS)


@router.post("")
def ask(request: Request, session: DbSession, actor: SystemAdministrator, raw: SmallForm) -> Response:
    """Ask for a token."""

    def do(form: AskForm) -> str:
        service.ask(
            session, actor, id=form.id, name=form.name, scopes=form.scopes, reach=form.branch, ends_on=form.ends_on
        )
        return _("Asked for. Somebody who may see this data confirms it on this page.")

    ticked = [str(scope) for scope in raw.getlist("scopes")]
    page = partial(_page, request, session, actor, ticked=ticked)
    return act(request, session, raw, AskForm, do, page=page, to=PAGE)


@router.post("/{access_id}/decide")
def decide(request: Request, session: DbSession, actor: Confirmer, raw: SmallForm, access_id: UUID) -> Response:
    """Confirm it, or not."""

    def do(form: SecondForm) -> str:
        service.decide(session, actor, token_id=access_id, second=form.second)
        return _("Confirmed.") if form.second is Second.CONFIRM else _("Not confirmed. Nothing is read.")

    return act(request, session, raw, SecondForm, do, page=partial(_page, request, session, actor), to=PAGE)


@router.post("/{access_id}/take")
def take(request: Request, session: DbSession, actor: SystemAdministrator, raw: SmallForm, access_id: UUID) -> Response:
    """Take the secret. It stands in this answer alone."""
    secret = sent(SecretForm, raw).secret
    service.take(session, actor, token_id=access_id, secret=secret)
    return _page(request, session, actor, AS_IT_IS, secret=secret)


@router.post("/{access_id}/end")
def end(request: Request, session: DbSession, actor: Ender, access_id: UUID) -> Response:
    """End it at once."""
    service.end(session, actor, token_id=access_id)
    return pages.go(request, PAGE, message=_("Ended. Nothing is read with it any more."))


def _page(
    request: Request, session: Session, actor: Actor, answer: Answer, *, secret: str = "", ticked: Sequence[str] = ()
) -> Response:
    return answer.drawn(
        request,
        "api/tokens.html",
        block="tokens",
        tokens=queries.tokens(session, actor),
        scopes=Scope,
        ticked=ticked if answer.form else (),
        may_ask=actor.may(Permission.ADMINISTER_SYSTEM),
        is_everything=any(map(actor.may, queries.SEES_ALL)),
        secret=secret,
        address=pages.address_outside(request, "/api/v1/openapi.json"),
        new_secret=f"slt_{new_token()}",
        new_id=new_id(),
    )
