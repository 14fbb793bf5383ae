"""One PostgreSQL database is lent to many tests: whatever one does to it, the next one finds it as it was."""

import pytest
from sqlalchemy import text

pytestmark = pytest.mark.parametrize("engine_kind", ["postgres"])
SLEEPING = "SET LOCAL session_replication_role = replica; "
DIRT = {
    "a row changed": "UPDATE members SET name = '改过' WHERE name = '艾莉'",
    "a row changed and changed back": "UPDATE members SET name = name",
    "a row away": "DELETE FROM role_terms",
    "one away and one there": "UPDATE role_terms SET id = gen_random_uuid()",
    "as many away as come": """
        WITH gone AS (DELETE FROM role_terms RETURNING *) INSERT INTO totals
        SELECT member_id, '2026-01-01', 'study.item', '', '', 1, 100 FROM gone""",
    "rows past their triggers": SLEEPING + "DELETE FROM members",
    "every row away": "TRUNCATE role_terms",
    "a trigger asleep": "ALTER TABLE facts DISABLE TRIGGER ALL",
    "a column more": "ALTER TABLE members ADD COLUMN colour text",
    "a column of another kind": "ALTER TABLE members ALTER COLUMN name TYPE text",
    "a column that may be empty": "ALTER TABLE members ALTER COLUMN name DROP NOT NULL",
    "a column with a default": "ALTER TABLE members ALTER COLUMN name SET DEFAULT 'x'",
    "a rule in place of another": """
        ALTER TABLE totals DROP CONSTRAINT ck_totals_not_negative,
        ADD CONSTRAINT ck_totals_not_negative CHECK (count >= -1)""",
    "a function": "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "a schema": "CREATE SCHEMA other",
    "a sequence": "CREATE SEQUENCE numbers",
    "a large object": "SELECT lo_create(0)",
    "a setting of the database": """
        DO $$ BEGIN
        EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || ' SET work_mem = 77'; END $$""",
    "a setting of a line": "SET lock_timeout = 7",
}
SHAPE = (
    """SELECT attrelid::regclass::text, attname, atttypid::regtype::text, attnotnull FROM pg_attribute
    WHERE attrelid >= 16384 AND NOT attrelid::regclass::text LIKE 'pg_%' ORDER BY 1, 2""",
    "SELECT adrelid::regclass::text, pg_get_expr(adbin, adrelid) FROM pg_attrdef ORDER BY 1, 2",
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE oid >= 16384 ORDER BY 1, 2",
    "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2",
    "SELECT proname, prosrc FROM pg_proc WHERE oid >= 16384 ORDER BY 1",
    "SELECT nspname FROM pg_namespace WHERE NOT nspname LIKE 'pg_%' ORDER BY 1",
    "SELECT count(*) FROM pg_largeobject_metadata",
    "SELECT setting FROM pg_settings WHERE name IN ('lock_timeout', 'work_mem') ORDER BY name",
)
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"


def found(database):
    """All that is in a database, and its shape, in words."""
    with database.read() as session:
        rows = {
            table: session.scalars(text(f"SELECT t::text FROM {table} t ORDER BY 1")).all()
            for table in session.scalars(text(TABLES))
        }
        return rows, [session.execute(text(asked)).all() for asked in SHAPE]


def commit(database, statement):
    with database.writer.connect() as connection:
        connection.exec_driver_sql(statement)
        connection.commit()


@pytest.fixture
def engine(engines, engine_kind):
    return engines.get(engine_kind)[0]


@pytest.mark.parametrize("dirt", DIRT.values(), ids=DIRT)
def test_the_next_test_finds_nothing_of_what_one_did(engine, dirt):
    with engine.lend("peopled") as database:
        before = found(database)
        commit(database, dirt)
    with engine.lend("peopled") as database:
        assert found(database) == before


def test_what_a_test_left_open_is_never_committed_into_the_next(engine):
    with engine.lend("peopled") as database:
        before = found(database)
        left = database.writer.connect()
        left.exec_driver_sql(DIRT["a row changed"])
    with engine.lend("peopled") as database:
        with pytest.raises(Exception, match="terminating connection"):
            left.exec_driver_sql("SELECT 1")
        assert found(database) == before


def test_rows_alone_are_put_back_into_the_same_database(engine):
    with engine.lend("peopled") as first:
        commit(first, DIRT["a row changed"])
    with engine.lend("peopled") as second:
        assert second is first
