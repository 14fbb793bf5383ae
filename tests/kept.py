"""One PostgreSQL database for many tests, put back as it was after each: a copy for each took a third of their time.

What a test changed is seen in the database itself (how many rows a table has, and the last transaction that wrote one
of them), so that it does not matter who wrote: a thread, another process, a statement by hand. Where the tables
themselves were changed, or somebody does not let go of them, the database is given up and the next test has a fresh
copy; so it is after ``LENDINGS`` tests, because rows put back leave dead ones behind.
"""

from contextlib import suppress
from typing import Final

import psycopg
from psycopg import sql

from app.core.db import Database

LENDINGS: Final = 200
_SHAPE: Final = """
    SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'),
           (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_proc)
"""
_TABLES: Final = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
_MARK: Final = sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}")

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
        tables = [str(name) for (name,) in self._line.execute(_TABLES)]
        self._ask = sql.SQL(" UNION ALL ").join(_MARK.format(sql.Literal(one), sql.Identifier(one)) for one in tables)
        self._shape = self._line.execute(_SHAPE).fetchone()
        self._rows = {table: self._read(table) for table in tables}
        self._marks = self._look()

    def is_as_before(self) -> bool:
        """Put every row back; ``False`` where that cannot be done and the database is to be dropped."""
        self._lent += 1
        with suppress(psycopg.Error):
            if self._lent == LENDINGS or self._line.execute(_SHAPE).fetchone() != self._shape:
                return False
            now = self._look()
            with self._line.transaction():
                for table in now:
                    if now[table] != self._marks[table]:
                        self._write(table)
            self._marks = self._look()
            return True
        return False

    def close(self) -> None:
        """Hang up."""
        self.database.close()
        self._line.close()

    def _look(self) -> Marks:
        return {name: (count, last) for name, count, last in self._line.execute(self._ask)}

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
