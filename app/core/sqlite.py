"""SQLite as the house wants it: the write-ahead log, durable, its foreign keys kept, what is erased overwritten."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event


def sqlite_engine(url: str, *, begin: str, patience: float) -> Engine:
    """An engine whose transactions start with ``begin`` and wait for others ``patience`` seconds."""
    engine = create_engine(
        url,
        hide_parameters=True,  # values of a failed statement would be personal data in the log
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's "begin" event below decides, not the driver
        for pragma in (
            _busy_timeout(patience),
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is erased is overwritten: a freed page keeps nobody's address
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        if (left := connection.get_execution_options().get("patience")) is not None:
            connection.connection.dbapi_connection.execute(f"PRAGMA {_busy_timeout(left)}")
        connection.exec_driver_sql(begin)

    return engine


def _busy_timeout(seconds: float) -> str:
    return f"busy_timeout={round(seconds * 1000)}"


def copy(file: Path, to: Path) -> None:
    """Copy the database in ``file`` as it is at one moment, while others write; its owner alone may read the copy.

    Raises:
        FileExistsError: there is something at ``to``; no copy is written over another.
        OSError, sqlite3.Error: it could not be read or written; nothing is left then.
    """
    os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        source = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
            if target.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("the copy is not whole")
    except BaseException:
        to.unlink()
        raise
