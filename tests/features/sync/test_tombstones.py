"""What is withdrawn leaves its id and hash, and nothing that could come back."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.ids import new_id
from app.features.sync.models import InboxItem
from app.features.sync.rules import ItemState, held
from app.features.sync.store import accept_once, forget, known_items, leave_tombstones, release, settle
from tests.features.sync.items import item_at_the_door, make_item

PERSONAL = ("payload", "device_id", "occurred_as_sent", "occurred_at", "corrected_at", "would_be_refused", "held_until")


@pytest.mark.parametrize("state", [ItemState.WITHDRAWN, ItemState.ERASED])
def test_only_id_and_hash_are_left(session, alice, state):
    item = make_item(session, alice, would_be_refused="over")
    leave_tombstones(session, [item.id], state=state)
    row = session.get_one(InboxItem, item.id)
    assert [getattr(row, name) for name in PERSONAL] == [None] * len(PERSONAL)
    assert (row.state, row.content_hash, row.member_id) == (state, item.content_hash, alice.id)


def test_a_held_item_leaves_a_tombstone(session, alice):
    item = make_item(session, alice, outcome=held(), depends_on=new_id())
    leave_tombstones(session, [item.id])
    assert known_items(session, [item.id])[item.id].state is ItemState.WITHDRAWN


def test_what_was_erased_is_not_called_withdrawn_later(session, alice):
    item = make_item(session, alice)
    leave_tombstones(session, [item.id], state=ItemState.ERASED)
    leave_tombstones(session, [item.id])
    assert known_items(session, [item.id])[item.id].state is ItemState.ERASED


def test_nothing_rises_again(session, alice):
    item = make_item(session, alice)
    leave_tombstones(session, [item.id])
    settle(session, {item.id: item.outcome})
    release(session, {item.id: item.outcome})
    accept_once(session, [item_at_the_door(alice, id=item.id)])
    assert known_items(session, [item.id])[item.id].state is ItemState.WITHDRAWN


def test_unknown_ids_are_left_alone(session):
    leave_tombstones(session, [new_id()])
    leave_tombstones(session, [])
    forget(session, [])


def test_a_living_state_is_no_tombstone(session, alice):
    with pytest.raises(ValueError, match="no tombstone"):
        leave_tombstones(session, [make_item(session, alice).id], state=ItemState.ACCEPTED)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'withdrawn'",
        "payload = NULL",
        "content_hash = NULL",
        "verdict = NULL",
        "verdict = 'duplicate'",
        "held_until = received_at",
        "depends_on = id",
        "state = 'held', held_until = received_at",
        "state = 'lost'",
    ],
)
def test_the_table_itself_refuses_half_measures(session, alice, change):
    make_item(session, alice)
    with pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE inbox_items SET {change}"))
