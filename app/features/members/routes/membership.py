"""The page on which officers record that a member leaves, returns or moves to another branch."""

from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core import clock, forms, pages
from app.core.errors import BadInputError, ConflictError
from app.core.forms import Form, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members import places, reach, service
from app.features.members.actor import Actor
from app.features.members.forms import DepartureForm, MoveForm
from app.features.members.routes.doors import Keeper, Officer

MEMBERSHIP = "members/membership.html"
router = Router()


@router.get("/{member_id}/membership")
def show_membership(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """Where a member belongs, and what can change about it."""
    return _page(request, session, actor, member_id)


@router.post("/{member_id}/leave")
def record_departure(request: Request, session: DbSession, actor: Officer, member_id: UUID, raw: RawForm) -> Response:
    """The member leaves the branch on a day."""
    form = forms.parse(DepartureForm, raw)
    if not form.value:
        return _page(request, session, actor, member_id, leaving=form)
    member = service.record_departure(session, actor, member_id=member_id, left_on=form.value.left_on)
    sentence = _("%(name)s leaves the branch. The history stays.") % {"name": member.name}
    return pages.go(request, f"/members/{member_id}", message=sentence)


@router.post("/{member_id}/return")
def record_return(request: Request, session: DbSession, actor: Officer, member_id: UUID) -> Response:
    """The member belongs to the branch again."""
    member = service.record_return(session, actor, member_id=member_id)
    sentence = _("%(name)s is in the branch again.") % {"name": member.name}
    return pages.go(request, f"/members/{member_id}", message=sentence)


@router.post("/{member_id}/move")
def move_member(request: Request, session: DbSession, actor: Keeper, member_id: UUID, raw: RawForm) -> Response:
    """The member moves to another branch."""
    form = forms.parse(MoveForm, raw)
    if form.value:
        try:
            branch = places.branch_named(session, form.value.branch)
            member = service.move_member(session, actor, member_id=member_id, branch_id=branch.id)
        except (BadInputError, ConflictError) as refusal:
            form = form.refused(refusal)
        else:
            sentence = _("%(name)s is in %(branch)s now.") % {"name": member.name, "branch": branch.name}
            return pages.go(request, f"/members/{member_id}", message=sentence)
    return _page(request, session, actor, member_id, moving=form)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    member_id: UUID,
    *,
    leaving: Form[DepartureForm] | None = None,
    moving: Form[MoveForm] | None = None,
) -> Response:
    return pages.render(
        request,
        MEMBERSHIP,
        block="membership",
        status=422 if leaving or moving else 200,
        member=reach.card(session, actor, member_id),
        today=clock.today(),
        leaving=leaving,
        moving=moving,
    )
