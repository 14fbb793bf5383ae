"""The migrations make exactly the tables that the models describe, and can be taken back one by one."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from app.core import schema
from app.core.db import Base, Database, import_models
from app.core.settings import PROJECT_DIR


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


def _downgrade(database: Database) -> None:
    config = Config(PROJECT_DIR / "alembic.ini")
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
