"""Every no in the house's look: a page for people, a line for htmx, JSON for the phone's queue."""

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from app.core import pages
from app.core.errors import (
    AppError,
    BadInputError,
    ForbiddenError,
    NotFoundError,
    NotSignedInError,
    TooLargeError,
    TooManyRequestsError,
    UnavailableError,
)
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext

log = logging.getLogger("sanliang")
TITLES = {
    401: lazy_gettext("Please sign in"),
    403: lazy_gettext("Not for this post"),
    404: lazy_gettext("Nothing here"),
    409: lazy_gettext("Somebody was faster"),
    413: lazy_gettext("Too large"),
    422: lazy_gettext("Please check this"),
    429: lazy_gettext("A moment, please"),
    500: lazy_gettext("Something went wrong here"),
    503: lazy_gettext("Back in a moment"),
}
_FOR_STATUS: dict[int, type[AppError]] = {
    kind.status: kind
    for kind in (ForbiddenError, NotFoundError, TooLargeError, BadInputError, TooManyRequestsError, UnavailableError)
}
_SQLITE_PASSING = ("database is locked", "unable to open database file", "disk I/O error", "database or disk is full")


def add_to(app: FastAPI) -> None:
    """Teach ``app`` to say no."""

    @app.exception_handler(AppError)
    def _refused(request: Request, error: AppError) -> Response:
        return respond(request, error)

    @app.exception_handler(RequestValidationError)
    def _unreadable(request: Request, error: RequestValidationError) -> Response:
        in_address = any(problem["loc"][0] == "path" for problem in error.errors())
        return respond(request, NotFoundError() if in_address else BadInputError())

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        known = _FOR_STATUS.get(error.status_code)
        if known is None:
            return Response(status_code=error.status_code, headers=error.headers)
        return respond(request, known())

    @app.exception_handler(PoolTimeoutError)
    @app.exception_handler(DBAPIError)
    def _database(request: Request, error: Exception) -> Response:
        log.error("database trouble", exc_info=error, extra={"request_id": pages.request_id(request)})
        return respond(request, UnavailableError()) if is_passing(error) else _fault_page(request)

    @app.exception_handler(Exception)
    def _fault(request: Request, error: Exception) -> Response:
        log.error("unexpected fault", exc_info=error, extra={"request_id": pages.request_id(request)})
        return _fault_page(request)


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
    headers = {"Retry-After": "5"} if error.status in (429, 503) else {}
    if request.headers.get("content-type", "").startswith("application/json"):
        response: Response = JSONResponse({"code": error.code, "message": error.sentence}, status_code=error.status)
    elif isinstance(error, NotSignedInError):
        here = request.url.path if request.method == "GET" else "/"
        response = pages.go(request, f"/sign-in?next={quote(here)}" if here != "/" else "/sign-in")
    else:
        title = TITLES.get(error.status, TITLES[422])
        response = pages.refusal(request, status=error.status, title=str(title), sentence=error.sentence)
    response.headers.update(headers)
    return response


def _fault_page(request: Request) -> Response:
    sentence = _("This is our fault. What you recorded on this phone is still there; please try again.")
    if request.headers.get("content-type", "").startswith("application/json"):
        return JSONResponse({"code": "fault", "message": sentence}, status_code=500)
    return pages.refusal(request, status=500, title=str(TITLES[500]), sentence=sentence)
