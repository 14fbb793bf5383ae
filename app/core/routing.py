"""Routes as unit of work: one thread, one session, one commit *before* the answer leaves.

FastAPI's own ``Depends(yield)`` finishes after the response, and each synchronous dependency is a thread hop
of a quarter of a millisecond. Here an endpoint names what it wants from the unit of work in its signature,
and gets it in its own thread (docs/decisions/0002).
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import iter_route_contexts
from sqlalchemy.orm import Session

from app.core.db import Database

READING_METHODS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Provided:
    """Marks a parameter of an endpoint as made from the session and the request of its unit of work."""

    make: Callable[[Session, Request], Any]


@dataclass(frozen=True)
class Door(Provided):
    """A ``Provided`` that also decides who may come in. Every route has exactly one."""

    admits: str


DbSession = Annotated[Session, Provided(lambda session, request: session)]
"""The session of the request: a reading one for GET and HEAD, a writing one otherwise."""

Nobody = Annotated[None, Door(lambda session, request: None, admits="everybody")]
"""The door of a route that is open to everybody, said aloud: ``_: Nobody``."""


def database_of(request: Request) -> Database:
    """The database this application was made with."""
    database: Database = request.app.state.database
    return database


def after_reading(request: Request, work: Callable[[Session], None]) -> None:
    """Do ``work`` in a small writing unit once a reading request has its page; it must not fail the page."""
    request.state.after_reading = [*getattr(request.state, "after_reading", []), work]


class Router(APIRouter):
    """An ``APIRouter`` whose plain ``def`` endpoints run inside a unit of work."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Register ``endpoint``; its ``Provided`` parameters are hidden from FastAPI and filled here."""
        options.setdefault("response_model", None)
        options.setdefault("include_in_schema", False)
        super().add_api_route(path, _in_unit_of_work(endpoint), **options)


def route_doors(app: FastAPI) -> Iterator[tuple[str, str, str | None]]:
    """Each route as (methods, path, whom its door admits or ``None``): the proof that every route asks."""
    for context in iter_route_contexts(app.routes):
        endpoint = getattr(context.original_route, "endpoint", None)
        methods = ",".join(sorted(getattr(context.original_route, "methods", None) or ()))
        yield methods, context.path or "", getattr(endpoint, "door", None)


def _in_unit_of_work(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__qualname__}: endpoints are plain def")
    hints = get_type_hints(endpoint, include_extras=True)
    signature = inspect.signature(endpoint)
    provided = {name: mark for name in signature.parameters if (mark := _mark(hints.get(name)))}
    doors = [mark.admits for mark in provided.values() if isinstance(mark, Door)]
    wants_request = "request" in signature.parameters

    @wraps(endpoint)
    def call(request: Request, **arguments: Any) -> Any:
        database = database_of(request)
        reading = request.method in READING_METHODS
        with database.read() if reading else database.write() as session:
            for name, mark in provided.items():
                arguments[name] = mark.make(session, request)
            if wants_request:
                arguments["request"] = request
            response = endpoint(**arguments)
        for work in getattr(request.state, "after_reading", ()) if reading else ():
            with database.write() as session:
                work(session)
        return response

    kept = [
        parameter.replace(annotation=hints.get(name, parameter.annotation))
        for name, parameter in signature.parameters.items()
        if name not in provided and name != "request"
    ]
    request_parameter = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    call.__signature__ = inspect.Signature([request_parameter, *kept])  # type: ignore[attr-defined]
    call.door = doors[0] if len(doors) == 1 else None  # type: ignore[attr-defined]
    return call


def _mark(hint: Any) -> Provided | None:
    if get_origin(hint) is not Annotated:
        return None
    return next((mark for mark in get_args(hint)[1:] if isinstance(mark, Provided)), None)
