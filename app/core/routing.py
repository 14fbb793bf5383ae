"""Routes as unit of work: one thread, one session, one commit *before* the answer leaves.

FastAPI's own ``Depends(yield)`` finishes after the response, and each synchronous dependency is a thread hop
of a quarter of a millisecond. Here an endpoint names what it wants from the unit of work in its signature,
and gets it in its own thread (docs/decisions/0002).
"""

import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from functools import partial, wraps
from typing import Annotated, Any, Final, TypeVar, cast, get_args, get_origin, get_type_hints

import anyio.to_thread
from anyio import CapacityLimiter, Semaphore
from anyio.lowlevel import RunVar
from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.core.db import PATIENCE_S, Database
from app.core.errors import BusyOutsideError, UnavailableError

T = TypeVar("T")
log = logging.getLogger("sanliang")
READING_METHODS: Final = frozenset({"GET", "HEAD"})
SLOW_AT_ONCE: Final = 2
"""Endpoints with units of their own that run at the same time in a process; the others wait outside the threads
that serve pages."""
OUTSIDE_AT_ONCE: Final = 2
"""Endpoints that wait for services elsewhere at the same time; one more is refused at once. They are no slow ones: a
service that hangs would keep people from signing in."""
WRITING_AT_ONCE: Final = 4
"""Requests that write, or wait for the database to let them, at the same time in a process. They have threads of their
own, or a database that somebody holds would take every thread away from those who only read."""
QUICK_S: Final = 0.1
"""How long a page of SQLite waits for the one before it, in seconds; then both are drawn at once (decision 0065)."""
ASIDE_PATIENCE_S: Final = 0.5
"""How long an answer that is ready may wait for work aside, in seconds."""
FILE_PATIENCE_S: Final = 3.0
"""How long a file that is ready may wait until it is noted who takes it, in seconds; then it does not leave."""
SIGNING_IN_AT_ONCE: Final = 8
"""Endpoints that ask outside who somebody is, at the same time. At nine o'clock all come: they wait for their turn."""
SIGNING_IN_PATIENCE_S: Final = 15.0
"""For that turn, in seconds."""
_slow_lane: RunVar[CapacityLimiter] = RunVar("slow_lane")
_outside_lane: RunVar[CapacityLimiter] = RunVar("outside_lane")
_sign_in_lane: RunVar[CapacityLimiter] = RunVar("sign_in_lane")
_read_lane: RunVar[Semaphore] = RunVar("read_lane")
_write_lane: RunVar[Semaphore] = RunVar("write_lane")


@dataclass(frozen=True)
class Provided:
    """Marks a parameter of an endpoint as made from the session and the request of its unit of work."""

    make: Callable[[Session, Request], Any]


@dataclass(frozen=True)
class Door(Provided):
    """A ``Provided`` that also decides who may come in. Every route has exactly one."""

    admits: str


@dataclass(frozen=True)
class OwnUnits(Provided):
    """A ``Provided`` whose endpoint opens its units of work itself."""

    asks_outside: bool = False
    signs_in: bool = False


_OF_THE_REQUEST: Final = Provided(lambda session, request: session)
DbSession = Annotated[Session, _OF_THE_REQUEST]
"""The session of the request: a reading one for GET and HEAD, a writing one otherwise."""

Units = Annotated[Database, OwnUnits(lambda session, request: database_of(request))]
"""For an endpoint that computes for long (a password, a large file) and must hold neither a write lock nor a page's
thread meanwhile: it opens ``read()`` and ``write()`` itself, each only for as long as it asks or changes rows. Its door
is asked in a reading unit of its own before."""

OutsideUnits = Annotated[Database, OwnUnits(lambda session, request: database_of(request), asks_outside=True)]
"""The same for an endpoint that waits for a service elsewhere: one of ``OUTSIDE_AT_ONCE``, else refused."""

SignInUnits = Annotated[Database, OwnUnits(lambda session, request: database_of(request), signs_in=True)]
"""The same for signing in by somebody outside: ``SIGNING_IN_AT_ONCE``, and the others wait their turn."""

