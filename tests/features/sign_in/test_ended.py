"""A session that was ended from elsewhere says so, to pages and to the phone's queue. Source: docs/sync.md."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from app.core import clock
from app.features.members.models import Member
from app.features.sign_in.service import end_sessions
from tests.features.sign_in.makers import make_device
from tests.features.slips.makers import make_slip
from tests.makers import HTMX, as_member
from tests.page import page

JSON = {"Accept": "application/json"}
NEW_SENTENCE = "tiger under the bridge"


def ends_others(client, given, alice):
    client.post("/me/devices/end-others", headers={"Cookie": given(make_device, alice)})


def ends_this_one(client, given, alice):
    client.post(f"/me/devices/{alice.actor.session_id}/end", headers={"Cookie": given(make_device, alice)})


def changes_the_password(client, given, alice):
    form = {"present": alice.password, "password": NEW_SENTENCE, "again": NEW_SENTENCE}
    client.post("/me/password", headers={"Cookie": given(make_device, alice)}, data=form)


def uses_a_new_slip(client, given, alice):
    form = {"code": given(make_slip, alice), "password": NEW_SENTENCE, "again": NEW_SENTENCE}
    client.post("/activate", data=form)
    client.cookies.clear()


def leaves(client, given, alice):
    given(lambda session: setattr(session.get_one(Member, alice.id), "left_on", clock.today()))


@pytest.mark.parametrize(
    "end", [ends_others, ends_this_one, changes_the_password, uses_a_new_slip, leaves], ids=lambda end: end.__name__
)
def test_whatever_ends_it_the_phone_is_told(client, given, alice, end):
    end(client, given, alice)
    for answer in (
        client.post("/sync", headers=as_member(alice), json={}),
        client.get("/sync/lists", headers=as_member(alice) | JSON),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "ended")

    answer = client.get("/wishes?sort=new", headers=as_member(alice))
    assert answer.status_code == 303
    asked = urlsplit(answer.headers["location"])
    assert asked.path == "/sign-in"
    assert parse_qs(asked.query) == {"ended": ["1"], "next": ["/wishes?sort=new"]}
    by_htmx = client.post("/me/devices/end-others", headers=as_member(alice) | HTMX)
    assert urlsplit(by_htmx.headers["hx-redirect"]).path == "/sign-in"
    assert page(client.get(answer.headers["location"], headers=as_member(alice))).select_one("session-ended")


def test_what_time_has_ended_erases_nothing(client, given, alice):
    with time_machine.travel(datetime(2026, 3, 9, 4, 0, tzinfo=UTC), tick=False) as travel:
        key = {"Cookie": given(make_device, alice)}
        travel.shift(timedelta(days=31))
        assert client.get("/sync/lists", headers=key | JSON).json()["code"] == "not_signed_in"
        assert "ended" not in client.get("/wishes", headers=key).headers["location"]


def test_a_key_that_never_was_is_nobody_s(client):
    for key in ({}, {"Cookie": "sanliang_session=made-up"}):
        assert client.get("/sync/lists", headers=key | JSON).json()["code"] == "not_signed_in"


def test_bob_s_phone_hears_nothing_of_it(client, given, alice, bob):
    given(end_sessions, alice.id)
    assert client.get("/sync/lists", headers=as_member(bob) | JSON).status_code == 200
    assert not page(client.get("/sign-in")).select("session-ended")
