"""What waits is found when its turn comes, and nobody waits for ever."""

from datetime import timedelta

import pytest

from app.core.ids import new_id
from app.features.sync.rules import ACCEPTED, HELD_FOR, ItemState, for_review, held
from app.features.sync.store import (
    accept_once,
    known_items,
    members_with_overdue,
    overdue,
    release,
    waiting_for,
)
from tests.features.sync.items import RECEIVED_AT, item_at_the_door, make_item

LATER = RECEIVED_AT + HELD_FOR


def make_chain(session, member, length, beginning):
    """``length`` held items, each waiting for the one before, the first for ``beginning``."""
    chain = [beginning]
    for _number in range(length):
        chain.append(make_item(session, member, outcome=held(), depends_on=chain[-1]).id)
    return chain[1:]


def test_a_whole_chain_waits_for_its_beginning(session, alice):
    beginning = new_id()
    chain = make_chain(session, alice, 60, beginning)
    make_item(session, alice, outcome=held(), depends_on=new_id())
    assert waiting_for(session, [beginning]) == []  # it has not come
    make_item(session, alice, id=beginning)
    assert {item.id for item in waiting_for(session, [beginning])} == set(chain)


def test_what_waits_comes_back_as_it_was(session, alice):
    beginning = make_item(session, alice)
    item = item_at_the_door(
        alice, outcome=held(), depends_on=beginning.id, would_be_refused="over", content='{"a":1}', seq=7
    )
    accept_once(session, [item])
    assert waiting_for(session, [beginning.id]) == [item]


def test_it_is_one_statement_however_long_the_chain(session, alice, statements):
    beginning = make_item(session, alice)
    make_chain(session, alice, 40, beginning.id)
    statements.clear()
    waiting_for(session, [beginning.id])
    assert len(statements) == 1


def test_somebody_elses_item_releases_nothing(session, alice, bob):
    beginning = make_item(session, bob)
    make_chain(session, alice, 1, beginning.id)
    assert waiting_for(session, [beginning.id]) == []


def test_items_that_wait_for_each_other_do_not_turn_the_search_round_and_round(session, alice):
    one, other = new_id(), new_id()
    make_item(session, alice, id=one, outcome=held(), depends_on=other)
    make_item(session, alice, id=other, outcome=held(), depends_on=one)
    assert {item.id for item in waiting_for(session, [one])} == {one, other}


@pytest.mark.parametrize(
    ("outcome", "state"), [(ACCEPTED, ItemState.ACCEPTED), (for_review({"overlap": "Twice."}), ItemState.REVIEW)]
)
def test_a_released_item_keeps_its_first_outcome(session, alice, outcome, state):
    item = make_item(session, alice, outcome=held(), depends_on=new_id())
    release(session, {item.id: outcome})
    first = known_items(session, [item.id])[item.id]
    assert (first.state, first.verdict, first.code) == (state, held().verdict, held().code)


def test_nothing_is_overdue_before_five_days_are_over(session, alice, bob):
    mine = make_item(session, alice, outcome=held(), depends_on=new_id())
    make_item(session, bob)
    almost = LATER - timedelta(seconds=1)
    assert members_with_overdue(session, now=almost) == []
    assert overdue(session, member_id=alice.id, now=almost) == []
    assert members_with_overdue(session, now=LATER) == [alice.id]
    assert overdue(session, member_id=alice.id, now=LATER) == [mine]
    assert overdue(session, member_id=bob.id, now=LATER) == []
