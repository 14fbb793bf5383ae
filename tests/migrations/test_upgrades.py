"""A house that was there before: what an earlier revision had kept is whole after the upgrade, on both databases.

``kept/`` holds a small invented organ as the product of that revision itself had made it: for each release one,
kept by ``tools/keep_revision.py``.
"""

import lzma
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from psycopg import sql
from sqlalchemy import String, Uuid, inspect, text

from app.core import schema
from app.core.db import Database
from app.core.settings import PROJECT_DIR
from app.features.audit import verification
from app.features.members.rules import OrganisationKind, Role
from tests.makers import Place, as_member, make_member
from tests.page import page

KEPT = sorted(Path(__file__).parent.joinpath("kept").glob("*.db.xz"))
OF_ALEMBIC = {"alembic_version"}
BRANCH = text("SELECT id, name FROM organisations WHERE kind = 'branch'")
PAGES = ("/", "/approvals", "/study/new", "/study/branch", "/shows", "/wishes", "/meetings", "/members", "/me")


@pytest.fixture(params=KEPT, ids=lambda path: path.name.split(".")[0])
def earlier(request, engines, engine_kind, tmp_path):
    """An installation as the earlier revision left it, and how many rows each of its tables had."""
    file = tmp_path / "earlier.db"
    file.write_bytes(lzma.decompress(request.param.read_bytes()))
    engine, _people = engines.get(engine_kind)
    database = Database(engine.create("earlier"))
    with closing(sqlite3.connect(file)) as kept:
        rows = tables_of(kept)
        if engine_kind == "sqlite":
            with closing(sqlite3.connect(database.writer.url.database)) as target:
                kept.backup(target)
        else:
            copy_to_postgres(kept, rows, database, request.param.name.split(".")[0])
    yield database, rows
    database.close()
    engine.drop("earlier")


def tables_of(kept):
    names = [name for (name,) in kept.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {
        name: kept.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names if "sqlite_" not in name
    }


def copy_to_postgres(kept, tables, database, revision):
    """The tables as that revision made them on PostgreSQL, and in them what it had kept on SQLite."""
    config = Config(PROJECT_DIR / "alembic.ini")
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    with database.writer.begin() as connection:
        target = connection.connection.driver_connection
        target.execute("SET LOCAL session_replication_role = replica")  # rows come table by table, not in their order
        target.execute("SET LOCAL TIME ZONE 'UTC'")
        for name in tables.keys() - OF_ALEMBIC:
            rows = kept.execute(f'SELECT * FROM "{name}"')
            columns = [column for column, *_rest in rows.description]
            target.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))  # what migrations had put there
            places = sql.SQL(", ").join(sql.Placeholder() * len(columns))
            insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns)), places
            )
            with target.cursor() as cursor:
                cursor.executemany(insert, ([as_typed(value) for value in row] for row in rows))


def as_typed(value):
    """A number goes as text, so that PostgreSQL makes a truth of it where the column is one."""
    return str(value) if isinstance(value, int | float) else value


def test_nothing_is_lost_all_is_proved_and_people_go_on(earlier, application):
    database, rows = earlier
    schema.migrate(database)
    assert schema.is_current(database)
    there = set(inspect(database.reader).get_table_names())
    with database.snapshot() as session:
        found = verification.verify(session)
        assert found.is_clean
        assert session.scalar(text("SELECT count(*) FROM facts")) == rows["facts"] > 500
        shorter = {
            name: (number, session.scalar(text(f'SELECT count(*) FROM "{name}"')))
            for name, number in rows.items()
            if name in there - OF_ALEMBIC
        }
    assert {name for name, (before, after) in shorter.items() if after < before} == set()
    application.state.database, own = database, application.state.database
    try:
        alice = as_member(joined(database))
        client = TestClient(application, follow_redirects=False)
        for address in PAGES:
            page(client.get(address, headers=alice))
    finally:
        application.state.database = own


def test_who_waited_for_an_officer_waits_once_however_often_the_step_is_made(earlier, request):
    """0060 puts passes of quizzes into the queue; to take it back leaves them there."""
    database, _rows = earlier
    schema.migrate(database)
    waiting = passes_in_the_queue(database)
    assert waiting or "0058" not in request.node.callspec.id
    with database.writer.begin() as connection:
        config = Config(PROJECT_DIR / "alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0059")
    schema.migrate(database)
    assert passes_in_the_queue(database) == waiting


def passes_in_the_queue(database):
    with database.snapshot() as session:
        return session.scalar(text("SELECT count(*) FROM reviews WHERE kind = 'study.quiz_pass'"))


def joined(database):
    """A secretary who comes to the branch of then, after the upgrade."""
    with database.write() as session:
        branch = session.execute(BRANCH.columns(id=Uuid(), name=String())).one()
        return make_member(
            session, Place(branch.id, branch.name, OrganisationKind.BRANCH), "艾莉", roles=(Role.SECRETARY,)
        )
