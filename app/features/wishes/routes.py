"""The board of wishes, and the page of one."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.core import keyset, pages
from app.core.routing import DbSession, Router
from app.features.wishes import view
from app.features.wishes.pages import MemberActor, SeesWishes, wish_page
from app.features.wishes.rules import Category

router = Router(prefix="/wishes")
BOARD: Final = "wishes/board.html"


@router.get("")
def open_wishes(request: Request, session: DbSession, actor: MemberActor, category: str = "", q: str = "") -> Response:
    """What waits to be claimed, perhaps of one category only, or with these words."""
    chosen = Category(category) if category in set(Category) else None
    return _board(request, view.open_view(session, actor, category=chosen, words=q.strip()))


@router.get("/mine")
def mine(request: Request, session: DbSession, actor: MemberActor) -> Response:
    """What I take part in, what I am asked to join, and what I have taken over to look back at."""
    return _board(request, view.own_view(session, actor))


@router.get("/realised")
def realised(request: Request, session: DbSession, actor: MemberActor, before: str = "", q: str = "") -> Response:
    """What came true, perhaps with these words, and what somebody should look back at."""
    shown = view.realised_view(session, actor, before=keyset.read(before, date), words=q.strip())
    return _board(request, shown)


@router.get("/{wish_id:uuid}")
def wish(request: Request, session: DbSession, actor: SeesWishes, wish_id: UUID) -> Response:
    """One wish: what it is, what comes next, and what happened."""
    return wish_page(request, session, actor, wish_id)


def _board(request: Request, shown: dict[str, Any]) -> Response:
    return pages.render(request, BOARD, block="board", **shown)
