"""A member takes back what is undecided; whatever comes first, nothing comes back and the officer can follow it."""

from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.core import clock
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.records import service as records
from app.features.reviews import service as reviews
from app.features.reviews.rules import ReviewStatus
from app.features.study.record import RECORD
from app.features.study.rules import StudyKind
from app.features.sync.kinds import STREAM_KINDS
from app.features.sync.rules import ItemState
from tests.features.sync.makers import envelope, new_item, new_withdrawal, review_of, row_of, rows_of, send, words
from tests.makers import as_member
from tests.races import race

DONE = ("accepted", None)
GONE = ("withdrawn", "withdrawn")


def test_what_is_undecided_is_withdrawn(client, database, alice):
    item = new_item()
    send(client, alice, item)
    assert words(send(client, alice, new_withdrawal(item["id"]))) == [DONE]
    review = review_of(database, item)
    assert review.status is ReviewStatus.WITHDRAWN
    assert (review.title, review.decided_at is not None) == (
        item["payload"]["title"],
        True,
    )  # the officer sees what and when
    assert row_of(database, item).payload is None


def test_replay_after_withdrawal_brings_nothing_back(client, database, alice):
    item = new_item()
    withdrawal = new_withdrawal(item["id"])
    send(client, alice, item, withdrawal)
    for again in (item, item | {"payload": {"title": "别的", "minutes": 2}}):
        assert words(send(client, alice, again)) == [GONE]
    assert words(send(client, alice, withdrawal)) == [("duplicate", None)]
    assert review_of(database, item).status is ReviewStatus.WITHDRAWN
    assert row_of(database, item).state is ItemState.WITHDRAWN


def test_what_was_restored_on_a_page_stays_once_and_can_still_be_withdrawn(client, database, alice):
    item = new_item()
    send(client, alice, item)
    for done in ("withdraw", "restore"):
        client.post(f"/study/records/{item['id']}/{done}", headers=as_member(alice))
    assert words(send(client, alice, item)) == [GONE]  # the phone's list learns from the next page that it waits
    assert review_of(database, item).status is ReviewStatus.PENDING
    assert words(send(client, alice, new_withdrawal(item["id"]))) == [DONE]
    assert review_of(database, item).status is ReviewStatus.WITHDRAWN


def test_a_withdrawal_that_comes_first_keeps_the_item_out(client, database, alice):
    item = new_item()
    assert words(send(client, alice, new_withdrawal(item["id"]))) == [DONE]
    assert words(send(client, alice, item)) == [GONE]
    assert rows_of(database, item) == (1, 0, 0)


@pytest.mark.parametrize("backwards", [False, True])
def test_both_in_one_batch_in_any_order(client, database, alice, backwards):
    item = new_item()
    batch = [item, new_withdrawal(item["id"])]
    assert words(send(client, alice, *(batch[::-1] if backwards else batch))) == [DONE, DONE]
    assert review_of(database, item).status is ReviewStatus.WITHDRAWN
    assert words(send(client, alice, item)) == [GONE]


def test_a_flagged_item_withdrawn_in_its_own_batch_keeps_its_tombstone(client, database, alice):
    """The stream finds the overlap after the inbox has accepted; that must not dig the item up again."""
    one = new_item()
    twin = new_item(payload=one["payload"])
    send(client, alice, one)
    assert words(send(client, alice, twin, new_withdrawal(twin["id"]))) == [("review", "overlap"), DONE]
    assert row_of(database, twin).state is ItemState.WITHDRAWN


def test_withdrawn_twice_is_withdrawn(client, alice):
    item = new_item()
    send(client, alice, item)
    batch = [new_withdrawal(item["id"]), new_withdrawal(item["id"])]
    assert words(send(client, alice, *batch)) == [DONE, DONE]
    assert words(send(client, alice, new_withdrawal(item["id"]))) == [DONE]