Nobody = Annotated[None, Door(lambda session, request: None, admits="everybody")]
"""The door of a route that is open to everybody, said aloud: ``_: Nobody``."""


def database_of(request: Request) -> Database:
    """The database this application was made with."""
    database: Database = request.app.state.database
    return database


def write_aside(session: Session, request: Request, work: Callable[[Session], object]) -> None:
    """Do ``work`` in the request's unit if that one writes, else in a small one once the request has its answer.

    In the small one it may fail, when the database is busy or lost, without failing the answer.
    """
    if request.state.aside is None:
        work(session)
    else:
        request.state.aside.append(work)


class Router(APIRouter):
    """An ``APIRouter`` whose plain ``def`` endpoints run inside a unit of work."""

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Register ``endpoint``; its ``Provided`` parameters are hidden from FastAPI and filled here.

        What answers GET answers HEAD, as HTTP wants it.
        """
        options.setdefault("response_model", None)
        options.setdefault("include_in_schema", False)
        if set(options.get("methods") or ()) == {"GET"}:
            options["methods"] = sorted(READING_METHODS)
        reads = set(options.get("methods") or ("GET",)) <= READING_METHODS
        super().add_api_route(path, _in_unit_of_work(endpoint, reads=reads), **options)


def route_doors(app: FastAPI) -> Iterator[tuple[str, str, str | None]]:
    """Each route as (methods, path, whom its door admits or ``None``): the proof that every route asks."""
    for context in iter_route_contexts(app.routes):
        endpoint = getattr(context.original_route, "endpoint", None)
        methods = ",".join(sorted(getattr(context.original_route, "methods", None) or ()))
        door: Door | None = getattr(endpoint, "door", None)
        yield methods, context.path or "", door.admits if door else None


async def ask_door(request: Request) -> None:
    """Ask the door of the route that ``request`` has found, in a reading unit of its own, before more of it is read.

    Raises:
        AppError: it does not let them in.
    """
    door: Door | None = getattr(request.scope.get("endpoint"), "door", None)

    def ask() -> None:
        request.state.aside = []  # the unit to come does it
        with database_of(request).read() as session:
            if door:
                door.make(session, request)

    await run_in_threadpool(ask)


async def in_slow_lane(work: Callable[[], T]) -> T:
    """What ``work`` gives, which computes for long and holds nothing: one of ``SLOW_AT_ONCE``."""
    return await anyio.to_thread.run_sync(work, limiter=_turns(_slow_lane, SLOW_AT_ONCE))


async def in_outside_lane(work: Callable[[], T]) -> T:
    """What ``work`` gives, which waits for a service elsewhere and holds nothing: one of ``OUTSIDE_AT_ONCE``.

    Raises:
        BusyOutsideError: as many are at it.
    """
    turns, mine = _turns(_outside_lane, OUTSIDE_AT_ONCE), object()
    try:
        turns.acquire_on_behalf_of_nowait(mine)
    except anyio.WouldBlock:
        raise BusyOutsideError from None
    try:
        return await anyio.to_thread.run_sync(work, limiter=CapacityLimiter(1))
    finally:
        turns.release_on_behalf_of(mine)


async def in_sign_in_lane(work: Callable[[], T]) -> T:
    """What ``work`` gives, which asks outside who somebody is: one of ``SIGNING_IN_AT_ONCE``, in its turn.

    Raises:
        BusyOutsideError: it did not come in ``SIGNING_IN_PATIENCE_S`` seconds.
    """
    turns, mine = _turns(_sign_in_lane, SIGNING_IN_AT_ONCE), object()
    with anyio.move_on_after(SIGNING_IN_PATIENCE_S) as waiting:
        await turns.acquire_on_behalf_of(mine)
    if waiting.cancelled_caught:
        raise BusyOutsideError
    try:
        return await anyio.to_thread.run_sync(work, limiter=CapacityLimiter(1))
    finally:
        turns.release_on_behalf_of(mine)


def _in_unit_of_work(endpoint: Callable[..., Any], *, reads: bool) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__qualname__}: endpoints are plain def")
    hints = get_type_hints(endpoint, include_extras=True)
    signature = inspect.signature(endpoint)
    provided = {name: mark for name in signature.parameters if (mark := _mark(hints.get(name)))}
    doors = [mark for mark in provided.values() if isinstance(mark, Door)]
    own = next((mark for mark in provided.values() if isinstance(mark, OwnUnits)), None)
    opens_own = own is not None
    lane = _lane_of(own) if own else in_slow_lane
    wants_request = "request" in signature.parameters
    if opens_own and _OF_THE_REQUEST in provided.values():
        raise TypeError(f"{endpoint.__qualname__}: either a session or units of its own")

    def answer(request: Request, arguments: dict[str, Any]) -> Any:
        database = database_of(request)
        reading = opens_own or request.method in READING_METHODS
        request.state.aside = [] if reading else None
        with database.read() if reading else database.write() as session:
            arguments |= {name: mark.make(session, request) for name, mark in provided.items()}
            if wants_request:
                arguments["request"] = request
            response: Any = None if opens_own else endpoint(**arguments)
        if opens_own:
            response = endpoint(**arguments)
        for work in request.state.aside or ():
            try:
                with database.write(patience=ASIDE_PATIENCE_S) as session:
                    work(session)
            except OperationalError as error:  # busy or lost; the answer is whole without it
                log.warning("work aside was not done", exc_info=error)
        if request.method != "HEAD" and "Content-Disposition" in response.headers:
            with database.write(patience=FILE_PATIENCE_S) as session:
                request.app.state.note_file(session, request, response)
        return response

    @wraps(endpoint)
    async def call_to_read(request: Request, **arguments: Any) -> Any:
        alone = database_of(request).is_sqlite
        async with _turn(_read_lane, 1, QUICK_S, wanted=False) if alone else nullcontext():
            return await anyio.to_thread.run_sync(partial(answer, request, arguments))

    @wraps(endpoint)
    async def call_in_write_lane(request: Request, **arguments: Any) -> Any:
        async with _turn(_write_lane, WRITING_AT_ONCE, PATIENCE_S, wanted=True):
            return await anyio.to_thread.run_sync(partial(answer, request, arguments), limiter=CapacityLimiter(1))

    @wraps(endpoint)
    async def call_in_own_lane(request: Request, **arguments: Any) -> Any:
        return await lane(partial(answer, request, arguments))

    kept = [
        parameter.replace(annotation=hints.get(name, parameter.annotation))
        for name, parameter in signature.parameters.items()
        if name not in provided and name != "request"
    ]
    request_parameter = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    wrapped: Any = call_in_own_lane if opens_own else call_to_read if reads else call_in_write_lane
    wrapped.__signature__ = inspect.Signature([request_parameter, *kept])
    wrapped.door = doors[0] if len(doors) == 1 else None
    return cast(Callable[..., Any], wrapped)


@asynccontextmanager
async def _turn(lane: RunVar[Semaphore], at_once: int, patience: float, *, wanted: bool) -> AsyncIterator[None]:
    """One of ``at_once`` turns.

    Raises:
        UnavailableError: it is ``wanted``, and none became free in ``patience`` seconds; else one goes without.
    """
    try:
        turns = lane.get()
    except LookupError:
        turns = Semaphore(at_once)
        lane.set(turns)
    with anyio.move_on_after(patience) as waiting:
        await turns.acquire()
    if (without := waiting.cancelled_caught) and wanted:
        raise UnavailableError
    try:
        yield
    finally:
        if not without:
            turns.release()


def _lane_of(own: OwnUnits) -> Callable[[Callable[[], Any]], Awaitable[Any]]:
    if own.signs_in:
        return in_sign_in_lane
    return in_outside_lane if own.asks_outside else in_slow_lane


def _turns(lane: RunVar[CapacityLimiter], at_once: int) -> CapacityLimiter:
    try:
        return lane.get()
    except LookupError:
        turns = CapacityLimiter(at_once)
        lane.set(turns)
        return turns


def _mark(hint: Any) -> Provided | None:
    if get_origin(hint) is not Annotated:
        return None
    return next((mark for mark in get_args(hint)[1:] if isinstance(mark, Provided)), None)
