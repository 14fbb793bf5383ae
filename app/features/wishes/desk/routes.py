"""The desk of wishes, and the page of one wish on it."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.core import pages
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes.desk import view

router = Router(prefix="/wishes/desk")
DESK: Final = "wishes/desk.html"
OVER: Final = "wishes/desk_over.html"
CARD: Final = "wishes/desk_wish.html"
AtTheDesk = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE)]
"""Collectors, and officers of branches that lead in a community; the queries decide what they find."""


@router.get("")
def desk(request: Request, session: DbSession, actor: AtTheDesk) -> Response:
    """What is to be done for the communities the actor answers for."""
    return pages.render(request, DESK, **view.desk(session, actor))


@router.get("/over")
def over(request: Request, session: DbSession, actor: AtTheDesk) -> Response:
    """The last wishes that came to their end."""
    return pages.render(request, OVER, **view.over(session, actor))


@router.get("/{wish_id:uuid}")
def wish(request: Request, session: DbSession, actor: AtTheDesk, wish_id: UUID) -> Response:
    """One wish, and what can be done about it."""
    return pages.render(request, CARD, block="desk_wish", **view.card(session, actor, wish_id))
