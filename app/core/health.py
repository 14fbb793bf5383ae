"""Is it up, and can it work: for supervisors, not for people."""

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Final
from weakref import WeakKeyDictionary

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import OperationalError

from app.core import clock, pulses
from app.core.db import Database, is_busy
from app.core.errors import UnavailableError
from app.core.routing import Nobody, Router, database_of

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


@router.get("/readyz")
def ready(request: Request, _: Nobody) -> Response:
    """The process can reach its database and write; 503 while it cannot, as on a full disk.

    It writes one row, at most once in ``WRITES_EVERY`` a process however often it is asked. Who is kept waiting by
    others that write is well: they can.

    Raises:
        UnavailableError: the database gives another answer than expected.
    """
    database = database_of(request)
    if not database.is_ready():
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
