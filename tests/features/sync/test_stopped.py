"""The server stops in the middle of a batch: all of an item is there then or none, and sending it again mends it."""

import httpx2
import pytest
from sqlalchemy.orm import Session

from app.features.sync import service
from tests.doomed import server
from tests.features.sync.doomed_server import FATAL
from tests.features.sync.makers import envelope, new_item, post, rows_of, send, words
from tests.makers import as_member

NONE, ALL = (0, 0, 0), (1, 1, 1)
DOOMED = "tests.features.sync.doomed_server"


def rows(database, items):
    return {rows_of(database, item) for item in items}


@pytest.mark.parametrize(("moment", "left"), [("before_commit", NONE), ("after_commit", ALL)])
def test_server_killed_in_the_middle_of_a_batch(database, alice, moment, left):
    items = [new_item() for _number in range(20)]
    items[10]["payload"]["title"] = FATAL
    body = envelope(alice, items)
    with server(database, DOOMED, moment) as phone, pytest.raises(httpx2.TransportError):
        phone.post("/sync", json=body, headers=as_member(alice))
    assert rows(database, items) == {left}
    with server(database, DOOMED, "never") as phone:
        verdicts = phone.post("/sync", json=body, headers=as_member(alice)).json()["verdicts"]
    assert set(words(verdicts)) == {("duplicate" if left == ALL else "accepted", None)}
    assert rows(database, items) == {ALL}


@pytest.mark.parametrize("step", ["store.accept_once", "dispatch", "store.settle", "store.waiting_for", "_told"])
def test_a_fault_at_any_step_leaves_nothing_and_loses_nothing(lenient_client, database, alice, monkeypatch, step):
    items = [new_item(), new_item(would_be_refused="over"), new_item()]
    items.append(new_item(depends_on=items[0]["id"]))
    send(lenient_client, alice, waiting := new_item(depends_on=items[1]["id"]))
    place, name = (service.store, step.removeprefix("store.")) if step.startswith("store.") else (service, step)
    whole = getattr(place, name)

    def fail(*arguments, **named):
        whole(*arguments, **named)
        raise MemoryError

    with monkeypatch.context() as fault:
        fault.setattr(place, name, fail)
        assert post(lenient_client, alice, items).status_code == 500
    assert rows(database, items) == {NONE}
    assert rows_of(database, waiting) == (1, 0, 0)
    assert "duplicate" not in dict(words(send(lenient_client, alice, *items)))
    assert rows(database, [*items, waiting]) == {ALL}


def test_a_commit_that_fails_answers_no_verdict(lenient_client, database, alice, monkeypatch):
    items = [new_item() for _number in range(3)]

    def fail(_session):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as fault:
        fault.setattr(Session, "commit", fail)
        response = post(lenient_client, alice, items)
    assert response.status_code == 500
    assert "verdicts" not in response.json()
    assert rows(database, items) == {NONE}
