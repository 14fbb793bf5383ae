"""Sealing anew with another key, table by table, in batches that can be broken off and gone on with.

Every table with the columns ``sealed`` and ``key_id`` is covered, whichever feature it belongs to: a text that the
rotation forgot could never be opened again. What a text belongs to is the key of its row.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from app.core import sealing
from app.core.db import Base, import_models

BATCH: Final = 200
"""Texts sealed anew in one unit of work; somebody may be waiting to write."""
FIRST_ID: Final = UUID(int=0)


class Batch(NamedTuple):
    """What came of one batch."""

    last: UUID | None
    """The last row looked at, to go on after; ``None`` when there are no more."""
    resealed: int
    unopened: int
    """Texts that no key of the file opens. They stay as they are."""


def tables() -> Sequence[Table]:
    """The tables with sealed texts, by name."""
    import_models()
    return sorted(
        (table for table in Base.metadata.tables.values() if {"sealed", "key_id"} <= set(table.columns.keys())),
        key=lambda table: table.name,
    )


def number(session: Session, table: Table) -> int:
    """How many sealed texts a table keeps."""
    return session.scalar(select(func.count()).select_from(table).where(table.c.sealed.is_not(None))) or 0


def number_under_other_keys(session: Session, table: Table, key_id: str) -> int:
    """How many of them another key than ``key_id`` has sealed."""
    return session.scalar(select(func.count()).select_from(table).where(table.c.key_id != key_id)) or 0


def reseal(session: Session, table: Table, *, after: UUID = FIRST_ID) -> Batch:
    """Seal the next texts of a table anew that another key has sealed, those of rows ``after`` one."""
    sealer = sealing.sealer()
    key = _key(table)
    others = (
        select(key.label("row_id"), table.c.sealed)
        .where(table.c.key_id != sealer.key_id, key > after)
        .order_by(key)
        .limit(BATCH)
        .with_for_update()
    )
    rows = session.execute(others).all()
    anew: list[dict[str, Any]] = []
    for row in rows:
        try:
            content = sealer.open(row.sealed, belongs_to=row.row_id)
        except sealing.BrokenSealError:
            continue
        sealed = sealer.seal(content, belongs_to=row.row_id)
        anew.append({"row": row.row_id, "sealed_anew": sealed.text, "with_key": sealed.key_id})
    if anew:
        changed: dict[str, Any] = {"sealed": bindparam("sealed_anew"), "key_id": bindparam("with_key")}
        session.connection().execute(update(table).where(key == bindparam("row")).values(changed), anew)
    return Batch(rows[-1].row_id if rows else None, len(anew), len(rows) - len(anew))


def _key(table: Table) -> Column[UUID]:
    (key,) = table.primary_key.columns
    return key
