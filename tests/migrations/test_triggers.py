"""What a trigger holds: rows that are only added, and states that nothing leaves."""

import pytest
from alembic import op
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from migrations import triggers

CHANGES = (
    "UPDATE notes SET said = 'other'",
    "DELETE FROM notes",
    "INSERT OR REPLACE INTO notes VALUES (1, 'other')",
    "TRUNCATE notes",
)


def run(database, *statements):
    with database.write() as session:
        for statement in statements:
            session.execute(text(statement))


@pytest.fixture
def notes(database):
    run(database, "CREATE TABLE notes (id INTEGER PRIMARY KEY, said VARCHAR(40))", "INSERT INTO notes VALUES (1, 'a')")
    return database


def migrate(database, work, *words):
    with database.writer.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        work(op, "notes", *words)


def changes_of(engine_kind):
    foreign = "TRUNCATE" if engine_kind == "sqlite" else "INSERT OR"
    return [change for change in CHANGES if not change.startswith(foreign)]


def test_rows_are_only_added(notes, engine_kind):
    migrate(notes, triggers.append_only)
    run(notes, "INSERT INTO notes VALUES (2, 'b')")
    for change in changes_of(engine_kind):
        with pytest.raises(DBAPIError, match="append-only"):
            run(notes, change)
    migrate(notes, triggers.drop_append_only)
    for change in changes_of(engine_kind):
        run(notes, change)


def test_an_end_is_an_end(notes):
    migrate(notes, triggers.final, "said", ("gone", "closed"))
    run(notes, "UPDATE notes SET said = 'gone'", "UPDATE notes SET said = 'gone'")
    with pytest.raises(DBAPIError, match=r"notes\.said is final"):
        run(notes, "UPDATE notes SET said = 'a'")
    migrate(notes, triggers.drop_final, "said")
    run(notes, "UPDATE notes SET said = 'a'")
