"""What administrators do when somebody has lost every second factor."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core.answers import AS_IT_IS, Answer, act
from app.core.forms import FormModel, SmallForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.sign_in.door import require_recent
from app.features.sign_in.factors import queries
from app.features.sign_in.factors.forms import ResetForm
from app.features.sign_in.factors.resets import service

router = Router(prefix="/second-factors")
RESETS = "sign_in/factor_resets.html"
PAGE = "/second-factors"
Administrator = Annotated[Actor, require_recent(*service.MAY_RESET)]


@router.get("")
def waiting_resets(request: Request, session: DbSession, actor: Administrator) -> Response:
    """Whose second factor is said to be lost."""
    return _resets_page(request, session, actor, AS_IT_IS)


@router.post("")
def propose_reset(request: Request, session: DbSession, actor: Administrator, raw: SmallForm) -> Response:
    """The first administrator's word."""

    def do(form: ResetForm) -> str:
        name = service.propose(session, actor, login=form.login)
        return _("%(name)s: another administrator confirms it on this page.") % {"name": name}

    page = partial(_resets_page, request, session, actor)
    return act(request, session, raw, ResetForm, do, page=page, to=PAGE)


@router.post("/{reset_id}/confirm")
def confirm_reset(
    request: Request, session: DbSession, actor: Administrator, raw: SmallForm, reset_id: UUID
) -> Response:
    """The second administrator's."""

    def do(_form: FormModel) -> str:
        name = service.confirm(session, actor, reset_id=reset_id)
        return _("%(name)s was signed out everywhere and signs in with the password alone now.") % {"name": name}

    page = partial(_resets_page, request, session, actor)
    return act(request, session, raw, FormModel, do, page=page, to=PAGE)


@router.post("/{reset_id}/decline")
def decline_reset(
    request: Request, session: DbSession, actor: Administrator, raw: SmallForm, reset_id: UUID
) -> Response:
    """It was a mistake, or a trick."""

    def do(_form: FormModel) -> str:
        service.decline(session, actor, reset_id=reset_id)
        return _("Nothing was changed.")

    page = partial(_resets_page, request, session, actor)
    return act(request, session, raw, FormModel, do, page=page, to=PAGE)


def _resets_page(request: Request, session: Session, actor: Actor, answer: Answer) -> Response:
    return answer.drawn(request, RESETS, resets=queries.waiting_resets(session), me=actor.member_id)
