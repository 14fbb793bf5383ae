"""Waiting for PostgreSQL has an end, whatever it waits for: a row, a long statement, a dead line, a silent server."""

from collections.abc import Callable
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus

from app.core.i18n import gettext as _

OLDEST: Final = 14
"""The oldest version that is promised, and tested."""
CONNECT_S: Final = 5
"""How long a server that does not answer is waited for, in seconds; then the person reads "a moment"."""
SILENCE_S: Final = 2.0
"""How much longer nothing may be heard of the server before the line counts as dead, in seconds."""
LINE: Final = {
    "connect_timeout": CONNECT_S,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""When a line to PostgreSQL is given up whose other end is gone, in the driver's words."""


class _Impatient(psycopg.Connection[Any]):
    """A connection that gives up on a server which took the question and says nothing.

    The system sees a healthy line there (the machine answers, the server does not), so no socket option helps.
    """

    silence_s: float = CONNECT_S

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """See ``psycopg``. Where nothing came for too long the connection is closed: what comes later is no answer."""
        try:
            return super().wait(gen, interval, self.silence_s if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


class TooOldError(psycopg.NotSupportedError):
    """The server is older than ``OLDEST``: what would fail later, at some statement, is said at once."""

    def __init__(self, version: int) -> None:
        """``version`` as the driver has it: 130_004 is 13.4."""
        found = f"{version // 10_000}.{version % 10_000}"
        sentence = _("PostgreSQL %(oldest)s or newer is needed; this server is %(found)s.")
        super().__init__(sentence % {"oldest": OLDEST, "found": found})


class WrongEncodingError(psycopg.NotSupportedError):
    """The database is not of UTF-8, so that Chinese would be cut or refused: some clusters are made so by default."""

    def __init__(self, name: str, found: str) -> None:
        """``name`` of the database, and the encoding that was ``found``."""
        sentence = _(
            "The database %(name)s has the encoding %(found)s, and UTF8 is needed. Make it anew, while it is empty: "
            "DROP DATABASE %(name)s; CREATE DATABASE %(name)s OWNER … ENCODING 'UTF8' TEMPLATE template0"
        )
        super().__init__(sentence % {"name": name, "found": found})


def connector(statement_s: float, *, lock_s: float) -> Callable[..., psycopg.Connection[Any]]:
    """How to connect to PostgreSQL so that no statement waits for ever: for a row, for its end, for a dead server."""

    def connect(_dialect: object, _record: object, arguments: Any, options: Any) -> psycopg.Connection[Any]:
        connection = _Impatient.connect(*arguments, **options)
        if (version := connection.info.server_version) < OLDEST * 10_000:
            connection.close()
            raise TooOldError(version)
        if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
            name = connection.info.dbname
            connection.close()
            raise WrongEncodingError(name, str(encoding))
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = {round(lock_s * 1000)}")
        connection.execute(f"SET statement_timeout = {round(statement_s * 1000)}")
        connection.autocommit = False
        connection.silence_s = statement_s + SILENCE_S
        return connection

    return connect
