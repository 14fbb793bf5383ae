"""Another list of permitted words for a column, without copying its table."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def permit(table: str, column: str, constraint: str, words: Sequence[str]) -> None:
    """Let the CHECK ``constraint`` of ``table`` permit exactly ``words`` in ``column``.

    PostgreSQL takes the constraint away and adds it again. SQLite knows no such statement, and copying a table that
    everything refers to would mean switching foreign keys off; its manual describes the other way, for constraints
    that no data contradict: the text of the schema is edited (https://www.sqlite.org/lang_altertable.html, §7).

    Raises:
        LookupError: the table has no such constraint.
        ValueError: a row has a word that would no longer be permitted.
    """
    listed = _listed(words)
    if op.get_bind().dialect.name == "sqlite":
        _edit_schema(table, column, constraint, words)
    else:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({column} IN ({listed}))")


def permit_more(table: str, column: str, constraint: str, words: Sequence[str]) -> None:
    """Let the CHECK permit ``words`` besides those that it permits already."""
    permit(table, column, constraint, [*_permitted(table, constraint), *words])


def permit_no_more(table: str, column: str, constraint: str, words: Sequence[str]) -> None:
    """Take back what ``permit_more`` did."""
    permit(table, column, constraint, [word for word in _permitted(table, constraint) if word not in words])


def permit_facts(*types: str) -> None:
    """Let the ledger know new types of facts."""
    for table in ("facts", "totals"):
        permit_more(table, "fact_type", f"ck_{table}_facttype", types)


def forbid_facts(*types: str) -> None:
    """Take back what ``permit_facts`` did."""
    for table in ("facts", "totals"):
        permit_no_more(table, "fact_type", f"ck_{table}_facttype", types)


def _permitted(table: str, constraint: str) -> list[str]:
    for check in sa.inspect(op.get_bind()).get_check_constraints(table):
        if check["name"] == constraint:
            return re.findall(r"'([^']*)'", check["sqltext"])
    raise LookupError(f"{table} has no constraint {constraint}")


def _edit_schema(table: str, column: str, constraint: str, words: Sequence[str]) -> None:
    connection = op.get_bind()
    rows = sa.table(table, sa.column(column, sa.String))
    if connection.scalar(sa.select(sa.func.count()).select_from(rows).where(rows.c[column].not_in(words))):
        raise ValueError(f"{table}.{column} has words that would no longer be permitted")
    said = connection.scalar(
        sa.text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :table"), {"table": table}
    )
    changed, found = re.subn(
        rf"(CONSTRAINT {constraint} CHECK \({column} IN \()[^)]*\)",
        lambda match: f"{match[1]}{_listed(words)})",
        said or "",
    )
    if found != 1:
        raise LookupError(f"{table} has no constraint {constraint}")
    version = connection.scalar(sa.text("PRAGMA schema_version"))
    connection.execute(sa.text("PRAGMA writable_schema = ON"))
    connection.execute(
        sa.text("UPDATE sqlite_schema SET sql = :changed WHERE type = 'table' AND name = :table"),
        {"changed": changed, "table": table},
    )
    connection.execute(sa.text(f"PRAGMA schema_version = {version + 1}"))  # other connections read it again
    connection.execute(sa.text("PRAGMA writable_schema = RESET"))


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
