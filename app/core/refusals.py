"""Every no in the house's look: a page for people, a line for htmx, JSON for the phone's queue."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from app.core import pages, schema
from app.core.addresses import parts_of
from app.core.errors import (
    AppError,
    BadInputError,
    ForbiddenError,
    NotFoundError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
    WrongMethodError,
)
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.routing import database_of

log = logging.getLogger("sanliang")
TITLES: Final = {
    401: lazy_gettext("Please sign in"),
    403: lazy_gettext("Not for your post"),
    404: lazy_gettext("Nothing here"),
    405: lazy_gettext("Nothing here"),
    409: lazy_gettext("Somebody was faster"),
    413: lazy_gettext("Too large"),
    422: lazy_gettext("Please check this"),
    429: lazy_gettext("A moment, please"),
    500: lazy_gettext("Something went wrong here"),
    503: lazy_gettext("Back in a moment"),
}
_FOR_STATUS: Final[dict[int, type[AppError]]] = {
    kind.status: kind
    for kind in (
        ForbiddenError,
        NotFoundError,
        WrongMethodError,
        TooLargeError,
        BadInputError,
        TooManyRequestsError,
        UnavailableError,
    )
}
_SQLITE_PASSING: Final = (
    "database is locked",
    "unable to open database file",
    "readonly database",
    "disk I/O error",
    "database or disk is full",
)


def add_to(app: FastAPI, *, greet: Callable[[Session, Request], object]) -> None:
    """Teach ``app`` to say no. ``greet`` finds out who is there where no route has asked, so that pages show ways."""

    @app.exception_handler(AppError)
    def _refused(request: Request, error: AppError) -> Response:
        return respond(request, error)

    @app.exception_handler(RequestValidationError)
    def _unreadable(request: Request, error: RequestValidationError) -> Response:
        _ask(greet, request)
        in_address = any(problem["loc"][0] == "path" for problem in error.errors())
        return respond(request, NotFoundError() if in_address else BadInputError())

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        _ask(greet, request)
        response = respond(request, _FOR_STATUS.get(error.status_code, BadInputError)())
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(PoolTimeoutError)
    @app.exception_handler(DBAPIError)
    def _database(request: Request, error: Exception) -> Response:
        if not is_passing(error):
            return fault_page(request, error)
        log.error("database trouble", exc_info=error, extra={"request_id": pages.request_id(request)})
        return respond(request, UnavailableError())


def _ask(greet: Callable[[Session, Request], object], request: Request) -> None:
    if _wants_json(request) or hasattr(request.state, "actor"):
        return
    request.state.aside = []  # being refused is no use of a session
    with suppress(DBAPIError, PoolTimeoutError), database_of(request).read() as session:
        greet(session, request)


def is_passing(error: Exception) -> bool:
    """Whether a database error is of the kind that goes away by itself (lost, busy or full), not a fault of ours."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    reason = str(error.orig)
    return "sqlite3" not in type(error.orig).__module__ or any(words in reason for words in _SQLITE_PASSING)


def respond(request: Request, error: AppError) -> Response:
    """The answer to ``request`` that ``error`` calls for."""
    if _wants_json(request):
        response: Response = JSONResponse({"code": error.code, "message": error.sentence}, status_code=error.status)
    elif error.remedy:
        here = page_behind(request)
        mark = "&" if "?" in error.remedy else "?"
        response = pages.go(request, f"{error.remedy}{mark}next={quote(here)}" if here != "/" else error.remedy)
    else:
        title = error.title or TITLES.get(error.status, TITLES[422])
        said = {"title": str(title), "sentence": error.sentence, "template": error.page}
        response = pages.refusal(request, status=error.status, **said)
    if error.status == 401 and _is_of_machines(request):
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.status in (429, 503):
        response.headers["Retry-After"] = "5"
    return response


def fault_page(request: Request, fault: Exception) -> Response:
    """The answer to ``request`` that a ``fault`` nobody expected has ended; it is logged with the request's id.

    A process that is on its way out, because the tables are those of another version by now (or cannot be seen), asks
    to come again: the version that can answer is there in a moment.
    """
    is_outdated = _is_outdated(request)
    what = "a fault of another version than that of the tables" if is_outdated else "unexpected fault"
    log.error(what, exc_info=fault, extra={"request_id": pages.request_id(request)})
    if is_outdated:
        return respond(request, UnavailableError())
    sentence = _("This is our fault. What you recorded on this phone is still there; please try again.")
    if _wants_json(request):
        return JSONResponse({"code": "fault", "message": sentence}, status_code=500)
    return pages.refusal(request, status=500, title=str(TITLES[500]), sentence=sentence)


def _is_outdated(request: Request) -> bool:
    try:
        return not schema.is_current(database_of(request))
    except (DBAPIError, PoolTimeoutError) as error:
        return is_passing(error)  # away, so nobody knows: it comes back, and so will who asked


def page_behind(request: Request) -> str:
    """The local address of the page that ``request`` asks for, or on which its form stands; ``/`` when unknown."""
    if request.method in ("GET", "HEAD"):
        return _address(request.url.path, request.url.query)
    sent_from = parts_of(request.headers.get("referer", ""))
    return _address(sent_from.path or "/", sent_from.query) if sent_from.netloc == request.url.netloc else "/"


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _is_of_machines(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _wants_json(request: Request) -> bool:
    if _is_of_machines(request):
        return True
    sends_json = request.headers.get("content-type", "").startswith("application/json")
    asks_for_json = request.headers.get("accept", "").startswith("application/json")
    return sends_json or asks_for_json or getattr(request.state, "wants_json", False)
