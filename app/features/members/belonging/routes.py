"""Where a member belongs, and what can change about it: leaving, returning, moving to another branch."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, ids
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members import places, queries, reach, service
from app.features.members.actor import Actor
from app.features.members.forms import DepartureForm, MoveForm
from app.features.members.rules import OrganisationKind, Permission, Role
from app.features.sign_in.door import require, require_recent

MEMBERSHIP = "members/membership.html"
MOVE = "members/move.html"
router = Router(prefix="/members")
Officer = Annotated[Actor, require(Permission.MANAGE_BRANCH_PEOPLE, Permission.MANAGE_ALL_PEOPLE)]
"""Who keeps the people of the own branch, or of all."""
Keeper = Annotated[Actor, require_recent(Permission.MANAGE_ALL_PEOPLE)]
"""Who keeps the people of all branches, and typed the password lately."""


@router.get("/{member_id}/membership")
def show_membership(request: Request, session: DbSession, actor: Officer, member_id: UUID, *, to: str = "") -> Response:
    """Where a member belongs, and what can change about it. ``to`` looks for the branch to move to."""
    return _membership_page(request, session, actor, member_id, to=to.strip())


@router.post("/{member_id}/leave")
def record_departure(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """The member leaves the branch on a day."""

    def leave(form: DepartureForm) -> Done:
        member = service.record_departure(session, actor, member_id=member_id, left_on=form.left_on)
        sentence = _("%(name)s leaves the branch. The history stays.") % {"name": member.name}
        return Done(f"/members/{member_id}", sentence)

    page = partial(_membership_page, request, session, actor, member_id)
    return act(request, session, raw, DepartureForm, leave, page=page, at="leaving")


@router.post("/{member_id}/return")
def record_return(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """The member belongs to the branch again."""

    def come_back(_form: FormModel) -> Done:
        member = service.record_return(session, actor, member_id=member_id)
        return Done(f"/members/{member_id}", _("%(name)s is in the branch again.") % {"name": member.name})

    page = partial(_membership_page, request, session, actor, member_id)
    return act(request, session, raw, FormModel, come_back, page=page, at="returning")


@router.get("/{member_id}/move")
def confirm_move(request: Request, session: DbSession, actor: Keeper, member_id: UUID, branch: UUID) -> Response:
    """Both branches, the day, the groups to choose from and the posts that end, before the member moves."""
    return _move_page(request, session, actor, member_id=member_id, branch_id=branch)


@router.post("/{member_id}/move")
def move_member(request: Request, session: DbSession, actor: Keeper, member_id: UUID, raw: RawForm) -> Response:
    """The member moves to the branch with this id; what is only named is shown first."""
    branch_id = ids.read(str(raw.get("branch", "")))

    def move(form: MoveForm) -> Done:
        if branch_id is None:
            return Done(f"/members/{member_id}/move?branch={places.branch_named(session, form.branch).id}")
        member = service.move_member(session, actor, member_id=member_id, branch_id=branch_id, group_id=form.group_id)
        moved = queries.member_card(session, member.id)
        sentence = _("%(name)s is in %(branch)s now.") % {"name": moved.name, "branch": moved.branch_name}
        return Done(f"/members/{member_id}", sentence)

    def page(answer: Answer) -> Response:
        if branch_id is None:
            return _membership_page(request, session, actor, member_id, answer)
        return _move_page(request, session, actor, member_id=member_id, branch_id=branch_id, answer=answer)

    return act(request, session, raw, MoveForm, move, page=page, at="moving")


def _move_page(
    request: Request, session: Session, actor: Actor, *, member_id: UUID, branch_id: UUID, answer: Answer = AS_IT_IS
) -> Response:
    new = reach.branch(session, actor, branch_id)
    today = clock.today()
    terms = queries.terms_of(session, member_id)
    return answer.drawn(
        request,
        MOVE,
        block="move",
        member=reach.card(session, actor, member_id),
        branch=new,
        groups=queries.groups_of(session, new.id),
        today=today,
        posts=[term for term in terms if term.ended_at is None and (term.ends_on is None or term.ends_on >= today)],
        form=answer.forms.get("moving"),
    )


def _membership_page(
    request: Request, session: Session, actor: Actor, member_id: UUID, answer: Answer = AS_IT_IS, *, to: str = ""
) -> Response:
    keeps_all = actor.may(Permission.MANAGE_ALL_PEOPLE)
    meant = places.meant(session, to, [OrganisationKind.BRANCH]) if keeps_all and to else []
    return answer.drawn(
        request,
        MEMBERSHIP,
        block="membership",
        member=reach.card(session, actor, member_id),
        today=clock.today(),
        to=to,
        branches=meant[: places.HOMES_LISTED],
        has_more=len(meant) > places.HOMES_LISTED,
        movers=[] if keeps_all else queries.holders(session, Role.BUSINESS_ADMINISTRATOR),
    )
