"""The page of a community: its branches, its people, and the history of who looks after it."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core.answers import AS_IT_IS, Answer, act, shown
from app.core.forms import FormModel, RawForm
from app.core.routing import DbSession, Router
from app.features.members import places
from app.features.members.actor import Actor
from app.features.members.models import PLACE_NAME_LENGTH
from app.features.members.rules import Permission
from app.features.organisations.communities import queries, service
from app.features.sign_in.door import require

PAGE: Final = "organisations/community.html"
router = Router(prefix="/communities")
Reader = Annotated[Actor, require(Permission.MANAGE_ALL_PEOPLE, Permission.COLLECT_WISHES, Permission.SEE_BRANCH)]
"""Who keeps all people, the community's collectors, and the officers of its branches."""
Keeper = Annotated[Actor, require(Permission.MANAGE_ALL_PEOPLE)]


class PairForm(FormModel):
    """The name of the branch that looks after the community too."""

    branch: str = Field(min_length=1, max_length=PLACE_NAME_LENGTH)


@router.get("/{community_id}")
def show_community(request: Request, session: DbSession, actor: Reader, community_id: UUID) -> Response:
    """Who looks after the community and who works for it."""
    return _page(request, session, actor, community_id)


@router.post("/{community_id}/branches")
def pair(request: Request, session: DbSession, actor: Keeper, community_id: UUID, raw: RawForm) -> Response:
    """Pair it with a branch; the first one leads."""

    def put_together(form: PairForm) -> str:
        branch = places.branch_named(session, form.branch)
        service.pair(session, actor, community_id=community_id, branch_id=branch.id)
        return ""

    page = partial(_page, request, session, actor, community_id)
    return act(request, session, raw, PairForm, put_together, page=page, to=f"/communities/{community_id}")


@router.post("/{community_id}/branches/{branch_id}/lead")
def let_lead(request: Request, session: DbSession, actor: Keeper, community_id: UUID, branch_id: UUID) -> Response:
    """Let this branch lead."""
    service.let_lead(session, actor, community_id=community_id, branch_id=branch_id)
    page = partial(_page, request, session, actor, community_id)
    return shown(request, None, page=page, to=f"/communities/{community_id}")


@router.post("/{community_id}/branches/{branch_id}/end")
def end_pairing(request: Request, session: DbSession, actor: Keeper, community_id: UUID, branch_id: UUID) -> Response:
    """End a pairing."""
    service.end_pairing(session, actor, community_id=community_id, branch_id=branch_id)
    page = partial(_page, request, session, actor, community_id)
    return shown(request, None, page=page, to=f"/communities/{community_id}")


def _page(request: Request, session: Session, actor: Actor, community_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    return answer.drawn(
        request,
        PAGE,
        block="community",
        community=queries.community(session, actor, community_id),
        branches=queries.pairings(session, community_id),
        people=queries.people(session, community_id),
        changes=queries.changes(session, community_id),
        can_change=actor.may(Permission.MANAGE_ALL_PEOPLE),
    )
