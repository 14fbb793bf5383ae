"""SQLite as the house wants it: the write-ahead log, durable, its foreign keys kept, what is erased overwritten."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event

from app.core.compiled import Texts

PAGES_AT_ONCE: Final = 4096
"""Of 4 kB, between two words on how far a copy is."""


def sqlite_engine(url: str, *, begin: str, patience: float) -> Engine:
    """An engine whose transactions start with ``begin`` and wait for others ``patience`` seconds."""
    engine = create_engine(
        url,
        hide_parameters=True,  # values of a failed statement would be personal data in the log
        connect_args={"check_same_thread": False},
        execution_options={"compiled_cache": Texts()},
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


def copy(file: Path, to: Path, copied: Callable[[int, int], object] = lambda pages, total: None) -> None:
    """Copy the database in ``file`` as it is at one moment, while others write; its owner alone may read the copy.

    ``copied`` is told how many pages are done, and of how many.

    Raises:
        FileExistsError: there is something at ``to``; no copy is written over another.
        OSError, sqlite3.Error: it could not be read or written; nothing is left then.
    """
    os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        source = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, isolation_level=None)
        with closing(source), closing(sqlite3.connect(to)) as target:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # one moment, though others write meanwhile
            source.backup(target, pages=PAGES_AT_ONCE, progress=lambda _s, left, total: copied(total - left, total))
            settle(target)
            if target.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("the copy is not whole")
    except BaseException:
        to.unlink()
        raise


def settle(connection: sqlite3.Connection) -> None:
    """Let the database be one file, whole in itself.

    Raises:
        sqlite3.OperationalError: somebody else has it open.
    """
    if connection.execute("PRAGMA journal_mode=DELETE").fetchone() != ("delete",):
        raise sqlite3.OperationalError("database is locked")


def swap(file: Path, new: Path, old: Path) -> None:
    """The database in ``new`` takes the place of ``file``, which is called ``old`` from now on.

    At every moment one of them is there, whole.

    Raises:
        sqlite3.OperationalError: somebody has ``file`` open.
        OSError: the names cannot be changed.
    """
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        try:
            settle(connection)
            connection.execute("BEGIN EXCLUSIVE")  # nobody begins in it before it has its new name
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:  # it is none any more: that is why another one comes
            for beside in ("-wal", "-shm"):
                if (log := file.with_name(file.name + beside)).exists():
                    log.rename(old.with_name(old.name + beside))  # it would be read into the new one
        os.link(file, old)
        new.replace(file)
