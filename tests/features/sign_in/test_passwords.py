"""Another password, and the password once more."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Annotated

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response
from fastapi.testclient import TestClient

from app.core import passwords, refusals
from app.core.routing import Router
from app.features.members.actor import Actor
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction, Permission
from app.features.sign_in.door import require_recent, who_is_there
from app.features.sign_in.models import Credential, FormerPassword
from app.features.sign_in.password_rules import NOT_AGAIN
from app.features.sign_in.service import end_sessions
from tests.features.sign_in.makers import make_device
from tests.makers import PASSWORD, as_member
from tests.page import errors, page

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
NEW = "tiger under the bridge"


def change(client, person, present=PASSWORD, password=NEW, again=None):
    fields = {"present": present, "password": password, "again": password if again is None else again}
    return client.post("/me/password", data=fields, headers=as_member(person))


def fits(database, person, password):
    with database.read() as session:
        kept = session.get_one(Credential, person.id).password_hash
    return passwords.verify_password(password, kept)[0]


def test_alice_changes_her_password_and_other_devices_are_signed_out(client, alice, given, database):
    elsewhere = given(make_device, alice)
    page(client.get("/me/password", headers=as_member(alice)))
    response = change(client, alice)
    assert (response.status_code, response.headers["location"]) == (303, "/me")
    assert fits(database, alice, NEW)
    assert client.get("/me/devices", headers={"Cookie": elsewhere}).status_code == 303
    assert client.get("/me/devices", headers=as_member(alice)).status_code == 200
    with database.read() as session:
        noted = session.query(AuditEntry).where(AuditEntry.action == AuditAction.PASSWORD_CHANGED).one()
        assert (noted.actor_id, noted.subject_id, noted.changes) == (alice.id, alice.id, {})


@pytest.mark.parametrize(
    ("fields", "wrong_at"),
    [
        ({"present": "another password"}, "present"),
        ({"password": "short"}, "password"),
        ({"password": "woaini1314520"}, "password"),
        ({"password": "{phone}abc"}, "password"),
        ({"password": PASSWORD}, "password"),
        ({"again": "tiger under the brigde"}, "again"),
        ({"password": "", "again": ""}, "password"),
        ({"password": "长" * 201}, "password"),
    ],
)
def test_what_is_refused_is_said_at_its_field(client, alice, database, fields, wrong_at):
    typed = {name: text.format(phone=alice.phone) for name, text in fields.items()}
    soup = page(change(client, alice, **typed), 422)
    assert wrong_at in errors(soup)
    assert fits(database, alice, PASSWORD)


def test_all_that_is_wrong_is_said_in_one_answer_and_no_password_comes_back(client, alice):
    soup = page(change(client, alice, "another password", "short", "shorter"), 422)
    assert errors(soup).keys() == {"present", "password"}  # that the two differ is over once neither is taken
    soup = page(change(client, alice, "another password", NEW, "tiger under the brigde"), 422)
    assert errors(soup).keys() == {"present", "again"}
    assert errors(page(change(client, alice, PASSWORD, "short"), 422)).keys() == {"password"}
    assert [field.get("value") for field in soup.select("[type=password]")] == [None] * 3
    assert soup.select_one("[autocomplete=username]")["value"] == alice.phone


def test_the_last_five_are_not_chosen_again(client, alice, database):
    chosen = [PASSWORD, *(f"tiger under the {word}" for word in ("bridge", "willow", "lantern", "kettle", "umbrella"))]
    for present, password in pairwise(chosen):
        assert change(client, alice, present, password).status_code == 303
    for password in chosen[-NOT_AGAIN:]:
        assert "password" in errors(page(change(client, alice, chosen[-1], password), 422))
    with database.read() as session:
        assert session.query(FormerPassword).where(FormerPassword.member_id == alice.id).count() == NOT_AGAIN - 1
    assert change(client, alice, chosen[-1], PASSWORD).status_code == 303


def test_guessing_the_present_password_is_slow_too(client, alice):
    for _ in range(5):
        assert change(client, alice, "another password").status_code == 422
    assert change(client, alice).status_code == 429


def test_a_session_that_a_new_slip_has_ended_changes_nothing(client, alice, given, database, monkeypatch):
    def hash_password(password):
        given(end_sessions, alice.id)
        return real(password)

    real = passwords.hash_password
    monkeypatch.setattr(passwords, "hash_password", hash_password)
    assert change(client, alice).headers["location"].startswith("/sign-in")
    assert fits(database, alice, PASSWORD)


@pytest.fixture
def sensitive(database) -> TestClient:
    """A house with one sensitive act, and nothing else."""
    router = Router()

    @router.get("/secrets")
    def secrets(_: Annotated[Actor, require_recent(Permission.BE_MEMBER)]) -> Response:
        return PlainTextResponse("shown")

    app = FastAPI()
    app.state.database = database
    app.include_router(router)
    refusals.add_to(app, greet=who_is_there)
    return TestClient(app, follow_redirects=False)


def test_a_sensitive_act_asks_for_the_password_and_leads_back(client, sensitive, alice, given):
    with time_machine.travel(NOON, tick=False) as travel:
        key = {"Cookie": given(make_device, alice)}
        assert sensitive.get("/secrets", headers=key).text == "shown"
        travel.shift(timedelta(minutes=10, seconds=1))
        response = sensitive.get("/secrets?x=1", headers=key)
        assert (response.status_code, response.headers["location"]) == (303, "/confirm?next=/secrets%3Fx%3D1")
        soup = page(client.get(response.headers["location"], headers=key))
        assert soup.select_one("input[name=next]")["value"] == "/secrets?x=1"
        wrong = client.post("/confirm", data={"present": "another", "next": "/secrets?x=1"}, headers=key)
        assert "present" in errors(page(wrong, 422))
        assert sensitive.get("/secrets", headers=key).status_code == 303
        right = client.post("/confirm", data={"present": PASSWORD, "next": "/secrets?x=1"}, headers=key)
        assert (right.status_code, right.headers["location"]) == (303, "/secrets?x=1")
        assert sensitive.get("/secrets", headers=key).text == "shown"


def test_confirming_opens_this_session_only(client, sensitive, alice, given):
    with time_machine.travel(NOON, tick=False) as travel:
        here, there = ({"Cookie": given(make_device, alice)} for _ in range(2))
        travel.shift(timedelta(minutes=11))
        assert client.post("/confirm", data={"present": PASSWORD}, headers=here).headers["location"] == "/"
        assert sensitive.get("/secrets", headers=here).status_code == 200
        assert sensitive.get("/secrets", headers=there).status_code == 303


def test_confirming_is_no_way_to_guess(client, alice):
    headers = as_member(alice)
    for _ in range(5):
        assert client.post("/confirm", data={"present": "another"}, headers=headers).status_code == 422
    page(client.post("/confirm", data={"present": PASSWORD}, headers=headers), 429)


def test_signed_out_visitors_are_not_told_that_more_is_asked(sensitive):
    assert sensitive.get("/secrets").headers["location"] == "/sign-in?next=/secrets"
