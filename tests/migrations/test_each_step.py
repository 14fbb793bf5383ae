"""No revision meets an empty table: what stands in any table that there was is still there after each step.

``test_upgrades.py`` upgrades real organs of some revisions; here the rows mean nothing, and each table has some from
the revision on that made it.
"""

import random

import pytest
from alembic import command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.core import schema
from app.core.db import Database
from app.core.settings import PROJECT_DIR
from tests.migrations import rows


@pytest.fixture
def bare(engines, engine_kind):
    """A database in which nothing has been made yet."""
    engine, _people = engines.get(engine_kind)
    database = Database(engine.create("steps"))
    yield database
    database.close()
    engine.drop("steps")


def step(database, script, config):
    """One revision on; the revisions themselves are read once, not for each step."""
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        with EnvironmentContext(config, script, fn=lambda at, _context: script._upgrade_revs("+1", at)):
            script.run_env()


def back_to_the_first(database, config):
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")


def filled(database, rng):
    """Rows in each table that has none; how many there are now."""
    with database.writer.begin() as connection:
        left = rows.fill(connection, rng)
        assert left == [], f"{left}: say in rows.SAID what their checks reckon with"
        return rows.counts(connection)


def shorter(database, before):
    with database.writer.begin() as connection:
        after = rows.counts(connection)
    return {name: (number, after[name]) for name, number in before.items() if after.get(name, number) < number}


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_each_step_keeps_the_rows_of_every_table_and_all_go_down_and_up_again(bare):
    rng = random.Random(1)
    before = {}
    config = Config(PROJECT_DIR / "alembic.ini")
    script = ScriptDirectory.from_config(config)
    while not schema.is_current(bare):
        step(bare, script, config)
        assert shorter(bare, before) == {}, schema.revision(bare)
        before = filled(bare, rng)
    back_to_the_first(bare, config)
    with bare.writer.begin() as connection:
        left = rows.counts(connection)
    schema.migrate(bare)
    assert shorter(bare, left) == {}


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_back_before_the_ways_from_outside_what_they_have_opened_ends(bare):
    """The version before does not know that a post needs more than that."""
    schema.migrate(bare)
    filled(bare, random.Random(1))
    opened = text("SELECT count(*) FROM sessions WHERE ended_at IS NULL AND id IN (SELECT session_id FROM was_opened)")
    with bare.writer.begin() as connection:
        connection.execute(text("UPDATE sessions SET ended_at = NULL"))
        connection.execute(text("CREATE TABLE was_opened AS SELECT session_id FROM outside_sessions"))
        assert connection.scalar(opened)
        config = Config(PROJECT_DIR / "alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0071")
        assert not connection.scalar(opened)
        connection.execute(text("DROP TABLE was_opened"))
