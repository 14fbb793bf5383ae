"""The tree: one place at a time, with what stands below it and how many members that has."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.core import pages
from app.core.answers import AS_IT_IS, Answer, Done, act
from app.core.errors import NotFoundError
from app.core.forms import FormModel, RawForm
from app.core.i18n import gettext as _
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.models import PLACE_NAME_LENGTH
from app.features.members.rules import OrganisationKind, Permission
from app.features.organisations import queries, service
from app.features.organisations.rules import UNITS_OF
from app.features.sign_in.door import require

PLACE = "organisations/place.html"
FEW = 12
"""Units that are taken in at a glance; of more, one is looked for."""
router = Router(prefix="/organisations")
Reader = Annotated[
    Actor, require(Permission.SEE_AGGREGATES, Permission.MANAGE_ALL_PEOPLE, Permission.MANAGE_BRANCH_PEOPLE)
]
"""Who sees how many members there are where: officers of the organ, and officers of a branch their groups."""
Officer = Annotated[Actor, require(Permission.MANAGE_ALL_PEOPLE, Permission.MANAGE_BRANCH_PEOPLE)]
"""Who changes the tree, or the groups of the own branch."""


class UnitForm(FormModel):
    """A new organisation below another."""

    kind: OrganisationKind
    name: str = Field(min_length=1, max_length=PLACE_NAME_LENGTH)


class NameForm(FormModel):
    """Another name."""

    name: str = Field(min_length=1, max_length=PLACE_NAME_LENGTH)


@router.get("")
def start(session: DbSession, actor: Reader) -> Response:
    """Go where the asking person's view of the tree begins."""
    views = queries.viewpoints(session, actor)
    if not views:
        raise NotFoundError
    return pages.see_other(f"/organisations/{views[0]}")


@router.get("/{place_id}")
def show_place(
    request: Request, session: DbSession, actor: Reader, place_id: UUID, *, q: str = "", after: UUID | None = None
) -> Response:
    """A place and what stands directly below it. Numbers of members, never members."""
    return _page(request, session, actor, place_id, typed=q.strip(), after=after)


@router.post("/{place_id}/units")
def add_unit(request: Request, session: DbSession, actor: Officer, place_id: UUID, raw: RawForm) -> Response:
    """Put a new organisation below the place."""

    def add(unit: UnitForm) -> str:
        service.add(session, actor, parent_id=place_id, kind=unit.kind, name=unit.name)
        return _("Saved.")

    page, to = partial(_page, request, session, actor, place_id), f"/organisations/{place_id}"
    return act(request, session, raw, UnitForm, add, page=page, to=to, at="adding")


@router.post("/{place_id}/rename")
def rename(request: Request, session: DbSession, actor: Officer, place_id: UUID, raw: RawForm) -> Response:
    """Give the place another name."""

    def name(form: NameForm) -> Done:
        service.rename(session, actor, place_id=place_id, name=form.name)
        return Done(f"/organisations/{place_id}", _("Saved."))

    page = partial(_page, request, session, actor, place_id)
    return act(request, session, raw, NameForm, name, page=page, at="renaming")


@router.post("/{place_id}/remove")
def remove(request: Request, session: DbSession, actor: Officer, place_id: UUID) -> Response:
    """Take away a place that nothing refers to."""
    place = service.remove(session, actor, place_id=place_id)
    sentence = _("“%(name)s” is removed.") % {"name": place.name}
    return pages.go(request, f"/organisations/{place.parent_id}", message=sentence)


def _page(
    request: Request,
    session: Session,
    actor: Actor,
    place_id: UUID,
    answer: Answer = AS_IT_IS,
    *,
    typed: str = "",
    after: UUID | None = None,
) -> Response:
    path = queries.path(session, actor, place_id)
    place = path[-1]
    units = queries.units(session, place, typed=typed, after=after)
    return answer.drawn(
        request,
        PLACE,
        block="place",
        place=place,
        path=path[:-1],
        units=units[: queries.PAGE],
        has_more=len(units) > queries.PAGE,
        communities=[] if typed or after else queries.communities(session, place_id),
        is_part=bool(typed or after),
        looks=bool(typed or after) or len(units) > FEW,
        typed=typed,
        total=None
        if place.kind is OrganisationKind.GROUP
        else queries.total(session, place_id, is_root=place.parent_id is None),
        unit_kinds=[(kind, kind.label) for kind in UNITS_OF[place.kind]],
        can_add=bool(UNITS_OF[place.kind]) and service.may_add_to(actor, place.id),
        can_change=service.may_change(actor, place.parent_id),
        adding=answer.forms.get("adding"),
        renaming=answer.forms.get("renaming"),
    )
