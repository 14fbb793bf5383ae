"""The poster of a community: looked at, printed, renewed."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.core import forms, pages
from app.core.errors import BadInputError
from app.core.forms import RawForm
from app.core.i18n import gettext as _
from app.core.qr import qr_picture
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.organisations.communities import queries as communities
from app.features.sign_in.door import require
from app.features.wishes.posters import queries, service
from app.features.wishes.posters.forms import RenewForm

POSTER: Final = "wishes/poster.html"
CARDS: Final = "wishes/poster_cards.html"
CARDS_ON_A_SHEET: Final = 8
router = Router(prefix="/communities/{community_id}/poster")
Answerer = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE)]
"""Collectors and officers; which communities are theirs is asked below."""


@router.get("")
def poster(request: Request, session: DbSession, actor: Answerer, community_id: UUID) -> Response:
    """The sheet for the stairwell, or how to get one."""
    return _page(request, session, actor, community_id, POSTER)


@router.get("/cards")
def cards(request: Request, session: DbSession, actor: Answerer, community_id: UUID) -> Response:
    """The same small, to cut and hand out on visits."""
    return _page(request, session, actor, community_id, CARDS)


@router.post("")
def make(request: Request, session: DbSession, actor: Answerer, community_id: UUID) -> Response:
    """The community's first poster."""
    service.make(session, actor, community_id=community_id)
    return pages.go(request, f"/communities/{community_id}/poster")


@router.post("/renew")
def renew(request: Request, session: DbSession, actor: Answerer, community_id: UUID, raw: RawForm) -> Response:
    """Another address; the posters that hang now are no longer read.

    Raises:
        BadInputError: the form does not say which poster it means.
    """
    form = forms.parse(RenewForm, raw)
    if form.value is None:
        raise BadInputError
    service.renew(session, actor, community_id=community_id, token=form.value.token)
    message = _("The new poster is ready. Print it and take the old ones down: who scans them is told to look for it.")
    return pages.go(request, f"/communities/{community_id}/poster", message=message)


def _page(request: Request, session: DbSession, actor: Actor, community_id: UUID, template: str) -> Response:
    community = communities.answered_community(session, actor, community_id)
    hanging = queries.current(session, community_id)
    address = pages.address_outside(request, f"/c/{hanging.token}") if hanging else ""
    return pages.render(
        request,
        template,
        community=community,
        poster=hanging,
        picture=qr_picture(address) if hanging else None,
        address=address.split("://", 1)[-1],
        cards=CARDS_ON_A_SHEET,
    )