@pytest.mark.parametrize("decide", ["approve", "return"])
def test_what_is_decided_stays(client, database, given, alice, sam, decide):
    item = new_item()
    send(client, alice, item)
    if decide == "approve":
        given(reviews.approve, sam.actor, [review_of(database, item).id])
    else:
        given(reviews.return_to_member, sam.actor, [review_of(database, item).id], reason="请写明时间")
    (verdict,) = send(client, alice, new_withdrawal(item["id"]))
    assert (verdict["verdict"], verdict["code"]) == ("refused", "already_decided")
    assert sam.name in verdict["message"]
    assert row_of(database, item).state is ItemState.ACCEPTED
    assert words(send(client, alice, item)) == [("duplicate", None)]


def test_after_the_decision_was_taken_back_it_can_be_withdrawn(client, database, given, alice, sam):
    item = new_item()
    send(client, alice, item)
    decision = given(reviews.approve, sam.actor, [review_of(database, item).id]).decision_id
    given(reviews.undo, sam.actor, decision_id=decision)
    assert words(send(client, alice, new_withdrawal(item["id"]))) == [DONE]
    assert review_of(database, item).status is ReviewStatus.WITHDRAWN


def test_nobody_withdraws_for_another(client, database, alice, bob):
    item = new_item()
    send(client, alice, item)
    assert words(send(client, bob, new_withdrawal(item["id"]))) == [("refused", "not_yours")]
    assert review_of(database, item).status is ReviewStatus.PENDING


def test_a_refused_item_is_withdrawn_too(client, alice):
    item = new_item(payload={})
    send(client, alice, item)
    assert words(send(client, alice, new_withdrawal(item["id"]), item)) == [DONE, ("refused", "bad_payload")]
    assert words(send(client, alice, item)) == [GONE]


def test_a_withdrawal_is_final(client, alice):
    item = new_item()
    withdrawal = new_withdrawal(item["id"])
    verdicts = send(client, alice, item, withdrawal, new_withdrawal(withdrawal["id"]))
    assert words(verdicts) == [DONE, DONE, ("refused", "not_withdrawable")]


def test_circles_of_withdrawals_spoil_nothing(client, alice):
    itself, one, other, target = (new_withdrawal("") for _number in range(4))
    itself["payload"] = {"id": itself["id"]}
    one["payload"], other["payload"] = {"id": other["id"]}, {"id": one["id"]}
    item = new_item(depends_on=target["id"])
    target["payload"] = {"id": item["id"]}
    verdicts = send(client, alice, itself, one, other, target, item, new_item())
    assert words(verdicts)[:3] == [("refused", "not_withdrawable")] * 3
    assert words(verdicts)[3:] == [DONE, DONE, DONE]
    assert words(send(client, alice, item)) == [GONE]


def test_a_held_item_that_waits_for_its_own_withdrawal_is_withdrawn(client, database, alice):
    withdrawal = new_withdrawal("")
    item = new_item(depends_on=withdrawal["id"])
    withdrawal["payload"] = {"id": item["id"]}
    send(client, alice, item)
    assert words(send(client, alice, withdrawal)) == [DONE]
    assert row_of(database, item).state is ItemState.WITHDRAWN
    assert review_of(database, item).status is ReviewStatus.WITHDRAWN


def test_a_withdrawal_waits_for_nothing(client, database, alice):
    item = new_item()
    assert words(send(client, alice, new_withdrawal(item["id"], depends_on=item["id"]))) == [DONE]
    assert words(send(client, alice, item)) == [GONE]


def test_a_conflicting_withdrawal_leaves_no_tombstone(client, database, alice):
    """Its id belongs to another withdrawal: what it names must not be kept out."""
    first = new_withdrawal(str(new_id()))
    item = new_item()
    send(client, alice, first)
    assert words(send(client, alice, first | {"payload": {"id": item["id"]}})) == [("conflict", "content_differs")]
    assert words(send(client, alice, item)) == [DONE]


