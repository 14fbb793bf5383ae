"""The migrations make exactly the tables that the models describe, and can be taken back one by one."""

import re

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from app.core import schema
from app.core.db import Base, Database, import_models, is_busy
from app.core.settings import PROJECT_DIR
from tests.databases import copy_of

HELD = text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")


@pytest.fixture
def bare(engines, engine_kind):
    """A database in which nothing has been made yet."""
    engine, _people = engines.get(engine_kind)
    database = Database(engine.create("bare"))
    yield database
    database.close()
    engine.drop("bare")


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_models_and_migrations_agree(empty_database):
    import_models()
    with empty_database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_models_and_migrations_want_the_same_of_a_row(bare, empty_database):
    """Alembic compares no CHECK: what the models say of a row, the migrations have made, word for word."""
    import_models()
    with bare.writer.begin() as connection:
        Base.metadata.create_all(connection)
    assert _checks(empty_database) == _checks(bare)


def test_every_table_goes_and_comes_back(bare):
    schema.migrate(bare)
    made = set(inspect(bare.reader).get_table_names())
    assert {"members", "facts", "reviews"} <= made
    _downgrade(bare)
    assert set(inspect(bare.reader).get_table_names()) <= {"alembic_version"}
    schema.migrate(bare)
    assert set(inspect(bare.reader).get_table_names()) == made


def test_migrating_twice_is_migrating_once(bare):
    assert not schema.is_current(bare)
    schema.migrate(bare)
    assert schema.is_current(bare)
    schema.migrate(bare)
    assert schema.is_current(bare)


def test_a_change_gives_way_to_who_is_at_work_and_is_tried_again(engines, monkeypatch):
    engine, _people = engines.get("postgres")
    with copy_of(engine, "empty") as url:
        database, at_work = Database(url), Database(url)
        _taken_back(database)
        pauses = []
        with at_work.writer.connect() as other:
            other.execute(HELD)
            monkeypatch.setattr("app.core.schema.time.sleep", lambda seconds: (pauses.append(seconds), other.commit()))
            schema.migrate(database)
        assert pauses == [schema.PAUSE_S]
        assert schema.is_current(database)
        database.close()
        at_work.close()


def test_a_change_that_never_gets_its_turn_changes_nothing(engines, monkeypatch):
    engine, _people = engines.get("postgres")
    monkeypatch.setattr(schema, "TRIES", 1)
    with copy_of(engine, "empty") as url:
        database, at_work = Database(url), Database(url)
        before = _taken_back(database)
        with at_work.writer.connect() as other:
            other.execute(HELD)
            with pytest.raises(OperationalError) as raised:
                schema.migrate(database)
            assert is_busy(raised.value)
        assert schema.revision(database) == before
        database.close()
        at_work.close()


def _taken_back(database: Database) -> str:
    """Without the newest revision; gives which one that is then."""
    config = Config(PROJECT_DIR / "alembic.ini")
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "-1")
    return schema.revision(database)


def _downgrade(database: Database) -> None:
    config = Config(PROJECT_DIR / "alembic.ini")
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")


def _checks(database):
    """What each table's CHECKs ask, by name, in the database's own words, whatever their order."""
    found = inspect(database.reader)
    return {
        (table, check["name"]): sorted(re.findall(r"'[^']*'|\w+|[^\w\s]+", check["sqltext"].replace(",", " ")))
        for table in Base.metadata.tables
        for check in found.get_check_constraints(table)
    }
