"""Rules that only a trigger can hold, in the words of the engine that a migration runs on.

``alembic check`` does not see triggers: each has a test of its own in ``tests/migrations/``.
"""

from collections.abc import Sequence
from typing import Any


def append_only(op: Any, table: str, *keys: Sequence[str]) -> None:
    """Let rows of ``table`` be added and never changed, removed or overwritten.

    SQLite's ``INSERT OR REPLACE`` deletes without asking the delete trigger: an insert whose key is taken (one of
    ``keys``, each a tuple of columns; the primary key ``id`` where none is named) is refused as well.
    """
    if _is_postgres(op):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{column} = NEW.{column}' for column in key)})"
        for key in keys or (("id",),)
    )
    for name, moment in (("no_update", "BEFORE UPDATE"), ("no_delete", "BEFORE DELETE")):
        op.execute(f"CREATE TRIGGER {table}_{name} {moment} ON {table} {_refuse(f'{table} is append-only')}")
    op.execute(
        f"CREATE TRIGGER {table}_no_overwrite BEFORE INSERT ON {table} WHEN {taken} "
        f"{_refuse(f'{table} is append-only: this row is there already')}"
    )


def drop_append_only(op: Any, table: str) -> None:
    """Take back what ``append_only`` made."""
    if _is_postgres(op):
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        return
    for name in ("no_update", "no_delete", "no_overwrite"):
        op.execute(f"DROP TRIGGER {table}_{name}")


def final(op: Any, table: str, column: str, words: Sequence[str]) -> None:
    """Let no row of ``table`` leave one of the states ``words`` of ``column``: what has ended stays ended."""
    states = ", ".join(f"'{word}'" for word in words)
    ended = f"OLD.{column} IN ({states}) AND NEW.{column} <> OLD.{column}"
    says = f"{table}.{column} is final"
    if _is_postgres(op):
        op.execute(
            f"CREATE FUNCTION {table}_{column}_is_final() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION USING MESSAGE = '{says}', ERRCODE = 'restrict_violation'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_{column}_final BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({ended}) "
            f"EXECUTE FUNCTION {table}_{column}_is_final()"
        )
        return
    op.execute(f"CREATE TRIGGER {table}_{column}_final BEFORE UPDATE ON {table} WHEN {ended} {_refuse(says)}")


def drop_final(op: Any, table: str, column: str) -> None:
    """Take back what ``final`` made."""
    if _is_postgres(op):
        op.execute(f"DROP TRIGGER {table}_{column}_final ON {table}")
        op.execute(f"DROP FUNCTION {table}_{column}_is_final()")
        return
    op.execute(f"DROP TRIGGER {table}_{column}_final")


def _refuse(says: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{says}'); END"


def _is_postgres(op: Any) -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")
