"""Which route a request takes, found by the first word of its address.

FastAPI tries all routes one after the other: with six hundred of them that was up to a tenth of what a page costs. And
``include_router`` makes each route a second time with the first request, 20 MB of every worker.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send


def take_in(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Let ``app`` serve the routes of ``routers``, which know their whole addresses themselves."""
    app.router.routes.extend(route for router in routers for route in router.routes)
    app.router.middleware_stack = _Signposts(app.router.routes, app.router.middleware_stack)


class _Signposts:
    """Goes to the route; whatever none of them answers goes the usual way."""

    def __init__(self, routes: Iterable[BaseRoute], otherwise: ASGIApp) -> None:
        self._by_word: Final = _by_word(routes)
        self._otherwise: Final = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for route in self._by_word.get(_first_word(scope["path"]), ()):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found)
                    await route.handle(scope, receive, send)
                    return
        await self._otherwise(scope, receive, send)


def _by_word(routes: Iterable[BaseRoute]) -> Mapping[str, Sequence[BaseRoute]]:
    """The routes of each first word that is no parameter, in their order."""
    found: dict[str, list[BaseRoute]] = {}
    for route in routes:
        word = _first_word(getattr(route, "path", ""))
        if "{" in word:  # it may stand before others: the usual way decides
            return {}
        found.setdefault(word, []).append(route)
    return found


def _first_word(path: str) -> str:
    return path.split("/", 2)[1] if path.startswith("/") else ""
