"""A bad item spoils nothing but itself."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.core import clock
from app.core.errors import BadInputError
from app.core.ids import new_id
from app.features.records import service as records
from app.features.reviews.errors import NotYoursError
from app.features.study.record import RECORD
from app.features.study.rules import StudyKind
from app.features.sync.kinds import KINDS
from tests.features.sync.makers import envelope, new_item, new_withdrawal, post, row_of, rows_of, send, words
from tests.makers import as_member

MALFORMED: dict[str, Any] = {
    "nothing": None,
    "a number": 7,
    "a list": [],
    "empty": {},
    "no id": new_item(id=...),
    "id is no id": new_item(id="item-1"),
    "id is a number": new_item(id=17),
    "id is null": new_item(id=None),
    "id is half a sign": new_item(id="\ud800"),
    "no kind": new_item() | {"kind": ...},
    "kind is empty": new_item(kind=""),
    "kind too long": new_item(kind="k" * 41),
    "kind with NUL": new_item(kind="a\0b"),
    "no payload": new_item(payload=...),
    "payload is text": new_item(payload="text"),
    "payload with NUL": new_item(payload={"title": "a\0b", "minutes": 1}),
    "payload with half a sign": new_item(payload={"title": "\ud800", "minutes": 1}),
    "payload with NaN": new_item(payload={"title": "x", "minutes": float("nan")}),
    "payload with infinity": new_item(payload={"title": "x", "minutes": float("inf")}),
    "no time": new_item(occurred_at=...),
    "time is no time": new_item(occurred_at="yesterday"),
    "time too long": new_item(occurred_at="2026-03-09T10:00:00+08:00" + " " * 40),
    "time is a number": new_item(occurred_at=1773021600),
    "seq below zero": new_item(seq=-1),
    "seq without end": new_item(seq=2**63),
    "waits for nonsense": new_item(depends_on="the other one"),
    "would be refused at length": new_item(would_be_refused="x" * 41),
}
REFUSED = {
    "kind unknown": (new_item("score.change"), "unknown_kind"),
    "claims a wish": (new_item("wish.claim"), "unknown_kind"),
    "payload empty": (new_item(payload={}), "bad_payload"),
    "title too long": (new_item(payload={"title": "长" * 121, "minutes": 1}), "bad_payload"),
    "minutes below one": (new_item(payload={"title": "x", "minutes": 0}), "bad_payload"),
    "minutes of two days": (new_item(payload={"title": "x", "minutes": 2881}), "bad_payload"),
    "minutes without end": (new_item(payload={"title": "x", "minutes": 10**400}), "bad_payload"),
    "minutes in words": (new_item(payload={"title": "x", "minutes": "many"}), "bad_payload"),
    "payload too large": (new_item(payload={"title": "x", "minutes": 1, "takeaway": "长" * 3000}), "payload_too_large"),
    "withdraws nothing": (new_withdrawal("nothing"), "bad_payload"),
}
TITLE = "毒药"


def without_gaps(item):
    return {name: value for name, value in item.items() if value is not ...} if isinstance(item, dict) else item


def batch_around(poison, *, length=50):
    """A batch of ``length`` with ``poison`` in the middle."""
    neighbours = [new_item() for _number in range(length - 1)]
    return neighbours, [*neighbours[: length // 2], poison, *neighbours[length // 2 :]]


def verdicts_around(client, person, poison, database, *, length=50):
    """The verdict on ``poison``, after making sure that its neighbours were taken in."""
    neighbours, batch = batch_around(poison, length=length)
    verdicts = send(client, person, *batch)
    assert [verdict["verdict"] for verdict in verdicts].count("accepted") == length - 1
    assert all(rows_of(database, item) == (1, 1, 1) for item in neighbours)
    return verdicts[length // 2]


def test_one_poison_item_among_50(client, database, alice):
    verdict = verdicts_around(client, alice, new_item(payload={"title": "x", "minutes": -5}), database)
    assert (verdict["verdict"], verdict["code"]) == ("refused", "bad_payload")
    assert verdict["message"]


@pytest.mark.parametrize("poison", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_item_is_refused_alone(client, database, alice, poison):
    poison = without_gaps(poison)
    verdict = verdicts_around(client, alice, poison, database, length=3)
    assert (verdict["verdict"], verdict["code"]) == ("refused", "bad_payload")


def test_a_number_of_5000_digits_spoils_its_own_item_alone(client, database, alice):
    before, poison, after = new_item(), new_item(payload={"title": "x", "minutes": "N"}), new_item()
    body = json.dumps(envelope(alice, [before, poison, after])).replace('"N"', "9" * 5000)
    verdicts = client.post("/sync", content=body, headers=as_member(alice)).json()["verdicts"]
    assert words(verdicts) == [("accepted", None), ("refused", "bad_payload"), ("accepted", None)]
    assert [rows_of(database, item) for item in (before, poison, after)] == [(1, 1, 1), (0, 0, 0), (1, 1, 1)]


@pytest.mark.parametrize(
    ("sent", "shown"), [("item-1", "item-1"), (17, "17"), (None, None), ([], None), ("\ud800", "?")]
)
def test_the_answer_keeps_whatever_id_it_had(client, alice, sent, shown):
    assert send(client, alice, new_item(id=sent))[0]["id"] == shown


@pytest.mark.parametrize(("poison", "code"), REFUSED.values(), ids=REFUSED)
def test_what_can_never_be_taken_in_is_refused_alone(client, database, alice, poison, code):
    poison = poison | {"id": str(new_id())}  # the parameters are shared by both databases
    verdict = verdicts_around(client, alice, poison, database, length=3)
    assert (verdict["verdict"], verdict["code"]) == ("refused", code)
    assert rows_of(database, poison) == (1, 0, 0)


def test_the_sentence_names_the_field(client, alice):
    verdicts = send(client, alice, new_item(payload={"title": "x"}), new_item(payload={"title": 7, "minutes": 0}))
    said = [verdict["message"] for verdict in verdicts]
    assert str(KINDS["study.record"].words["minutes"]) in said[0]
    assert str(KINDS["study.record"].words["title"]) not in said[0]
    assert str(KINDS["study.record"].words["title"]) in said[1]
    assert "minutes" not in said[0]


@pytest.mark.parametrize("spelling", [str.upper, lambda text: text.replace("-", ""), lambda text: "{" + text + "}"])
def test_one_id_in_two_spellings_is_one_id(client, database, alice, spelling):
    item = new_item()
    send(client, alice, item)
    again = send(client, alice, item | {"id": spelling(item["id"])})
    assert words(again) == [("duplicate", None)]
    assert again[0]["id"] == spelling(item["id"])


@pytest.fixture
def tripping(monkeypatch):
    """Lets the study stream fail with ``fault`` after it has written, whenever it is given the title ``TITLE``."""

    def trip(fault):
        kind = KINDS["study.record"]

        def take(session, items):
            outcomes = kind.take(session, items)
            if any(item.payload.title == TITLE for item in items):
                raise fault
            return outcomes

        monkeypatch.setitem(KINDS, "study.record", replace(kind, take=take))

    return trip


def poison_item():
    return new_item(payload={"title": TITLE, "minutes": 1})


def test_a_fault_of_ours_asks_for_the_item_again_and_leaves_nothing(client, database, alice, tripping, monkeypatch):
    tripping(ZeroDivisionError())
    poison = poison_item()
    verdict = verdicts_around(client, alice, poison, database)
    assert (verdict["verdict"], verdict["retry_after"]) == ("retry", 60)
    assert rows_of(database, poison) == (0, 0, 0)
    monkeypatch.undo()
    assert words(send(client, alice, poison)) == [("accepted", None)]


def test_a_statement_the_database_refuses_is_no_end_of_the_batch(client, database, alice, monkeypatch):
    kind = KINDS["study.record"]

    def take(session, items):
        if any(item.payload.title == TITLE for item in items):
            session.execute(text("SELECT no_such_column"))
        return kind.take(session, items)

    monkeypatch.setitem(KINDS, "study.record", replace(kind, take=take))
    poison = poison_item()
    assert verdicts_around(client, alice, poison, database)["verdict"] == "retry"
    assert rows_of(database, poison) == (0, 0, 0)


def test_a_refusal_of_the_stream_refuses_one_item(client, database, alice, tripping):
    tripping(BadInputError("No."))
    poison = poison_item()
    verdict = verdicts_around(client, alice, poison, database)
    assert (verdict["verdict"], verdict["code"], verdict["message"]) == ("refused", "bad_input", "No.")
    assert row_of(database, poison).payload is None
    assert words(send(client, alice, poison)) == [("refused", "bad_input")]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (BadInputError("No."), [("refused", "bad_input"), ("review", "predecessor_missing"), ("accepted", None)]),
        (ZeroDivisionError(), [("retry", "later")] * 3),
    ],
    ids=["refused", "put off"],
)
def test_what_comes_after_a_poison_item_is_not_dealt_with_before_it(client, database, alice, tripping, fault, told):
    tripping(fault)
    first = poison_item()
    second = new_item(depends_on=first["id"])
    third = new_item(depends_on=second["id"])
    neighbour = new_item()
    assert words(send(client, alice, neighbour, third, second, first)) == [("accepted", None), *reversed(told)]
    stored = {"refused": (1, 0, 0), "review": (1, 1, 1), "accepted": (1, 1, 1), "retry": (0, 0, 0)}
    expected = [stored[verdict] for verdict, _code in told]
    assert [rows_of(database, item) for item in (first, second, third)] == expected


def test_an_id_that_the_stream_has_already_is_a_conflict(client, database, alice, tripping):
    tripping(NotYoursError())
    poison = poison_item()
    verdict = verdicts_around(client, alice, poison, database)
    assert (verdict["verdict"], verdict["code"]) == ("conflict", "not_yours")
    assert rows_of(database, poison) == (0, 0, 0)


def test_an_id_that_was_used_on_a_page_is_a_conflict(client, database, given, alice, bob):
    mine, others = new_item(), new_item()
    for item, person in ((mine, alice), (others, bob)):
        given(
            records.record,
            person.actor,
            RECORD,
            id=UUID(item["id"]),
            kind=StudyKind.LECTURE,
            title="页面上写的",
            minutes=90,
            takeaway=None,
            day=clock.today(),
        )
    assert words(send(client, alice, mine, others, new_item())) == [
        ("conflict", "content_differs"),
        ("conflict", "not_yours"),
        ("accepted", None),
    ]


def test_a_database_that_goes_away_fails_the_whole_batch(lenient_client, database, alice, tripping):
    tripping(OperationalError("INSERT", None, Exception("database is locked")))
    neighbours, batch = batch_around(poison_item(), length=5)
    assert post(lenient_client, alice, batch).status_code == 503
    assert [rows_of(database, item) for item in neighbours] == [(0, 0, 0)] * 4
