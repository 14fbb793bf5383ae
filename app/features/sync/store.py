"""What phones captured, taken in once, remembered and released. The unique key decides, never a look before."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Table, Uuid, bindparam, delete, select, update
from sqlalchemy.orm import Session, aliased

from app.core.db import insert_ignoring_duplicates
from app.core.rows import IDS
from app.features.sync.items import Item
from app.features.sync.models import InboxItem
from app.features.sync.rules import (
    HELD_FOR,
    STORED,
    TOMBSTONES,
    ItemState,
    KnownItem,
    SyncOutcome,
    Verdict,
    state_after,
)

_TABLE: Final[Table] = InboxItem.__table__  # type: ignore[assignment]  # a mapped class has a Table
_OF_ITEM: Final = tuple(
    field.name for field in fields(Item) if field.name in _TABLE.columns and field.name != "payload"
)
"""Columns that an item has under the same name; what it says stands in ``payload`` as text."""
_NOW: Final = bindparam("now", type_=_TABLE.c.held_until.type)
_FIRST: Final = select(
    InboxItem.id,
    InboxItem.member_id,
    InboxItem.kind,
    InboxItem.state,
    InboxItem.content_hash,
    InboxItem.verdict,
    InboxItem.code,
    InboxItem.message,
    InboxItem.handed_over_by_id,
).where(InboxItem.id.in_(IDS))
_HELD: Final = (
    select(
        *(_TABLE.c[name] for name in _OF_ITEM),
        _TABLE.c.payload.label("content"),
        _TABLE.c.verdict,
        _TABLE.c.code,
        _TABLE.c.message,
    )
    .where(_TABLE.c.state == ItemState.HELD)
    .order_by(_TABLE.c.id)
)
_CONTENT: Final = (
    "payload",
    "device_id",
    "occurred_as_sent",
    "occurred_at",
    "corrected_at",
    "would_be_refused",
    "held_until",
)
"""Columns that a tombstone does not keep."""
_OF_IDS: Final = _TABLE.c.id.in_(IDS)
_NEW_STATE: Final = bindparam("new_state", type_=_TABLE.c.state.type)
_SETTLE: Final = (
    update(_TABLE)
    .where(_OF_IDS, _TABLE.c.state.not_in(TOMBSTONES))
    .values(
        state=_NEW_STATE,
        held_until=None,
        verdict=bindparam("new_verdict", type_=_TABLE.c.verdict.type),
        code=bindparam("new_code", type_=_TABLE.c.code.type),
        message=bindparam("new_message", type_=_TABLE.c.message.type),
    )
)
_SETTLE_REFUSED: Final = _SETTLE.values(payload=None)
_RELEASE: Final = (
    update(_TABLE).where(_OF_IDS, _TABLE.c.state == ItemState.HELD).values(state=_NEW_STATE, held_until=None)
)
_TOMBSTONE: Final = (
    update(_TABLE).where(_OF_IDS, _TABLE.c.state.not_in(TOMBSTONES)).values(state=_NEW_STATE, **dict.fromkeys(_CONTENT))
)
_FORGET: Final = delete(_TABLE).where(_OF_IDS)
_Predecessor = aliased(InboxItem)
_NEXT: Final = (
    select(InboxItem.id, InboxItem.member_id)
    .join(_Predecessor, InboxItem.depends_on == _Predecessor.id)
    .where(_Predecessor.id.in_(IDS), _Predecessor.member_id == InboxItem.member_id, InboxItem.state == ItemState.HELD)
    .cte("next", recursive=True)
)
_CHAIN: Final = _NEXT.union(
    select(InboxItem.id, InboxItem.member_id).where(
        InboxItem.depends_on == _NEXT.c.id, InboxItem.member_id == _NEXT.c.member_id, InboxItem.state == ItemState.HELD
    )
)
_WAITING_FOR: Final = _HELD.where(_TABLE.c.id.in_(select(_CHAIN.c.id)))
_OVERDUE: Final = _HELD.where(_TABLE.c.held_until <= _NOW, _TABLE.c.member_id == bindparam("member", type_=Uuid()))
_WITH_OVERDUE: Final = (
    select(_TABLE.c.member_id)
    .where(_TABLE.c.state == ItemState.HELD, _TABLE.c.held_until <= _NOW)
    .distinct()
    .order_by(_TABLE.c.member_id)
)


class Tombstone(NamedTuple):
    """The id of an item that was withdrawn and may not have come yet."""

    id: UUID
    member_id: UUID
    branch_id: UUID
    received_at: datetime


def accept_once(session: Session, items: Iterable[Item[Any] | Tombstone]) -> dict[UUID, KnownItem]:
    """Take each of these in, once for ever. Gives what is known of the ids that came before; the others are new.

    One INSERT that leaves taken ids alone, sorted by id so that parallel batches cannot lock each other out.
    """
    rows = sorted((_row(item) for item in items), key=lambda row: row["id"])
    if not rows:
        return {}
    statement = insert_ignoring_duplicates(session, _TABLE).returning(_TABLE.c.id)
    new = set(session.scalars(statement, rows))
    return known_items(session, {row["id"] for row in rows} - new)


def known_items(session: Session, ids: Collection[UUID]) -> dict[UUID, KnownItem]:
    """What is known of these ids; those that never came are missing."""
    if not ids:
        return {}
    return {row.id: KnownItem(*row) for row in session.execute(_FIRST, {"ids": list(ids)})}


def settle(session: Session, outcomes: Mapping[UUID, SyncOutcome]) -> None:
    """Give new items another first outcome than the one they came in with. A refused one loses its content.

    One that was withdrawn in the same batch keeps its tombstone; a verdict that leaves nothing is not remembered.
    """
    for outcome, ids in _by_outcome(outcomes).items():
        told = {
            "ids": ids,
            "new_state": state_after(outcome.verdict),
            "new_verdict": outcome.verdict,
            "new_code": outcome.code,
            "new_message": outcome.message,
        }
        session.execute(_SETTLE_REFUSED if outcome.verdict is Verdict.REFUSED else _SETTLE, told)


def release(session: Session, outcomes: Mapping[UUID, SyncOutcome]) -> int:
    """Held items have got their turn: they change their state and keep their first outcome. Gives their number.

    What its stream does not have now stays held.
    """
    released = _by_outcome(outcomes)
    for outcome, ids in released.items():
        session.execute(_RELEASE, {"ids": ids, "new_state": state_after(outcome.verdict)})
    return sum(map(len, released.values()))


def waiting_for(session: Session, ids: Collection[UUID]) -> list[Item[Any]]:
    """The held items whose turn has come now that ``ids`` are here, and those that wait for these.

    The caller has locked their member: two batches must not hold an item and release it at the same moment.
    """
    return [_item(row) for row in session.execute(_WAITING_FOR, {"ids": list(ids)})] if ids else []


def members_with_overdue(session: Session, *, now: datetime) -> list[UUID]:
    """Whose items have waited for longer than ``HELD_FOR``."""
    return list(session.scalars(_WITH_OVERDUE, {"now": now}))


def overdue(session: Session, *, member_id: UUID, now: datetime) -> list[Item[Any]]:
    """The items of a member (locked by the caller) that have waited for longer than ``HELD_FOR``."""
    return [_item(row) for row in session.execute(_OVERDUE, {"now": now, "member": member_id})]


def leave_tombstones(session: Session, ids: Iterable[UUID], *, state: ItemState = ItemState.WITHDRAWN) -> None:
    """Leave only the id and the hash of these items; a replay then resurrects nothing. Unknown ids are left alone.

    Raises:
        ValueError: ``state`` keeps the content.
    """
    if state not in TOMBSTONES:
        raise ValueError(f"{state} is no tombstone")
    if gone := sorted(ids):
        session.execute(_TOMBSTONE, {"ids": gone, "new_state": state})


def forget(session: Session, ids: Collection[UUID]) -> None:
    """Undo the taking in of items of this unit of work that could not be dealt with; they will come again."""
    if ids:
        session.execute(_FORGET, {"ids": list(ids)})


def _by_outcome(outcomes: Mapping[UUID, SyncOutcome]) -> dict[SyncOutcome, list[UUID]]:
    grouped: dict[SyncOutcome, list[UUID]] = {}
    for item, outcome in outcomes.items():
        if outcome.verdict in STORED:
            grouped.setdefault(outcome, []).append(item)
    return grouped


def _row(item: Item[Any] | Tombstone) -> dict[str, Any]:
    """All columns, so that items and tombstones can stand in one INSERT."""
    if isinstance(item, Tombstone):
        return _EMPTY | item._asdict()
    held = item.outcome.verdict is Verdict.HELD
    return {name: getattr(item, name) for name in _OF_ITEM} | {
        "payload": item.content,
        "state": state_after(item.outcome.verdict),
        "held_until": item.received_at + HELD_FOR if held else None,
        "verdict": item.outcome.verdict,
        "code": item.outcome.code,
        "message": item.outcome.message,
    }


def _item(row: Row[*tuple[Any, ...]]) -> Item[Any]:
    columns = {name: value for name, value in row._mapping.items() if name not in SyncOutcome._fields}
    return Item(**columns, outcome=SyncOutcome(row.verdict, row.code, row.message))


_EMPTY: Final = dict.fromkeys(column.name for column in _TABLE.columns) | {
    "seq": 0,
    "made_offline": False,
    "state": ItemState.WITHDRAWN,
}
