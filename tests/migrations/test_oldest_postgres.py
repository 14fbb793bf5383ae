"""The oldest PostgreSQL that is promised is run, and an older one is refused by name."""

import os
from unittest.mock import Mock

import psycopg
import pytest
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import DBAPIError

from app.core import commands, postgres
from app.core.db import Database
from tests.databases import OLDEST


@pytest.mark.parametrize("engine_kind", ["postgres"])
def test_what_is_promised_is_what_runs(engines, engine_kind):
    """``make test-oldest`` names a folder of programs: whatever is in it, 14 is what counts."""
    engine, _people = engines.get(engine_kind)
    assert engine.version == postgres.OLDEST if OLDEST else engine.version >= postgres.OLDEST


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("engine_kind", ["postgres"])
def test_an_older_server_is_named(engine_kind, database, monkeypatch, capsys):
    monkeypatch.setattr(postgres, "OLDEST", 99)
    address = database.url.render_as_string(hide_password=False)
    with pytest.raises(DBAPIError) as refused:
        Database(address).is_ready()
    assert commands.said_why(refused.value) == 1
    assert capsys.readouterr().err.startswith("PostgreSQL 99 or newer is needed; this server is 1")


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("number", "said"), [(130_004, "13.4"), (120_022, "12.22")])
def test_an_older_version_as_people_write_it(number, said):
    assert f"is needed; this server is {said}." in str(postgres.TooOldError(number))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("engine_kind", ["postgres"])
def test_a_database_that_is_not_of_utf_8_is_named(engine_kind, database, capsys):
    """Where the server was installed without a locale, PostgreSQL makes databases of ``SQL_ASCII``."""
    name = f"ascii_{os.getpid()}"
    made = f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    server = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(made)
        try:
            with pytest.raises(DBAPIError) as refused:
                Database(database.url.set(database=name).render_as_string(hide_password=False)).is_ready()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert commands.said_why(refused.value) == 1
    assert f"{name} has the encoding SQL_ASCII" in capsys.readouterr().err


@pytest.mark.parametrize(
    "called", ["(openGauss 5.0.2 build 48a25b11) compiled at 2024", "KingbaseES V008R006C008B0014"]
)
def test_what_is_no_postgresql_is_not_known_by_its_name(called):
    """docs/filing.zh-CN.md says so, until a server of theirs has passed these tests."""
    asked = Mock(exec_driver_sql=lambda _statement: Mock(scalar=lambda: called))
    with pytest.raises(AssertionError, match="Could not determine version"):
        PGDialect()._get_server_version_info(asked)
