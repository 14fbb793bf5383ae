"""The key decides who was first; whoever comes again hears of the first."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.core.ids import new_id
from app.features.sync.models import InboxItem
from app.features.sync.rules import ItemState, KnownItem, SyncOutcome, Verdict, for_review, held, outcome_again, refused
from app.features.sync.store import accept_once, known_items
from tests.features.sync.items import item_at_the_door, make_item, new_tombstone
from tests.races import race


def test_what_is_new_is_taken_in(session, alice):
    arrivals = [item_at_the_door(alice) for _number in range(3)]
    assert accept_once(session, arrivals) == {}
    assert session.scalar(select(func.count()).select_from(InboxItem)) == 3


def test_what_came_before_is_named_and_left_alone(session, alice, bob):
    first = make_item(session, alice, outcome=for_review({"clock_skew": "The clock was wrong."}))
    again = item_at_the_door(bob, id=first.id, content_hash="1" * 64, content='{"title":"other"}')
    fresh = item_at_the_door(alice)
    known = accept_once(session, [again, fresh])
    assert known == {
        first.id: KnownItem(
            first.id,
            alice.id,
            "test.note",
            ItemState.REVIEW,
            "0" * 64,
            Verdict.REVIEW,
            "clock_skew",
            first.outcome.message,
        )
    }
    assert session.get_one(InboxItem, first.id).payload == "{}"


def test_all_of_a_batch_are_one_statement(session, alice, statements):
    accept_once(session, [item_at_the_door(alice) for _number in range(50)])
    assert len([sql for sql in statements if sql.startswith("INSERT")]) == 1


def test_a_tombstone_keeps_an_item_out(session, alice):
    tombstone = new_tombstone(alice)
    late = item_at_the_door(alice, id=tombstone.id)
    assert accept_once(session, [tombstone]) == {}
    assert accept_once(session, [late])[late.id].state is ItemState.WITHDRAWN
    assert session.get_one(InboxItem, late.id).payload is None


@pytest.mark.race
def test_forty_times_two_parallel_arrivals_of_one_id_are_one_row(database, alice, bob):
    mine, other = item_at_the_door(alice), item_at_the_door(alice)

    def send(number):
        """Batches overlap, and half of them have the two items in the other order."""
        with database.write() as session:
            return accept_once(session, [mine, other] if number % 2 else [other, mine])

    outcomes = race(80, send)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert sorted(len(outcome) for outcome in outcomes) == [0] + [2] * 79
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(InboxItem)) == 2


@pytest.mark.race
def test_batches_in_any_order_do_not_lock_each_other_out(database, alice):
    arrivals = [item_at_the_door(alice) for _number in range(50)]

    def send(number):
        with database.write() as session:
            return accept_once(session, arrivals[number:] + arrivals[:number])

    outcomes = race(12, send)
    assert sorted(len(outcome) for outcome in outcomes) == [0] + [50] * 11


ALICE, BOB = new_id(), new_id()
FIRST = KnownItem(
    id=new_id(),
    member_id=ALICE,
    kind="k",
    state=ItemState.ACCEPTED,
    content_hash="h",
    verdict=Verdict.ACCEPTED,
    code=None,
    message=None,
)


@pytest.mark.parametrize(
    ("first", "member_id", "content_hash", "expected"),
    [
        (FIRST, ALICE, "h", (Verdict.DUPLICATE, None)),
        (FIRST, ALICE, "other", (Verdict.CONFLICT, "content_differs")),
        (FIRST, BOB, "h", (Verdict.CONFLICT, "not_yours")),
        (FIRST, BOB, "other", (Verdict.CONFLICT, "not_yours")),
        (
            FIRST._replace(state=ItemState.REVIEW, verdict=Verdict.REVIEW, code="overlap"),
            ALICE,
            "h",
            (Verdict.DUPLICATE, "overlap"),
        ),
        (
            FIRST._replace(state=ItemState.HELD, verdict=Verdict.HELD, code="predecessor_missing"),
            ALICE,
            "h",
            (Verdict.DUPLICATE, "predecessor_missing"),
        ),
        (
            FIRST._replace(state=ItemState.REFUSED, verdict=Verdict.REFUSED, code="bad_payload"),
            ALICE,
            "h",
            (Verdict.REFUSED, "bad_payload"),
        ),
        (FIRST._replace(state=ItemState.WITHDRAWN), ALICE, "h", (Verdict.WITHDRAWN, "withdrawn")),
        (FIRST._replace(state=ItemState.WITHDRAWN), ALICE, "other", (Verdict.WITHDRAWN, "withdrawn")),
        (
            FIRST._replace(state=ItemState.WITHDRAWN, content_hash=None, verdict=None),
            ALICE,
            "h",
            (Verdict.WITHDRAWN, "withdrawn"),
        ),
        (FIRST._replace(state=ItemState.ERASED), ALICE, "h", (Verdict.WITHDRAWN, "withdrawn")),
        (FIRST._replace(state=ItemState.WITHDRAWN), BOB, "h", (Verdict.CONFLICT, "not_yours")),
    ],
)
def test_what_comes_again_hears_the_first_outcome(first, member_id, content_hash, expected):
    outcome = outcome_again(first, member_id=member_id, content_hash=content_hash)
    assert (outcome.verdict, outcome.code) == expected


def test_nothing_of_somebody_elses_item_shows():
    living = outcome_again(FIRST, member_id=BOB, content_hash="h")
    erased = outcome_again(
        FIRST._replace(state=ItemState.WITHDRAWN, code="x", message="y"), member_id=BOB, content_hash="z"
    )
    assert living == erased


def test_sentences_fit_their_column(session, alice):
    long = "长" * 1000
    item = make_item(session, alice, outcome=for_review({"overlap": long}))
    other = make_item(session, alice, outcome=refused("bad_payload", long), content=None)
    waiting = make_item(session, alice, outcome=held(), depends_on=item.id)
    for one in (item, other, waiting):
        assert known_items(session, [one.id])[one.id].message == one.outcome.message


def test_no_reason_means_accepted():
    assert for_review({}) == SyncOutcome(Verdict.ACCEPTED)


def test_arrivals_are_values(alice):
    arrival = item_at_the_door(alice)
    assert replace(arrival) == arrival
