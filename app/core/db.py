"""The database: tables' base, the two units of work, and the traps of each engine. Only this file commits.

SQLite writes begin IMMEDIATE and wait for each other, in this process and among processes (measured: deferred ones
under load end in "database is locked"). Reads end with COMMIT, because psycopg forgets its prepared statements on
ROLLBACK.
"""

import importlib
import pkgutil
import shutil
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Index,
    Insert,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from app.core.columns import ColumnSession
from app.core.compiled import Texts
from app.core.enum_columns import WORDS, write_words
from app.core.errors import AppError
from app.core.sqlite import sqlite_engine
from app.core.turns import Turns

PATIENCE_S: Final = 15.0
"""How long whoever wants to write waits for others altogether, in seconds; then the person reads "a moment"."""
PAGE_STATEMENT_S: Final = 20.0
"""How long one statement of a page may take in PostgreSQL, in seconds, its wait for a row counted."""
COMMAND_STATEMENT_S: Final = 3600.0
"""The same for commands: an index of a large table is one statement."""

ROOM_BYTES: Final = 16 * 1024 * 1024
LOCK_NOT_AVAILABLE: Final = "55P03"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as UTC on both engines; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC.

        Raises:
            ValueError: the moment has no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: aware UTC, also where the engine forgot the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The parent of all tables; constraints are named by one convention."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it as it stands)
        datetime: UtcDateTime(),
        date: Date(),
        int: BigInteger(),
        UUID: Uuid(),
        StrEnum: WORDS,
    }

    def __init_subclass__(cls, **options: Any) -> None:
        """Columns of enums are compared as ``write_words`` says."""
        super().__init_subclass__(**options)
        write_words(cls.__table__)


