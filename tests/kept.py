"""One PostgreSQL database for many tests, put back as it was after each: a copy for each took a third of their time.

What a test changed is seen in the database itself (how many rows a table has, and the last transaction that wrote one
of them), so that it does not matter who wrote: a thread, another process, a statement by hand. Where the tables
themselves were changed, a setting was, or somebody does not let go of a transaction, the database is given up and the
next test has a fresh copy; so it is after ``LENDINGS`` tests, because rows put back leave dead ones behind.
"""

from contextlib import suppress
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import event

from app.core.db import Database

LENDINGS: Final = 200
_CATALOGUES: Final = {
    "pg_attrdef": "adrelid",
    "pg_attribute": "attrelid",
    "pg_class": "oid",
    "pg_constraint": "oid",
    "pg_db_role_setting": "setdatabase",
    "pg_largeobject_metadata": "oid",
    "pg_namespace": "oid",
    "pg_proc": "oid",
    "pg_trigger": "oid",
    "pg_type": "oid",
}
"""Where the shape of a database is written down, and the column that says of what: rows like any other."""
_BUSY: Final = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
"""
"""A transaction that somebody left open may still be committed, with the next test."""
_TABLES: Final = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
_MARK: Final = sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}")
_OF_OURS: Final = sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {} WHERE {} >= 16384")
"""From this number on they are of things that users made."""

Marks = dict[str, tuple[int, int | None]]


class Kept:
    """A database that is lent to one test after the other."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.database.writer.pool._recycle = -1  # tests travel in time; a line does not grow old by that
        address = self.database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._line = psycopg.connect(address, autocommit=True)
        self._lent = 0
        try:
            self._line.execute("SET session_replication_role = replica")  # triggers and foreign keys sleep
        except psycopg.errors.InsufficientPrivilege:
            self.may_be_put_back = False
            return
        self.may_be_put_back = True
        self._line.execute("SET lock_timeout = '2s'")
        self._line.execute("SET max_parallel_workers_per_gather = 0")  # it would start some for a hundred empty tables
        tables = [str(name) for (name,) in self._line.execute(_TABLES)]
        self._ask = sql.SQL(" UNION ALL ").join(_MARK.format(sql.Literal(one), sql.Identifier(one)) for one in tables)
        self._ask_shape = sql.SQL(" UNION ALL ").join(
            _OF_OURS.format(sql.Literal(one), sql.Identifier(one), sql.Identifier(about))
            for one, about in _CATALOGUES.items()
        )
        self._shape = self._look(self._ask_shape)
        self._rows = {table: self._read(table) for table in tables}
        self._marks = self._look(self._ask)
        event.listen(self.database.writer, "before_cursor_execute", self._hear)
        self._heard = False

    def is_as_before(self) -> bool:
        """Put every row back; ``False`` where that cannot be done and the database is to be dropped."""
        self._lent += 1
        with suppress(psycopg.Error):
            is_busy = self._line.execute(_BUSY).fetchone() != (0,)
            if self._lent == LENDINGS or self._heard or is_busy or self._look(self._ask_shape) != self._shape:
                return False
            now = self._look(self._ask)
            if changed := [table for table in now if now[table] != self._marks[table]]:
                with self._line.transaction():
                    for table in changed:
                        self._write(table)
                self._marks = self._look(self._ask)
            return True
        return False

    def close(self) -> None:
        """Hang up."""
        self.database.close()
        self._line.close()

    def _hear(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        """A setting of a line that goes back into the pool would be there in the next test."""
        self._heard |= statement.lstrip()[:4].upper() == "SET "

    def _look(self, asked: sql.Composed) -> Marks:
        return {name: (count, last) for name, count, last in self._line.execute(asked)}

    def _read(self, table: str) -> bytes:
        with self._line.cursor().copy(
            sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
        ) as rows:
            return b"".join(map(bytes, rows))

    def _write(self, table: str) -> None:
        named = sql.Identifier(table)
        self._line.execute(sql.SQL("DELETE FROM {}").format(named))
        with self._line.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(named)) as rows:
            rows.write(self._rows[table])