def test_what_was_recorded_on_a_page_is_withdrawn_from_the_phone(client, database, given, alice):
    record = given(
        records.record,
        alice.actor,
        RECORD,
        id=new_id(),
        kind=StudyKind.LECTURE,
        title="党课",
        minutes=90,
        takeaway=None,
        day=clock.today(),
    )
    item = {"id": str(record.id)}
    assert words(send(client, alice, new_withdrawal(item["id"]))) == [DONE]
    assert review_of(database, item).status is ReviewStatus.WITHDRAWN


def test_what_is_withdrawn_on_the_page_does_not_come_back_from_the_phone(client, database, given, alice):
    item = new_item()
    send(client, alice, item)
    given(records.withdraw, alice.actor, RECORD, record_id=review_of(database, item).id)
    assert words(send(client, alice, item)) == [GONE]
    assert words(send(client, alice, new_withdrawal(item["id"]))) == [DONE]


def test_fifty_withdrawals_cost_as_many_statements_as_two(client, alice, statements):
    items = [new_item() for _number in range(50)]
    send(client, alice, *items)
    asked = []
    for targets in (items[:2], items[2:]):
        statements.clear()
        assert set(words(send(client, alice, *(new_withdrawal(item["id"]) for item in targets)))) == {DONE}
        asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.mark.race
def test_an_item_and_its_withdrawal_at_the_same_moment(app, database, alice):
    """Whichever is first: in the end the item has its tombstone and nothing waits for an officer."""
    items = [new_item() for _number in range(10)]
    bodies = [envelope(alice, [one]) for item in items for one in (item, new_withdrawal(item["id"]))]

    def post_one(number):
        return TestClient(app, headers=as_member(alice)).post("/sync", json=bodies[number]).status_code

    assert race(20, post_one) == [200] * 20
    for item in items:
        assert row_of(database, item).state is ItemState.WITHDRAWN
        inbox, waiting, records = rows_of(database, item)
        assert (inbox, waiting) in ((1, 0), (1, 1))
        assert records == waiting
        if waiting:
            assert review_of(database, item).status is ReviewStatus.WITHDRAWN


@pytest.mark.race
def test_withdrawn_and_approved_at_the_same_moment_is_one_of_them(app, database, alice, sam):
    items = [new_item() for _number in range(8)]
    send(TestClient(app), alice, *items)

    def act(number):
        item = items[number // 2]
        if number % 2:
            body = envelope(alice, [new_withdrawal(item["id"])])
            return TestClient(app, headers=as_member(alice)).post("/sync", json=body).json()["verdicts"][0]["verdict"]
        with database.write() as session:
            return len(reviews.approve(session, sam.actor, [UUID(item["id"])]).done)

    outcomes = race(16, act)
    for number, item in enumerate(items):
        approved, withdrawn = outcomes[2 * number], outcomes[2 * number + 1]
        status = review_of(database, item).status
        assert (approved, withdrawn, status) in (
            (1, "refused", ReviewStatus.APPROVED),
            (0, "accepted", ReviewStatus.WITHDRAWN),
        )


def test_a_held_item_withdrawn_together_with_the_predecessor_it_waited_for(client, database, alice):
    """It is released and withdrawn in one batch, and must not stay with the officers."""
    first = new_item()
    second = new_item(depends_on=first["id"])
    send(client, alice, second)
    assert words(send(client, alice, first, new_withdrawal(second["id"]))) == [DONE, DONE]
    assert row_of(database, second).state is ItemState.WITHDRAWN
    assert review_of(database, second).status is ReviewStatus.WITHDRAWN


@pytest.mark.parametrize("kind", STREAM_KINDS.values(), ids=STREAM_KINDS)
def test_no_stream_refuses_to_withdraw_what_it_does_not_know(session, alice, kind):
    ids = [new_id(), new_id()]
    told = kind.take_back(session, ids, alice.id)
    assert all(isinstance(error, NotFoundError) for error in told.values())
    assert told.keys() <= set(ids)
