"""The drivers as they are: one connection for each thread, rows as dicts, values put into each engine's own form."""

import json
import re
import sqlite3
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import make_url

Row = dict[str, Any]
Ask = Callable[[str, Mapping[str, Any]], list[Row]]
"""Runs a statement with its values."""


def asker(url: str) -> Ask:
    """A function that asks the database ``url``, whichever engine it is."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(str(address.database))
    return _postgres(address.set(drivername="postgresql").render_as_string(hide_password=False))


def _sqlite(path: str) -> Ask:
    local = threading.local()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.row_factory = lambda cursor, row: dict(
            zip((column[0] for column in cursor.description), row, strict=True)
        )
        return connection

    def ask(statement: str, values: Mapping[str, Any]) -> list[Row]:
        if not hasattr(local, "connection"):
            local.connection = connect()
        given = {name: _as_text(value) for name, value in values.items()}
        rows: list[Row] = local.connection.execute(statement, given).fetchall()
        return rows

    return ask


def _postgres(address: str) -> Ask:
    local = threading.local()

    def ask(statement: str, values: Mapping[str, Any]) -> list[Row]:
        if not hasattr(local, "connection"):
            local.connection = psycopg.connect(address, autocommit=True, row_factory=dict_row)
        rows: list[Row] = local.connection.execute(re.sub(r":(\w+)", r"%(\1)s", statement), values).fetchall()
        return rows

    return ask


def _as_text(value: Any) -> Any:
    """SQLite keeps ids, days and moments as text."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case date():
            return value.isoformat()
        case _:
            return value


def an_id(value: Any) -> UUID:
    """An id of a row of either engine."""
    return value if isinstance(value, UUID) else UUID(value)


def a_day(value: Any) -> date:
    """A day of a row of either engine."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def a_moment(value: Any) -> datetime:
    """A moment of a row of either engine."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def an_object(value: Any) -> dict[str, Any]:
    """JSON of a row of either engine."""
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found
