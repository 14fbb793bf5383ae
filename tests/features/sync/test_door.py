"""What a whole request can meet: always JSON, never a redirect, and never an item's fault."""

import json

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from app.core import clock
from app.features.members.service import record_departure
from app.features.sign_in.models import SignInSession
from app.features.sign_in.rules import PHONE_SESSION
from app.features.sign_in.service import end_sessions
from app.features.sync.models import InboxItem
from tests.features.sync.makers import envelope, new_item, post, send, words
from tests.makers import ENGLISH, as_member


def refusal(response, status):
    """The code of a refused request, after checking that a phone can read it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"code", "message"}
    assert response.json()["message"]
    return response.json()["code"]


def items_in(database):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(InboxItem))


def test_the_answer_names_every_item_in_order(client, alice):
    items = [new_item(), {"id": "no id"}, new_item()]
    response = post(client, alice, items)
    answer = response.json()
    assert answer.keys() == {"server_time", "verdicts"}
    assert answer["server_time"].endswith("+00:00")
    assert [verdict["id"] for verdict in answer["verdicts"]] == [item["id"] for item in items]
    assert all(verdict.keys() == {"id", "verdict", "code", "message", "retry_after"} for verdict in answer["verdicts"])


def expire(session, member_id):
    """The member's sessions are over, as time would end them."""
    long_ago = clock.now() - 2 * PHONE_SESSION
    session.execute(update(SignInSession).where(SignInSession.member_id == member_id).values(created_at=long_ago))


@pytest.mark.parametrize(("end", "code"), [(expire, "not_signed_in"), (end_sessions, "ended")])
def test_session_expired_with_100_queued(client, database, given, alice, end, code):
    """Nothing of the queue comes in; the phone is told whether somebody has ended the session."""
    queue = [new_item() for _number in range(100)]
    given(end, alice.id)
    for batch in (queue[:50], queue[50:]):
        assert refusal(post(client, alice, batch), 401) == code
    assert items_in(database) == 0


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", None])
def test_nobody_signed_in_is_401_and_never_a_redirect(client, alice, content_type):
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.post("/sync", content=json.dumps(envelope(alice, [new_item()])), headers=headers)
    assert refusal(response, 401) == "not_signed_in"


def test_b_on_as_phone(client, database, alice, bob):
    batch = envelope(alice, [new_item()])
    assert refusal(client.post("/sync", json=batch, headers=as_member(bob)), 403) == "wrong_person"
    assert items_in(database) == 0
    assert words(send(client, alice, *batch["items"])) == [("accepted", None)]


def test_who_has_left_the_branch_keeps_the_queue(client, database, given, alice, sam):
    given(record_departure, sam.actor, member_id=alice.id, left_on=clock.today())
    assert refusal(post(client, alice, [new_item()]), 401) == "ended"
    assert items_in(database) == 0


def test_a_page_of_another_site_gets_nothing(client, database, alice):
    foreign = as_member(alice) | {"Sec-Fetch-Site": "cross-site"}
    response = client.post("/sync", json=envelope(alice, [new_item()]), headers=foreign)
    assert refusal(response, 403) == "foreign_request"
    assert items_in(database) == 0


@pytest.mark.parametrize("number", [51, 500])
def test_too_many_items_are_413(client, alice, number):
    assert refusal(post(client, alice, [{}] * number), 413) == "too_large"


@pytest.mark.parametrize("size", [600_000, 3_000_000])
def test_too_many_bytes_are_413(client, alice, size):
    assert refusal(post(client, alice, ["x" * size]), 413) == "too_large"


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'{"items": []}', b"[" * 100_000])
def test_no_envelope_is_422(client, alice, body):
    headers = as_member(alice) | {"Content-Type": "application/json"}
    assert refusal(client.post("/sync", content=body, headers=headers), 422) == "bad_envelope"


def test_an_old_page_is_426(client, alice):
    assert refusal(post(client, alice, [new_item()], app_version="0.0.3"), 426) == "client_too_old"


def test_a_database_that_is_away_is_503_with_a_time(lenient_client, database, alice, monkeypatch):
    lost = OperationalError("SELECT 1", None, Exception("database is locked"))

    def fail(*_args, **_kwargs):
        raise lost

    monkeypatch.setattr("app.features.sync.store.accept_once", fail)
    response = post(lenient_client, alice, [new_item()])
    assert int(response.headers["Retry-After"]) > 0
    assert refusal(response, 503) == "unavailable"
    monkeypatch.undo()
    assert items_in(database) == 0


def test_refusals_speak_the_phones_language(client, alice):
    response = client.post("/sync", content=b"", headers=as_member(alice) | ENGLISH)
    assert response.json()["message"].isascii()
