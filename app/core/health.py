"""Is it up, and can it work: for supervisors, not for people."""

from importlib.metadata import version

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from app.core.errors import UnavailableError
from app.core.routing import Nobody, Router, database_of

router = Router()


@router.get("/healthz")
def health(_: Nobody) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok", "version": version("sanliang")})


@router.get("/readyz")
def ready(request: Request, _: Nobody) -> Response:
    """The process can reach its database; 503 while it cannot.

    Raises:
        UnavailableError: the database gives another answer than expected.
    """
    if not database_of(request).is_ready():
        raise UnavailableError
    return JSONResponse({"status": "ready"})
