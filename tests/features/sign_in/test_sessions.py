"""How long a session lives, where it is seen, and how it ends."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.features.members.models import Member
from app.features.members.rules import Role
from app.features.sign_in.models import SignInSession
from app.features.sign_in.rules import COOKIE, SessionKind
from app.features.sign_in.service import sweep
from tests.features.sign_in.makers import make_device
from tests.makers import HTMX, LONG_AGO, as_member, make_member
from tests.page import fragment, page

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)


def opens(client, cookie):
    return client.get("/me/devices", headers={"Cookie": cookie}).status_code == 200


@pytest.mark.parametrize(
    ("roles", "kind", "last_minute"),
    [
        ((), SessionKind.DESK, 30),
        ((Role.SECRETARY,), SessionKind.DESK, 30),
        ((Role.BUSINESS_ADMINISTRATOR,), SessionKind.DESK, 15),
        ((Role.BUSINESS_ADMINISTRATOR,), SessionKind.PHONE, 15),
    ],
)
def test_a_desk_left_alone_is_signed_out(client, given, branch, committee, roles, kind, last_minute):
    at = committee if Role.BUSINESS_ADMINISTRATOR in roles else None
    person = given(make_member, branch, "安宁", roles=roles, at=at)
    with time_machine.travel(NOON, tick=False) as travel:
        cookie = given(make_device, person, kind)
        travel.shift(timedelta(minutes=last_minute))
        assert opens(client, cookie)  # and is used again by this
        travel.shift(timedelta(minutes=last_minute))
        assert opens(client, cookie)
        travel.shift(timedelta(minutes=last_minute, seconds=1))
        assert not opens(client, cookie)


def test_a_phone_stays_for_thirty_days_unused_or_not(client, alice, given):
    with time_machine.travel(NOON, tick=False) as travel:
        cookie = given(make_device, alice)
        travel.shift(timedelta(days=29))
        assert opens(client, cookie)
        travel.shift(timedelta(days=1, seconds=1))
        assert not opens(client, cookie)


def test_reading_writes_the_last_use_at_most_once_a_minute(client, alice, given, statements):
    with time_machine.travel(NOON, tick=False) as travel:
        cookie = given(make_device, alice, SessionKind.DESK)
        for seconds in (30, 29, 2, 30):
            travel.shift(timedelta(seconds=seconds))
            statements.clear()
            assert opens(client, cookie)
            travelled = "UPDATE" in " ".join(statements)
            assert travelled is (seconds == 2)


def test_sessions_of_a_member_who_left_are_dead(client, alice, given):
    cookie = given(make_device, alice)
    assert opens(client, cookie)

    def leave(session):
        session.get_one(Member, alice.id).left_on = LONG_AGO

    given(leave)
    assert not opens(client, cookie)


def test_signing_out_ends_the_session_and_clears_pages_but_never_the_queue(client, alice, given):
    cookie = given(make_device, alice)
    response = client.post("/sign-out", headers={"Cookie": cookie})
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in")
    assert response.headers["clear-site-data"] == '"cache"'
    assert 'sanliang_session=""' in response.headers["set-cookie"]
    assert not opens(client, cookie)
    assert opens(client, as_member(alice)["Cookie"])


def test_signing_out_twice_is_once(client):
    assert client.post("/sign-out").status_code == 303
    assert client.post("/sign-out", headers={"Cookie": "sanliang_session=gone"}).status_code == 303


def test_a_sentence_that_was_meant_for_one_is_not_said_to_the_next(client, sam):
    client.cookies.set(COOKIE, sam.token)
    client.post("/members", data={"name": "安宁"})  # and the answer never arrives
    client.post("/sign-out")
    assert "安宁" not in page(client.get("/sign-in")).get_text()


def test_alice_sees_her_own_living_devices(client, alice, bob, given):
    with time_machine.travel(NOON, tick=False) as travel:
        given(make_device, alice, SessionKind.DESK, "Edge · Windows")
        travel.shift(timedelta(minutes=31))
        given(make_device, alice, SessionKind.PHONE, "WeChat · Android")
        given(make_device, bob, SessionKind.PHONE, "Safari · iPhone")
        soup = page(client.get("/me/devices", headers=as_member(alice)))
    names = [row.b.get_text() for row in soup.select("#device-list li")]
    assert names == ["Test", "WeChat · Android"]
    assert len(soup.select("#device-list .st.ok")) == 1


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_alice_signs_one_device_out(client, alice, given, database, headers):
    cookie = given(make_device, alice)
    with database.read() as session:
        device = (
            session.query(SignInSession).where(SignInSession.member_id == alice.id, SignInSession.device == "A").one()
        )
    response = client.post(f"/me/devices/{device.id}/end", headers=headers | as_member(alice))
    if headers:
        assert len(fragment(response).select("li")) == 1
    else:
        assert (response.status_code, response.headers["location"]) == (303, "/me/devices")
    assert not opens(client, cookie)
    assert client.post(f"/me/devices/{device.id}/end", headers=headers | as_member(alice)).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_alice_signs_all_others_out(client, alice, given, headers):
    cookies = [given(make_device, alice) for _ in range(3)]
    response = client.post("/me/devices/end-others", headers=headers | as_member(alice))
    assert response.status_code == (200 if headers else 303)
    assert [opens(client, cookie) for cookie in cookies] == [False] * 3
    assert opens(client, as_member(alice)["Cookie"])


def test_nobody_ends_another_s_session(client, alice, bob):
    response = client.post(f"/me/devices/{bob.actor.session_id}/end", headers=as_member(alice))
    page(response, 404)
    assert opens(client, as_member(bob)["Cookie"])


def test_sessions_that_are_over_are_swept(database, given, alice):
    with time_machine.travel(NOON, tick=False):
        given(make_device, alice)
    with database.write() as session:
        assert sweep(session, NOON + timedelta(days=30)) == 0
        assert sweep(session, NOON + timedelta(days=30, seconds=1)) == 1
        assert sweep(session, NOON + timedelta(days=30, seconds=1)) == 0
