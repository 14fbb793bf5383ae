"""What was furnished on SQLite, taken over by PostgreSQL: both engines then measure the same people and facts."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import make_url

_AT_ONCE: Final = 5000


def copy_tables(source: Path, url: str, models: Sequence[Any]) -> None:
    """The rows of ``models`` from the SQLite file ``source`` into the empty database ``url``, in this order.

    Foreign keys are not asked again: they held on SQLite. Texts have no tabs, line breaks or backslashes.
    """
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as lite, psycopg.connect(plain) as postgres:
        postgres.execute("SET session_replication_role = replica")
        for model in models:
            columns = [f'"{column.name}"' for column in model.__table__.columns]
            name = model.__table__.name
            with postgres.cursor() as cursor, cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
                for lines in _lines(lite, name, columns):
                    copy.write(lines)
        postgres.commit()
        postgres.execute("ANALYZE")


def _lines(lite: sqlite3.Connection, name: str, columns: Sequence[str]) -> Iterator[str]:
    """The rows as COPY reads them; SQLite itself puts each together."""
    cells = " || char(9) || ".join(rf"coalesce({column}, '\N')" for column in columns)
    rows = lite.execute(f"SELECT {cells} FROM {name}")
    while lines := rows.fetchmany(_AT_ONCE):
        yield "".join(f"{line}\n" for (line,) in lines)
