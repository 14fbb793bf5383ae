"""The page on which officers exempt a member from being scored."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock
from app.core.answers import AS_IT_IS, Answer, act
from app.core.forms import RawForm
from app.core.routing import DbSession, Router
from app.features.members import queries, reach
from app.features.members.actor import Actor
from app.features.members.exemptions import service
from app.features.members.forms import ExemptionForm, LastDayForm
from app.features.members.rules import ExemptionKind, Permission
from app.features.sign_in.door import require

EXEMPTIONS = "members/exemptions.html"
router = Router(prefix="/members")
Officer = Annotated[Actor, require(Permission.MANAGE_BRANCH_PEOPLE, Permission.APPOINT)]
"""Who keeps the people of the own branch, or stands above."""


@router.get("/{member_id}/exemptions")
def show_exemptions(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """When and why a member is or was exempt."""
    return _page(request, session, actor, member_id)


@router.post("/{member_id}/exemptions")
def exempt_member(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """Exempt the member from a day on."""

    def exempt(form: ExemptionForm) -> str:
        service.exempt_member(session, actor, member_id=member_id, **form.model_dump())
        return ""

    page = partial(_page, request, session, actor, member_id)
    return act(request, session, raw, ExemptionForm, exempt, page=page, to=f"/members/{member_id}/exemptions")


@router.post("/{member_id}/exemptions/{exemption_id}/end")
def end_exemption(
    request: Request, session: DbSession, actor: Officer, *, member_id: UUID, exemption_id: UUID, raw: RawForm
) -> Response:
    """Say which day is the last of an exemption."""

    def end(form: LastDayForm) -> str:
        service.end_exemption(session, actor, member_id=member_id, exemption_id=exemption_id, ends_on=form.ends_on)
        return ""

    page = partial(_page, request, session, actor, member_id)
    to = f"/members/{member_id}/exemptions"
    return act(request, session, raw, LastDayForm, end, page=page, to=to, at=str(exemption_id))


def _page(request: Request, session: Session, actor: Actor, member_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    return answer.drawn(
        request,
        EXEMPTIONS,
        block="exemptions",
        member=reach.appointed_card(session, actor, member_id),
        exemptions=queries.exemptions_of(session, member_id),
        kinds=ExemptionKind.choices(),
        today=clock.today(),
    )
