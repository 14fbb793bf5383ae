"""Is it up, can it work, and whom to tell of a weakness: for supervisors and finders, not for visitors."""

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Final
from weakref import WeakKeyDictionary

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import OperationalError

from app.core import clock, pulses
from app.core.db import Database, is_busy
from app.core.errors import NotFoundError, UnavailableError
from app.core.routing import Nobody, Router, database_of
from app.core.settings import settings

SECURITY_TEXT_LASTS: Final = timedelta(days=180)
"""What a finder has read stays true at least that long; it is made anew for each one who asks."""
WRITES_EVERY: Final = timedelta(seconds=10)
PATIENCE_S: Final = 1.0
NEVER: Final = datetime.min.replace(tzinfo=UTC)
router = Router()
_written: Final[WeakKeyDictionary[Database, datetime]] = WeakKeyDictionary()
"""When this process last wrote into a database to see whether it can."""


@router.get("/healthz")
def health(_: Nobody) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok", "version": version("sanliang")})


@router.get("/.well-known/security.txt")
def security(_: Nobody) -> Response:
    """Whom to tell of a weakness (RFC 9116); nothing is there until the settings name somebody.

    Raises:
        NotFoundError: they do not.
    """
    config = settings()
    if not config.security_contact:
        raise NotFoundError
    expires = (clock.now() + SECURITY_TEXT_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {config.security_contact}", f"Expires: {expires.isoformat()}", "Preferred-Languages: zh, en"]
    if config.public_url:
        lines.append(f"Canonical: {config.public_url.rstrip('/')}/.well-known/security.txt")
    return PlainTextResponse("\n".join(lines) + "\n")


@router.get("/readyz")
def ready(request: Request, _: Nobody) -> Response:
    """The process can reach its database and write; 503 while it cannot, as on a full disk.

    It writes one row, at most once in ``WRITES_EVERY`` a process however often it is asked. Who is kept waiting by
    others that write is well: they can.

    Raises:
        UnavailableError: the database gives another answer than expected, or its disk is all but full.
    """
    database = database_of(request)
    if not database.is_ready() or not database.has_room():
        raise UnavailableError
    now = clock.now()
    if not now - WRITES_EVERY < _written.get(database, NEVER) <= now:
        try:
            with database.write(patience=PATIENCE_S) as session:
                pulses.beat(session, "ready", now)
        except OperationalError as error:
            if not is_busy(error):
                raise
        else:
            _written[database] = now
    return JSONResponse({"status": "ready"})
