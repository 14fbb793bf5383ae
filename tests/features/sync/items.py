"""Items at the door and on their way into their streams, for tests."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.core.ids import new_id
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED
from app.features.sync.store import Tombstone, accept_once
from tests.makers import Person

RECEIVED_AT = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)


def item_at_the_door(member: Person, **columns: Any) -> Item[Any]:
    """An item of ``member`` that will be accepted, unless said otherwise."""
    return Item(
        **{
            "id": new_id(),
            "member_id": member.id,
            "branch_id": member.branch_id,
            "device_id": "phone",
            "handed_over_by_id": None,
            "kind": "test.note",
            "content": "{}",
            "content_hash": "0" * 64,
            "occurred_as_sent": "2026-03-09T10:00:00+08:00",
            "occurred_at": RECEIVED_AT,
            "corrected_at": RECEIVED_AT,
            "received_at": RECEIVED_AT,
            "seq": 1,
            "depends_on": None,
            "made_offline": True,
            "would_be_refused": None,
            "outcome": ACCEPTED,
            **columns,
        }
    )


def new_tombstone(member: Person, **columns: Any) -> Tombstone:
    """The tombstone of an item of ``member`` that has not come yet."""
    return Tombstone(
        **{
            "id": new_id(),
            "member_id": member.id,
            "branch_id": member.branch_id,
            "received_at": RECEIVED_AT,
            **columns,
        }
    )


def make_item(session: Session, member: Person, **columns: Any) -> Item[Any]:
    """``item_at_the_door``, taken in."""
    arrival = item_at_the_door(member, **columns)
    accept_once(session, [arrival])
    return arrival


def item_at_its_turn(member: Person, payload: BaseModel, *, occurred_at: datetime, **values: Any) -> Item[Any]:
    """An item as its stream gets it: said ``payload`` at ``occurred_at`` by a right clock, and came at once."""
    return Item(
        **{
            "id": new_id(),
            "member_id": member.id,
            "branch_id": member.branch_id,
            "device_id": "phone",
            "kind": "test.note",
            "content": payload.model_dump_json(),
            "content_hash": "0" * 64,
            "occurred_as_sent": "2026-03-09T10:00:00.123+08:00",
            "occurred_at": occurred_at,
            "corrected_at": occurred_at,
            "received_at": occurred_at,
            "made_offline": True,
            "payload": payload,
            "happened_at": occurred_at,
            **values,
        }
    )
