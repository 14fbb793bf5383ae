"""Nobody locks somebody else out: a browser that is known to an account keeps attempts of its own."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
import time_machine
from fastapi.testclient import TestClient

from app.features.sign_in.models import KnownDevice
from app.features.sign_in.rules import ACCOUNT_LIMIT, ADDRESS_LIMIT, DEVICE_COOKIE, DEVICE_KNOWN, HERE_LIMIT
from app.features.sign_in.service import end_device, end_sessions, sweep
from tests.features.sign_in.makers import make_failures
from tests.features.slips.makers import make_slip
from tests.makers import PASSWORD, as_member

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
NEW_SENTENCE = {"password": "tiger under the bridge", "again": "tiger under the bridge"}
SAME = {"Sec-Fetch-Site": "same-origin"}


def at(app, address):
    """A browser with nothing in it, whose requests come from ``address``."""
    return TestClient(app, follow_redirects=False, headers=SAME, client=(address, 50000))


def tries(browser, person, password="not this one"):
    return browser.post("/sign-in", data={"login": person.phone, "password": password}).status_code


def device_cookie(response):
    return SimpleCookie("\r\n".join(response.headers.get_list("set-cookie"))).get(DEVICE_COOKIE)


def known(browser, person):
    """Sign in and out with ``browser``: from then on it is known to ``person``'s account."""
    assert tries(browser, person, PASSWORD) == 303
    assert browser.post("/sign-out").status_code == 303
    return browser


@pytest.fixture
def from_everywhere(given):
    """Somebody tries passwords for a person from so many addresses that all together are too many."""
    return lambda person: given(make_failures, ACCOUNT_LIMIT.failures, account=person.id)


@pytest.fixture
def at_everybody(given):
    """Somebody behind an address tries passwords for everybody."""
    return lambda address: given(make_failures, ADDRESS_LIMIT.failures, network=address)


def test_guessing_from_everywhere_does_not_lock_the_person_out(app, alice, from_everywhere):
    phone = known(at(app, "198.51.100.7"), alice)
    from_everywhere(alice)
    assert tries(phone, alice, PASSWORD) == 303
    assert tries(at(app, "198.51.100.8"), alice, PASSWORD) == 303  # right the first time, on a new phone
    assert [tries(at(app, "198.51.100.9"), alice) for _ in range(2)] == [422, 429]


def test_guessing_behind_the_organ_s_address_locks_nobody_of_it_out(client, app, given, alice, bob, at_everybody):
    desk = known(at(app, "198.51.100.7"), alice)
    slip = given(make_slip, bob)
    at_everybody("198.51.100.7")
    assert [tries(desk, alice) for _ in range(4)] == [422] * 4
    assert tries(desk, alice, PASSWORD) == 303
    assert tries(at(app, "198.51.100.7"), bob, PASSWORD) == 303
    here = at(app, "198.51.100.7")
    assert here.post("/confirm", headers=as_member(bob), data={"present": PASSWORD}).status_code == 303
    assert here.post("/activate", data={"code": slip} | NEW_SENTENCE).status_code == 303


def test_a_known_device_that_guesses_is_locked_itself(app, alice):
    phone = known(at(app, "198.51.100.7"), alice)
    assert [tries(phone, alice) for _ in range(HERE_LIMIT.failures + 1)] == [422] * HERE_LIMIT.failures + [429]
    assert tries(at(app, "198.51.100.7"), alice, PASSWORD) == 303


def test_a_device_known_to_bob_is_a_stranger_to_alice(app, alice, bob, from_everywhere):
    guessing = known(at(app, "198.51.100.7"), bob)
    from_everywhere(alice)
    assert [tries(guessing, alice) for _ in range(2)] == [422, 429]


def test_one_browser_is_known_to_everybody_who_signed_in_there(app, alice, bob, database, from_everywhere):
    shared = known(known(at(app, "198.51.100.7"), alice), bob)
    with database.read() as session:
        assert {row.member_id for row in session.query(KnownDevice)} == {alice.id, bob.id}
        assert session.query(KnownDevice.token_digest).distinct().count() == 1
    from_everywhere(alice)
    assert tries(shared, alice, PASSWORD) == 303


def test_a_token_of_one_s_own_choice_is_not_taken(app, alice):
    planted = at(app, "198.51.100.7")
    planted.cookies.set(DEVICE_COOKIE, "chosen-by-somebody")
    response = planted.post("/sign-in", data={"login": alice.phone, "password": PASSWORD})
    cookie = device_cookie(response)
    assert cookie.value != "chosen-by-somebody"
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert int(cookie["max-age"]) == DEVICE_KNOWN.total_seconds()


def ends_others(session, alice, here):
    end_sessions(session, alice.id, but=here)


def ends_that_one(session, alice, here):
    (there,) = (row.session_id for row in session.query(KnownDevice) if row.session_id != here)
    end_device(session, alice.actor, session_id=there)


@pytest.mark.parametrize("end", [ends_others, ends_that_one], ids=lambda end: end.__name__)
def test_a_device_signed_out_from_elsewhere_is_not_known_any_more(app, given, database, alice, end, from_everywhere):
    lost = at(app, "198.51.100.7")
    assert tries(lost, alice, PASSWORD) == 303
    given(end, alice, alice.actor.session_id)
    with database.read() as session:
        assert session.query(KnownDevice).count() == 0
    from_everywhere(alice)
    assert [tries(lost, alice) for _ in range(2)] == [422, 429]


def test_the_device_that_ends_the_others_stays_known(app, alice, database, from_everywhere):
    desk, lost = at(app, "198.51.100.7"), at(app, "198.51.100.8")
    for browser in (lost, desk):
        assert tries(browser, alice, PASSWORD) == 303
    assert desk.post("/me/devices/end-others").status_code == 303
    with database.read() as session:
        assert session.query(KnownDevice).count() == 1
    from_everywhere(alice)
    assert [tries(desk, alice) for _ in range(HERE_LIMIT.failures)] == [422] * HERE_LIMIT.failures


def test_it_is_known_until_nobody_used_it_for_more_than_a_year(app, alice, database, from_everywhere):
    with time_machine.travel(NOON, tick=False) as travel:
        phone = known(at(app, "198.51.100.7"), alice)
        travel.shift(DEVICE_KNOWN - timedelta(days=1))
        from_everywhere(alice)
        with database.write() as session:
            sweep(session, datetime.now(UTC))
            assert session.query(KnownDevice).one().session_id is None  # the session itself is long over
        assert [tries(phone, alice) for _ in range(2)] == [422, 422]
        travel.shift(timedelta(days=1, seconds=1))
        with database.write() as session:
            sweep(session, datetime.now(UTC))
            assert session.query(KnownDevice).count() == 0


def test_the_own_data_name_the_devices_and_no_secret(client, app, alice):
    known(at(app, "198.51.100.7"), alice)
    told = client.get("/me/export.json", headers=as_member(alice)).json()
    assert [set(row) for row in told["known_devices"]] == [{"device", "used_at"}]


def test_a_slip_makes_the_new_device_the_only_known_one(client, app, given, alice, database):
    known(at(app, "198.51.100.7"), alice)
    assert client.post("/activate", data={"code": given(make_slip, alice)} | NEW_SENTENCE).status_code == 303
    with database.read() as session:
        assert session.query(KnownDevice).count() == 1
