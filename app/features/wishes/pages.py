"""The two pages of one wish, for members and at the desk, with their forms; and who comes in to pages about wishes."""

from functools import partial
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.core.answers import AS_IT_IS, Answer, OnPage
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.sign_in.door import require
from app.features.wishes import view
from app.features.wishes.desk import view as desk

WISH: Final = "wishes/wish.html"
CARD: Final = "wishes/desk_wish.html"
MemberActor = Annotated[Actor, require(Permission.BE_MEMBER)]
SeesWishes = Annotated[Actor, require(Permission.BE_MEMBER, Permission.COLLECT_WISHES)]
AnswersForWishes = Annotated[Actor, require(Permission.COLLECT_WISHES, Permission.APPROVE)]
"""Collectors, and officers of branches that lead in a community; the queries decide what they find."""


def wish_page(request: Request, session: Session, actor: Actor, wish_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    """The page of a wish, as it is or after one of its forms was sent."""
    said = view.context(session, actor, wish_id, answer)
    return answer.drawn(request, WISH, block="wish", **said)


def desk_page(request: Request, session: Session, actor: Actor, wish_id: UUID, answer: Answer = AS_IT_IS) -> Response:
    """The page of a wish at the desk, as it is or after one of its forms was sent."""
    said = desk.card(session, actor, wish_id, answer)
    return answer.drawn(request, CARD, block="desk_wish", **said)


def on_wish(request: Request, session: Session, actor: Actor, wish_id: UUID) -> OnPage:
    """The page of a wish with its forms."""
    return OnPage(request, session, partial(wish_page, request, session, actor, wish_id), f"/wishes/{wish_id}")


def on_desk(request: Request, session: Session, actor: Actor, wish_id: UUID) -> OnPage:
    """The page of a wish at the desk with its forms."""
    return OnPage(request, session, partial(desk_page, request, session, actor, wish_id), f"/wishes/desk/{wish_id}")
