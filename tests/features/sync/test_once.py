"""However often an item comes, it is one; and every time it hears what it heard first."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from fastapi.testclient import TestClient

from app.features.reviews import service as reviews
from app.features.reviews.rules import ReviewStatus
from app.features.sync.kinds import KINDS
from app.features.sync.rules import ItemState
from tests.features.sync.makers import envelope, new_item, review_of, row_of, rows_of, send, words
from tests.makers import ENGLISH, as_member
from tests.races import race

ONE_OF_EACH = (1, 1, 1)


def test_an_item_waits_for_an_officer(client, database, alice):
    item = new_item(payload={"title": "党章学习", "minutes": 45, "takeaway": "第三章"})
    assert send(client, alice, item) == [
        {"id": item["id"], "verdict": "accepted", "code": None, "message": None, "retry_after": None}
    ]
    review = review_of(database, item)
    assert (review.title, review.status, review.member_id, review.recorded_by_id) == (
        "党章学习",
        ReviewStatus.PENDING,
        alice.id,
        alice.id,
    )


@pytest.mark.race
def test_40_times_2_parallel_sends_of_one_id_are_one_row(app, database, alice):
    batch = envelope(alice, [new_item(), new_item()])
    backwards = {**batch, "items": batch["items"][::-1]}

    def send_it(number: int) -> list[str]:
        phone = TestClient(app, headers=as_member(alice))
        return [
            verdict["verdict"]
            for verdict in phone.post("/sync", json=(batch, backwards)[number % 2]).json()["verdicts"]
        ]

    outcomes = race(80, send_it)
    assert sorted(outcomes) == [["accepted"] * 2] + [["duplicate"] * 2] * 79
    assert [rows_of(database, item) for item in batch["items"]] == [ONE_OF_EACH] * 2


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"title": "别的", "minutes": 1, "takeaway": None}},
        {"occurred_at": "2026-03-08T10:00:00+08:00"},
        {"kind": "visit.note"},
    ],
    ids=["payload", "time", "kind"],
)
def test_same_id_other_body_is_a_conflict(client, database, alice, change):
    item = new_item()
    send(client, alice, item)
    title = review_of(database, item).title
    assert words(send(client, alice, item | change)) == [("conflict", "content_differs")]
    assert rows_of(database, item) == ONE_OF_EACH
    assert review_of(database, item).title == title


def test_what_is_no_content_may_change(client, database, alice):
    """A phone that was restored from a copy counts anew, and spaces or the order of keys say nothing."""
    item = new_item()
    send(client, alice, item)
    again = {name: item[name] for name in reversed(item)} | {"seq": 1, "made_offline": False}
    again["payload"] = dict(reversed(item["payload"].items()))
    assert words(send(client, alice, again, device_id="another phone")) == [("duplicate", None)]


def test_somebody_elses_id_is_a_conflict_that_tells_nothing(client, database, alice, bob):
    item = new_item()
    send(client, alice, item)
    same, other = item, item | {"payload": {"title": "别的", "minutes": 1}}
    told = [send(client, bob, one)[0] for one in (same, other)]
    assert told[0] == told[1]
    assert words(told) == [("conflict", "not_yours")] * 2
    assert alice.name not in str(told)
    assert review_of(database, item).member_id == alice.id


def test_the_answer_is_lost_after_the_commit(client, database, alice):
    """The phone keeps what no verdict named, and sends it again: with more items, in another order."""
    lost = [new_item() for _number in range(3)]
    send(client, alice, *lost)
    fresh = new_item()
    assert words(send(client, alice, fresh, *lost[::-1])) == [("accepted", None)] + [("duplicate", None)] * 3
    assert [rows_of(database, item) for item in (*lost, fresh)] == [ONE_OF_EACH] * 4


def test_an_id_twice_in_one_batch(client, database, alice):
    item = new_item()
    other = item | {"payload": {"title": "别的", "minutes": 1}}
    assert words(send(client, alice, item, item, other)) == [
        ("accepted", None),
        ("duplicate", None),
        ("conflict", "content_differs"),
    ]
    assert rows_of(database, item) == ONE_OF_EACH


def test_replay_after_the_rules_changed_hears_the_first_outcome(client, database, alice, monkeypatch):
    accepted, unknown, flagged = new_item(), new_item("score.change"), new_item(would_be_refused="meeting_over")
    first = send(client, alice, accepted, unknown, flagged)
    assert words(first) == [("accepted", None), ("refused", "unknown_kind"), ("review", "would_be_refused")]
    monkeypatch.setitem(KINDS, "score.change", KINDS["study.record"])  # the one is known now, the other no longer
    monkeypatch.delitem(KINDS, "study.record")
    again = send(client, alice, accepted, unknown, flagged)
    assert words(again) == [("duplicate", None), ("refused", "unknown_kind"), ("duplicate", "would_be_refused")]
    assert [verdict["message"] for verdict in again] == [verdict["message"] for verdict in first]
    assert rows_of(database, unknown) == (1, 0, 0)


def test_replay_in_another_year_and_language_hears_the_first_outcome(client, alice):
    with time_machine.travel(datetime(2026, 12, 31, 2, 0, tzinfo=UTC), tick=False):
        plain, flagged = new_item(), new_item(occurred_at="2026-12-31T10:00:00")
        first = send(client, alice, plain, flagged)
        assert words(first) == [("accepted", None), ("review", "clock_skew")]
    with time_machine.travel(datetime(2027, 6, 1, 2, 0, tzinfo=UTC), tick=False):
        body = envelope(alice, [plain, flagged])
        again = client.post("/sync", json=body, headers=as_member(alice) | ENGLISH).json()["verdicts"]
    assert words(again) == [("duplicate", None), ("duplicate", "clock_skew")]
    assert again[1]["message"] == first[1]["message"]


def test_replay_after_the_decision_hears_the_first_outcome(client, database, given, alice, sam):
    approved, returned = new_item(), new_item()
    send(client, alice, approved, returned)
    given(reviews.approve, sam.actor, [review_of(database, approved).id])
    given(reviews.return_to_member, sam.actor, [review_of(database, returned).id], reason="请写明时间")
    assert words(send(client, alice, approved, returned)) == [("duplicate", None)] * 2
    assert review_of(database, approved).status is ReviewStatus.APPROVED
    assert review_of(database, returned).status is ReviewStatus.RETURNED


def test_a_refused_item_is_refused_again_so_that_the_phone_keeps_it(client, database, alice):
    item = new_item(payload={"title": "", "minutes": 0})
    first = send(client, alice, item)
    assert words(first) == [("refused", "bad_payload")]
    assert send(client, alice, item) == first
    assert row_of(database, item).state is ItemState.REFUSED
    assert row_of(database, item).payload is None


def test_both_times_are_kept_exactly(client, database, alice):
    item = new_item(occurred_at="2026-03-09T10:00:00.123456789+08:00")
    with time_machine.travel(datetime(2026, 3, 9, 4, 0, tzinfo=UTC), tick=False):
        send(client, alice, item)
    row = row_of(database, item)
    assert row.occurred_as_sent == item["occurred_at"]
    assert row.occurred_at == row.corrected_at == datetime(2026, 3, 9, 2, 0, 0, 123456, tzinfo=UTC)
    assert row.received_at - row.occurred_at == timedelta(hours=2) - timedelta(microseconds=123456)
