"""The board of wishes, and the page of one."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.core import keyset, pages
from app.core.routing import DbSession, Router
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes import view
from app.features.wishes.rules import Category

router = Router(prefix="/wishes")
BOARD: Final = "wishes/board.html"
WISH: Final = "wishes/wish.html"
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
SeesWishes = Annotated[Actor, require(Permission.BE_MEMBER, Permission.COLLECT_WISHES)]


@router.get("")
def open_wishes(request: Request, session: DbSession, actor: MemberActor, category: str = "") -> Response:
    """What waits to be claimed, perhaps of one category only."""
    chosen = Category(category) if category in set(Category) else None
    return _board(request, view.open_view(session, actor, category=chosen))


@router.get("/mine")
def mine(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """What I take part in, what I am asked to join, and what I have taken over to look back at."""
    return _board(request, view.own_view(session, actor))


@router.get("/realised")
def realised(request: Request, session: DbSession, actor: MemberActor, before: str = "") -> Response:
    """What came true, and what somebody should look back at."""
    return _board(request, view.realised_view(session, actor, before=keyset.read(before, date)))


@router.get("/{wish_id:uuid}")
def wish(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """One wish: what it is, what comes next, and what happened."""
    return pages.render(request, WISH, block="wish", **view.context(session, actor, wish_id))


def _board(request: Request, shown: dict[str, Any]) -> Response:
    return pages.render(request, BOARD, block="board", **shown)