class Database:
    """One database and the two ways to use it: ``read()`` and ``write()``."""

    def __init__(self, url: str, *, threads: int = 8, statement_s: float = COMMAND_STATEMENT_S) -> None:
        """Open ``url`` for ``threads`` that read; for SQLite the folder is made and WAL is switched on.

        ``statement_s`` is how long one statement of PostgreSQL may take, in seconds.
        """
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.threads = threads
        if self.is_sqlite:
            if self.url.database:
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self.reader = sqlite_engine(url, begin="BEGIN", patience=PATIENCE_S)
            self.writer = sqlite_engine(url, begin="BEGIN IMMEDIATE", patience=PATIENCE_S)
            self._turns = Turns(f"{self.url.database}-turn" if self.url.database else "")
        else:
            from app.core import postgres  # noqa: PLC0415 (the driver is a tenth of a second for who has SQLite)

            self.reader = self.writer = create_engine(
                url,
                pool_size=self.threads,
                max_overflow=self.threads,
                pool_pre_ping=True,
                pool_timeout=PATIENCE_S,
                pool_recycle=1800,
                hide_parameters=True,
                connect_args=postgres.LINE,
                execution_options={"compiled_cache": Texts()},
            )
            event.listen(self.writer, "do_connect", postgres.connector(statement_s, lock_s=PATIENCE_S))
        self._read_session = sessionmaker(self.reader, class_=ColumnSession, autoflush=False, expire_on_commit=False)
        self._write_session = sessionmaker(self.writer, class_=ColumnSession, autoflush=False, expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading. What is written in it is thrown away on SQLite's and our own word: do not."""
        with self._read_session() as session:
            yield session
            session.commit()

    @contextmanager
    def write(self, *, patience: float | None = None) -> Iterator[Session]:
        """A session whose changes are committed when the block ends, and rolled back when it raises.

        ``patience`` is how many seconds SQLite is waited for, ``PATIENCE_S`` unless said otherwise.

        Raises:
            OperationalError: others have written, or held a row of PostgreSQL, for longer than that.
        """
        if self.is_sqlite:
            with self._turn(PATIENCE_S if patience is None else patience) as left, self._write_session() as session:
                session.connection(execution_options={"patience": left})
                yield session
                session.commit()
        else:
            with self._write_session() as session:
                yield session
                session.commit()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session for a long reading in many statements that all see the same moment."""
        with self._read_session() as session:
            if not self.is_sqlite:  # whose every reading transaction is a snapshot
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session
            session.commit()

    def is_ready(self) -> bool:
        """Whether the database answers."""
        with self.reader.connect() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar() == 1)

    def has_room(self) -> bool:
        """Whether SQLite's disk has room for more than the smallest writes, which its log may still have."""
        if not self.is_sqlite or not self.url.database:
            return True
        return shutil.disk_usage(Path(self.url.database).parent).free >= ROOM_BYTES

    def forget_log(self) -> None:
        """Empty SQLite's log of what was written: what is erased in the file may still stand there, readable.

        While somebody reads it stays for now; the next time comes.
        """
        if self.is_sqlite:
            with closing(self.reader.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give every connection back."""
        self.reader.dispose()
        self.writer.dispose()
        if self.is_sqlite:
            self._turns.close()

    @contextmanager
    def _turn(self, patience: float) -> Iterator[float]:
        """The turn of this thread to write, and what is left of its ``patience``: waiters do not add up."""
        began = time.monotonic()
        with self._turns.turn(patience) as is_mine:
            if not is_mine:
                raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
            yield max(0.0, patience - (time.monotonic() - began))


def insert_ignoring_duplicates(session: Session, table: Table) -> Insert:
    """An INSERT that leaves rows alone whose key is taken, in the words of the session's engine.

    Execute it with a *list of parameters*, sorted by key (unsorted ones deadlock); ``.returning()`` names the new rows.
    """
    return _insert_of(session)(table).on_conflict_do_nothing()


def insert_adding_up(session: Session, table: Table, sums: Collection[str]) -> Insert:
    """An INSERT that adds to the columns ``sums`` of the row whose primary key is taken. Sort its parameters too."""
    return _adding_up(_insert_of(session), table, tuple(sums))


@lru_cache
def _adding_up(insert_into: Callable[[Table], sqlite.Insert | postgresql.Insert], table: Table, sums: Any) -> Insert:
    insert = insert_into(table)
    added = {name: table.c[name] + insert.excluded[name] for name in sums}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)


def insert_renewing(session: Session, table: Table, *, where: ColumnElement[bool]) -> Insert:
    """An INSERT that takes the place of the row whose primary key is taken, if that row is as ``where`` says.

    The database decides, however many ask at one moment. ``.returning()`` names the rows that were written.
    """
    insert = _insert_of(session)(table)
    values = {column.name: insert.excluded[column.name] for column in table.columns if not column.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=values, where=where)


def _insert_of(session: Session) -> Callable[[Table], sqlite.Insert | postgresql.Insert]:
    """An INSERT that can say what happens when a key is taken, in the words of the session's engine."""
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


@contextmanager
def refusing(session: Session, refusals: Mapping[str, type[AppError]], *, rows_alone: bool = False) -> Iterator[None]:
    """Write what the block changed; a value that is taken becomes the refusal named for its constraint.

    Uniqueness is decided by the constraint, never by looking first. The unit of work stays usable, so that a
    form can be shown again. ``rows_alone``: the block gives the session nothing to keep, which costs less.
    """
    try:
        with session.connection().begin_nested() if rows_alone else session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        for name, refusal in refusals.items():
            if _is_refused_by(name, error):
                raise refusal from error
        raise


def is_busy(error: OperationalError) -> bool:
    """Whether others have written, or held a row, for longer than one was willing to wait."""
    return "locked" in str(error.orig) or getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE


def _is_refused_by(name: str, error: IntegrityError) -> bool:
    """Whether the key, unique constraint or index ``name`` refused; SQLite names its columns, PostgreSQL itself."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == name)
    columns = (
        ", ".join(f"{table.name}.{column.name}" for column in rule.columns)
        for table in Base.metadata.tables.values()
        for rule in (*table.constraints, *table.indexes)
        if isinstance(rule, PrimaryKeyConstraint | UniqueConstraint | Index) and rule.name == name
    )
    return str(error.orig) == f"UNIQUE constraint failed: {next(columns)}"


def import_models() -> None:
    """Import every feature's tables, so that ``Base.metadata`` is whole (for Alembic and the tests)."""
    for name in ("holidays", "leases", "pulses"):
        importlib.import_module(f"app.core.{name}")
    features = importlib.import_module("app.features")
    for module in pkgutil.walk_packages(features.__path__, "app.features."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
