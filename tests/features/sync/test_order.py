"""An item waits for the one it depends on, in whatever order they come; and for five days at most."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient

from app.core import clock
from app.core.ids import new_id
from app.features.reviews.rules import Flag
from app.features.sync.kinds import KINDS
from app.features.sync.rules import ItemState
from app.sweep import release_overdue
from tests.features.sync.makers import envelope, new_item, new_withdrawal, review_of, row_of, rows_of, send, words
from tests.makers import as_member
from tests.races import race

WAITS = ("held", "predecessor_missing")
NOW = ("accepted", None)


def chain(length):
    """Items of which each depends on the one before."""
    items = [new_item()]
    for _number in range(length - 1):
        items.append(new_item(depends_on=items[-1]["id"]))
    return items


def later(**time):
    return time_machine.travel(clock.now() + timedelta(**time), tick=False)


def test_predecessor_arrives_last(client, database, alice):
    first, second = chain(2)
    assert words(send(client, alice, second)) == [WAITS]
    assert rows_of(database, second) == (1, 0, 0)
    assert words(send(client, alice, first)) == [NOW]
    assert rows_of(database, second) == (1, 1, 1)
    assert review_of(database, second).flags == ()
    assert row_of(database, second).state is ItemState.ACCEPTED
    assert words(send(client, alice, second)) == [("duplicate", "predecessor_missing")]  # what it heard first


def test_predecessor_last_in_the_same_batch(client, database, alice):
    items = chain(50)
    assert words(send(client, alice, *reversed(items))) == [NOW] * 50
    assert all(rows_of(database, item) == (1, 1, 1) for item in items)


def test_a_long_chain_is_released_by_its_beginning(client, database, alice):
    first, *others = chain(80)
    assert set(words(send(client, alice, *others[::-1][:40]) + send(client, alice, *others[::-1][40:]))) == {WAITS}
    assert words(send(client, alice, first)) == [NOW]
    assert all(rows_of(database, item) == (1, 1, 1) for item in others)


def test_one_that_comes_with_what_it_waits_for_is_accepted(client, database, alice):
    """The middle one waits already; with the first one come both."""
    first, second, third = chain(3)
    send(client, alice, second)
    assert words(send(client, alice, third, first)) == [NOW, NOW]
    assert [row_of(database, item).state for item in (first, second, third)] == [ItemState.ACCEPTED] * 3
    assert row_of(database, third).held_until is None


def test_somebody_elses_item_does_not_release(client, database, alice, bob):
    theirs = new_item()
    send(client, bob, theirs)
    assert words(send(client, alice, new_item(depends_on=theirs["id"]))) == [WAITS]


def test_a_predecessor_that_was_refused_sends_the_item_to_an_officer(client, database, alice):
    refused = new_item(payload={})
    item, late = new_item(depends_on=refused["id"]), new_item(depends_on=refused["id"])
    assert words(send(client, alice, item, refused))[0] == ("review", "predecessor_missing")
    assert words(send(client, alice, late)) == [("review", "predecessor_missing")]
    assert review_of(database, late).flags == (Flag.PREDECESSOR_MISSING,)


def test_a_predecessor_that_was_withdrawn_sends_the_item_to_an_officer(client, alice):
    first, second = chain(2)
    send(client, alice, first, new_withdrawal(first["id"]))
    assert words(send(client, alice, second)) == [("review", "predecessor_missing")]


def test_a_held_item_can_be_withdrawn_and_is_not_released(client, database, alice):
    first, second = chain(2)
    send(client, alice, second, new_withdrawal(second["id"]))
    send(client, alice, first)
    assert rows_of(database, second) == (1, 0, 0)
    assert words(send(client, alice, second)) == [("withdrawn", "withdrawn")]


def test_after_five_days_an_officer_looks_at_it(client, database, alice):
    item = new_item(depends_on=str(new_id()), would_be_refused="over")
    send(client, alice, item)
    with later(days=4, hours=23):
        assert release_overdue(database, now=clock.now()) == 0
    with later(days=5):
        assert release_overdue(database, now=clock.now()) == 1
        assert release_overdue(database, now=clock.now()) == 0  # twice is once
    review = review_of(database, item)
    assert set(review.flags) == {Flag.PREDECESSOR_MISSING, Flag.WOULD_BE_REFUSED}
    assert row_of(database, item).state is ItemState.REVIEW


def test_what_waits_for_an_overdue_item_goes_with_it_unflagged(client, database, alice):
    _lost, second, third = chain(3)
    send(client, alice, second)
    with later(days=2):
        send(client, alice, third)
    with later(days=5, hours=1):
        assert release_overdue(database, now=clock.now()) == 2
    assert review_of(database, second).flags == (Flag.PREDECESSOR_MISSING,)
    assert review_of(database, third).flags == ()


def test_items_that_wait_for_each_other_are_released_after_five_days(client, database, alice):
    one, other = new_item(), new_item()
    one["depends_on"], other["depends_on"] = other["id"], one["id"]
    assert words(send(client, alice, one, other)) == [WAITS, WAITS]
    with later(days=5):
        assert release_overdue(database, now=clock.now()) == 2
    assert [rows_of(database, item) for item in (one, other)] == [(1, 1, 1)] * 2


def test_a_held_item_of_a_kind_that_is_gone_stays_held(client, database, alice, monkeypatch, caplog):
    item = new_item(depends_on=str(new_id()), payload={"title": "绝密", "minutes": 1})
    send(client, alice, item)
    with later(days=5):
        with monkeypatch.context() as gone:
            gone.delitem(KINDS, "study.record")
            assert release_overdue(database, now=clock.now()) == 0
        assert item["id"] in caplog.text
        assert "绝密" not in caplog.text
        assert release_overdue(database, now=clock.now()) == 1


def test_a_held_item_its_stream_trips_over_stays_held(client, database, alice, monkeypatch):
    def trip(_session, _items):
        raise ZeroDivisionError

    item = new_item(depends_on=str(new_id()))
    send(client, alice, item)
    with later(days=5):
        with monkeypatch.context() as tripping:
            tripping.setitem(KINDS, "study.record", replace(KINDS["study.record"], take=trip))
            assert release_overdue(database, now=clock.now()) == 0
        assert rows_of(database, item) == (1, 0, 0)
        assert release_overdue(database, now=clock.now()) == 1
    assert rows_of(database, item) == (1, 1, 1)


def test_an_item_that_waits_for_itself_is_none(client, alice):
    item = new_item()
    assert words(send(client, alice, item | {"depends_on": item["id"]})) == [("refused", "bad_payload")]


@pytest.mark.race
def test_both_at_the_same_moment_wait_for_nobody(app, database, alice):
    """Neither batch sees the other's item; without holding the member, the second item would wait for ever."""
    pairs = [chain(2) for _number in range(12)]

    def post_one(number):
        pair = pairs[number // 2]
        return TestClient(app, headers=as_member(alice)).post("/sync", json=envelope(alice, [pair[number % 2]]))

    answers = race(24, post_one)
    assert [answer.status_code for answer in answers] == [200] * 24
    assert all(rows_of(database, item) == (1, 1, 1) for pair in pairs for item in pair)


@pytest.mark.race
def test_several_sweepers_release_an_item_once(client, database, alice, bob):
    items = [new_item(depends_on=str(new_id())) for _number in range(10)]
    for number, item in enumerate(items):
        send(client, (alice, bob)[number % 2], item)
    with later(days=6):
        released = race(6, lambda _number: release_overdue(database, now=clock.now()))
    assert sum(released) == 10
    assert all(rows_of(database, item) == (1, 1, 1) for item in items)
