"""Rows as every stream wants them: held while they change, there or not there for the one who asks, written once."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar, TypeVarTuple, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Result,
    Row,
    Select,
    Table,
    Uuid,
    bindparam,
    select,
    text,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import BindParameter

from app.core.db import insert_ignoring_duplicates
from app.core.errors import ContentDiffersError, NotFoundError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
AnyRow = Row[*tuple[Any, ...]]
Rows = Sequence[AnyRow]
IDS: Final[BindParameter[Any]] = bindparam("ids", type_=Uuid(), expanding=True)
"""For statements about some rows: ``.where(Model.id.in_(IDS))``."""


def columns(shape: type[tuple[Any, ...]], *models: Any, **said: Any) -> list[Any]:
    """The columns of a row ``shape`` (a ``NamedTuple``), in its order: ``shape._make(row)`` then fits whatever comes.

    ``said`` names those that are called otherwise; all others are of the first of ``models`` that has one of that name.
    """
    names: Sequence[str] = shape._fields  # type: ignore[attr-defined]  # of a NamedTuple
    return [
        said[name].label(name) if name in said else getattr(next(one for one in models if hasattr(one, name)), name)
        for name in names
    ]


def is_empty(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether a column that has a unique index is NULL, said so that SQLite does not look there.

    It counts no rows by itself and takes a unique index for the narrowest way to anything; under NULL lies nearly every
    row, and the whole table would be read.
    """
    return column.is_(None).is_(true())


def only(rows: str) -> dict[str, Any]:
    """An index of these rows alone, on both engines: ``Index("uq_…", "member_id", unique=True, **only("…"))``."""
    return {"sqlite_where": text(rows), "postgresql_where": text(rows)}


def locked(statement: Select[*Ts]) -> Select[*Ts]:
    """``statement``, holding what it finds until the unit of work ends, as the database has it by then.

    What is read before the lock may be old by the time the lock is there: it is read anew.
    """
    return statement.with_for_update().execution_options(populate_existing=True)


def one(session: Session, statement: Select[T], asked: Mapping[str, Any]) -> T:
    """The one thing that ``statement`` finds.

    Raises:
        NotFoundError: there is none, or none that the one who asks may know of.
    """
    found = session.scalars(statement, asked).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def one_row(session: Session, statement: Select[*Ts], asked: Mapping[str, Any]) -> Row[*Ts]:
    """The one row that ``statement`` finds.

    Raises:
        NotFoundError: there is none, or none that the one who asks may know of.
    """
    found = session.execute(statement, asked).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def rowcount(done: Result[Any]) -> int:
    """How many rows an UPDATE or DELETE has changed."""
    return cast(CursorResult[Any], done).rowcount


def put_once(
    session: Session, table: Table, rows: Collection[Mapping[str, Any]], *, said: Sequence[str] = ()
) -> set[UUID]:
    """Write those of these rows whose ``id`` is new, and give their ids: two statements, however many there are.

    The key decides, never a look before. One INSERT in the order of the ids, so that parallel batches cannot lock
    each other out (unsorted ones deadlocked on PostgreSQL).

    Raises:
        ContentDiffersError: an id is there with other content in one of the columns ``said``.
    """
    ordered = sorted(rows, key=lambda row: row["id"])
    if not ordered:
        return set()
    statement = insert_ignoring_duplicates(session, table).returning(table.c.id)
    fresh: set[UUID] = set(session.scalars(statement, ordered))
    if said and (repeated := [row for row in ordered if row["id"] not in fresh]):
        check_same(session, table, repeated, said=tuple(said))
    return fresh


def check_same(session: Session, table: Table, rows: Collection[Mapping[str, Any]], *, said: Sequence[str]) -> None:
    """Let rows pass that are there with the same content: the same form, or the same phone, once more.

    Raises:
        ContentDiffersError: one says something else in a column of ``said``, or is not there at all.
    """
    if not rows:
        return
    found = session.execute(_content(table, tuple(said)), {"ids": [row["id"] for row in rows]})
    there = {row[0]: tuple(row[1:]) for row in found}
    if any(there.get(row["id"]) != tuple(row[name] for name in said) for row in rows):
        raise ContentDiffersError


@lru_cache
def _content(table: Table, said: tuple[str, ...]) -> Select[Any]:
    return select(table.c.id, *(table.c[name] for name in said)).where(table.c.id.in_(IDS))
