"""Predecessors first, whatever the order in which items come; and as few rounds as possible."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import new_id
from app.features.sync.dispatch import Turn, rounds, turns
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, ItemState, KnownItem, Verdict, refused

NOW = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
MEMBER, STRANGER = new_id(), new_id()
IDS = [new_id() for _number in range(12)]
ITEM: Item[Any] = Item(
    id=IDS[0],
    member_id=MEMBER,
    branch_id=new_id(),
    device_id="phone",
    handed_over_by_id=None,
    kind="duty.progress",
    content="{}",
    content_hash="0" * 64,
    occurred_as_sent="2026-03-09T10:00:00+08:00",
    occurred_at=NOW,
    corrected_at=NOW,
    received_at=NOW,
    seq=1,
    depends_on=None,
    made_offline=True,
    would_be_refused=None,
    outcome=ACCEPTED,
)


def item(number, after=None, **columns):
    return replace(ITEM, id=IDS[number], depends_on=None if after is None else IDS[after], **columns)


def first(number, state=ItemState.ACCEPTED, member_id=MEMBER):
    return KnownItem(IDS[number], member_id, "duty.progress", state, "0" * 64, Verdict.ACCEPTED, None, None)


def turns_of(*items, known=()):
    found = turns({a.id: a for a in items}, {one.id: one for one in known})
    return [found[a.id] for a in items]


def test_what_depends_on_nothing_goes_now():
    assert turns_of(item(0)) == [Turn.NOW]


def test_a_chain_in_the_wrong_order_goes_now():
    assert turns_of(item(2, after=1), item(1, after=0), item(0)) == [Turn.NOW] * 3


def test_without_its_beginning_the_whole_chain_waits():
    assert turns_of(item(2, after=1), item(1, after=0)) == [Turn.WAITS] * 2


@pytest.mark.parametrize(
    ("state", "turn"),
    [
        (ItemState.ACCEPTED, Turn.NOW),
        (ItemState.REVIEW, Turn.NOW),
        (ItemState.HELD, Turn.WAITS),
        (ItemState.REFUSED, Turn.NEVER),
        (ItemState.WITHDRAWN, Turn.NEVER),
        (ItemState.ERASED, Turn.NEVER),
    ],
)
def test_a_predecessor_that_came_before_decides(state, turn):
    assert turns_of(item(1, after=0), known=[first(0, state)]) == [turn]


def test_somebody_elses_item_is_no_predecessor():
    assert turns_of(item(1, after=0), known=[first(0, member_id=STRANGER)]) == [Turn.WAITS]


def test_a_predecessor_refused_in_the_same_batch_never_comes():
    assert turns_of(item(2, after=1), item(1, after=0), item(0, outcome=refused("bad_payload", "No."))) == [
        Turn.NOW,
        Turn.NEVER,
        Turn.NOW,
    ]


def test_items_that_wait_for_each_other_wait():
    assert turns_of(item(0, after=1), item(1, after=0), item(2, after=1)) == [Turn.WAITS] * 3


def test_a_withdrawal_never_waits():
    assert turns_of(item(1, after=0, kind="withdraw", about=IDS[0])) == [Turn.NOW]


def work(number, after=None, kind="duty.progress"):
    return item(number, after, kind=kind)


def numbers_of(groups):
    return [[IDS.index(one.id) for one in group] for group in groups]


def test_one_kind_is_one_round_in_the_right_order():
    assert numbers_of(rounds([work(2, after=1), work(1, after=0), work(0)])) == [[0, 1, 2]]


def test_kinds_alternate_only_where_they_must():
    mixed = [work(3, after=2, kind="b"), work(0, kind="a"), work(1, kind="b"), work(2, after=0, kind="a")]
    assert [sorted(group) for group in numbers_of(rounds(mixed))] == [[0, 2], [1], [3]]


def test_a_circle_is_no_end_of_the_batch():
    circle = [work(0, after=1, kind="a"), work(1, after=0, kind="b"), work(2, after=2), work(3, after=1)]
    assert sorted(number for group in numbers_of(rounds(circle)) for number in group) == [0, 1, 2, 3]


@given(st.data())
def test_a_predecessor_always_comes_first(data):
    order = data.draw(st.permutations(range(len(IDS))))
    items = []
    for place, number in enumerate(order):
        after = data.draw(st.sampled_from([None, *order[:place]]))
        items.append(work(number, after, kind=data.draw(st.sampled_from("abc"))))
    groups = list(rounds(data.draw(st.permutations(items))))
    dealt_with = [one.id for group in groups for one in group]
    assert sorted(dealt_with) == sorted(IDS)
    for one in items:
        assert one.after is None or dealt_with.index(one.after) < dealt_with.index(one.id)
    assert all(len({one.kind for one in group}) == 1 for group in groups)
