"""A revision leaves the version before it at work: what that reads and writes is there (decision 0063)."""

from typing import NamedTuple

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.core.db import Database
from app.core.settings import PROJECT_DIR

FROM = "0069"
"""The newest revision when this rule began."""
COLUMNS = text(
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable = 'YES', "
    "column_default IS NOT NULL FROM information_schema.columns WHERE table_schema = current_schema()"
)


class Column(NamedTuple):
    """As somebody sees it who writes into it."""

    kind: str = "bigint"
    length: int | None = None
    may_be_empty: bool = True
    has_default: bool = False


Tables = dict[tuple[str, str], Column]


def broken(before: Tables, after: Tables) -> list[str]:
    """What a process that knows the tables of ``before`` stumbles over in those of ``after``."""
    tables = {table for table, _column in before}
    found = [f"{table}.{column} is gone" for table, column in before.keys() - after.keys()]
    for (table, column), now in after.items():
        was = before.get((table, column))
        if was is None:
            if table in tables and not (now.may_be_empty or now.has_default):
                found.append(f"{table}.{column} is new, and has to be filled in")
        elif (was.kind, was.length) != (now.kind, now.length) and not is_wider(was, now):
            found.append(f"{table}.{column} was {was.kind}, and is {now.kind}")
        elif was.may_be_empty and not now.may_be_empty:
            found.append(f"{table}.{column} may not be empty any more")
    return sorted(found)


def is_wider(was: Column, now: Column) -> bool:
    return was.kind == now.kind and now.length is not None and was.length is not None and now.length > was.length


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ({("a", "x"): Column()}, []),
        ({("a", "x"): Column(), ("a", "y"): Column()}, []),
        ({("a", "x"): Column(), ("a", "y"): Column(may_be_empty=False, has_default=True)}, []),
        ({("a", "x"): Column(), ("b", "y"): Column(may_be_empty=False)}, []),
        ({("a", "z"): Column()}, ["a.x is gone"]),
        ({("a", "x"): Column(), ("a", "y"): Column(may_be_empty=False)}, ["a.y is new, and has to be filled in"]),
        ({("a", "x"): Column("text")}, ["a.x was bigint, and is text"]),
        ({("a", "x"): Column(may_be_empty=False)}, ["a.x may not be empty any more"]),
    ],
)
def test_what_stops_the_version_before(after, said):
    assert broken({("a", "x"): Column()}, after) == said


def test_a_longer_text_stops_nobody_and_a_shorter_one_does():
    short, long = ({("a", "x"): Column("character varying", length)} for length in (20, 40))
    assert broken(short, long) == []
    assert broken(long, short) == ["a.x was character varying, and is character varying"]


def test_each_revision_leaves_the_version_before_at_work(engines):
    engine, _people = engines.get("postgres")
    database = Database(engine.create("beside"))
    try:
        config = Config(PROJECT_DIR / "alembic.ini")
        script = ScriptDirectory.from_config(config)
        later = [one.revision for one in script.iterate_revisions("heads", FROM)][::-1]
        assert brought_to(database, config, FROM)
        for revision in later:
            before, after = tables_of(database), brought_to(database, config, revision)
            found = broken(before, after)
            if found:
                module = script.get_revision(revision).module
                since = getattr(module, "gone_from_code_since", revision)
                assert since < revision, f"{revision} breaks a version that is still at work: {found}"
    finally:
        database.close()
        engine.drop("beside")


def brought_to(database: Database, config: Config, revision: str) -> Tables:
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return tables_of(database)


def tables_of(database: Database) -> Tables:
    with database.reader.connect() as connection:
        rows = connection.execute(COLUMNS).all()
    return {(table, column): Column(*rest) for table, column, *rest in rows}
