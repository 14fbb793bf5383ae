"""Signing in with two steps: the password opens nothing by itself, and each code opens once."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
import time_machine

from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction, Role
from app.features.sign_in.factors.models import RecoveryCode, SecondFactor
from app.features.sign_in.factors.rules import AWAITED_FOR
from app.features.sign_in.models import KnownDevice, SignInSession
from app.features.sign_in.rules import COOKIE, DEVICE_COOKIE, HERE_LIMIT
from tests.features.sign_in.factors.makers import RECOVERY, code_now, make_app
from tests.features.sign_in.makers import make_newcomer
from tests.features.slips.makers import make_slip
from tests.makers import HTMX, PASSWORD, as_member, make_member
from tests.page import errors, page
from tests.races import race

NOON = datetime(2026, 3, 9, 4, 0, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def secret(given, alice):
    """Alice has an app on her list."""
    return given(make_app, alice)


@pytest.fixture
def root_administrator(given, branch, committee):
    return given(make_member, branch, "安管", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)


def type_password(client, person, **fields):
    client.cookies.clear()
    return client.post("/sign-in", data={"login": person.phone, "password": PASSWORD} | fields)


def give(client, code, **headers):
    return client.post("/sign-in/second", data={"code": code}, headers=headers)


def is_in(client):
    return client.get("/me/devices").status_code == 200


def test_the_password_alone_opens_nothing(client, alice, secret, database):
    response = type_password(client, alice, next="/wishes")
    assert response.status_code == 303
    assert DEVICE_COOKIE not in response.headers["set-cookie"]
    for address in ("/", "/me", "/sheet", "/me/devices", "/me/factors", "/me/factors/app", "/me/password"):
        sent_on = client.get(address)
        assert sent_on.status_code == 303
        assert sent_on.headers["location"].startswith("/sign-in/second")
    answer = client.post("/sync", json={})
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_needed")
    assert client.post("/me/devices/end-others", headers=HTMX).headers["hx-redirect"] == "/sign-in/second"
    with database.read() as session:
        assert session.query(KnownDevice).count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_code_of_the_app_opens(client, alice, secret, headers):
    type_password(client, alice)
    soup = page(client.get("/sign-in/second?next=/wishes"))
    assert soup.select_one("[name=next]")["value"] == "/wishes"
    before = client.cookies[COOKIE]
    response = client.post("/sign-in/second", data={"code": code_now(secret), "next": "/wishes"}, headers=headers)
    assert (response.headers.get("location") or response.headers["hx-redirect"]) == "/wishes"
    assert client.cookies[COOKIE] != before  # the key changes with what it opens
    assert is_in(client)
    assert client.get("/sign-in/second").headers["location"] == "/"
    assert client.get("/me/devices", headers={"Cookie": f"{COOKIE}={before}"}).status_code == 303


def test_a_wrong_code_says_so_at_the_field(client, alice, secret):
    type_password(client, alice)
    soup = page(give(client, "000000"), 422)
    assert "code" in errors(soup)
    assert not is_in(client)


def test_a_code_is_good_once_and_an_earlier_one_never_again(client, alice, secret):
    type_password(client, alice)
    assert give(client, code_now(secret)).status_code == 303
    type_password(client, alice)
    assert give(client, code_now(secret)).status_code == 422
    assert give(client, code_now(secret, -1)).status_code == 422
    assert give(client, code_now(secret, 1)).status_code == 303


def test_a_code_on_paper_is_good_once(client, alice, secret, database):
    type_password(client, alice)
    assert give(client, "abcd-efgh jklm").status_code == 303
    type_password(client, alice)
    assert give(client, RECOVERY).status_code == 422
    with database.read() as session:
        kept = session.query(RecoveryCode).one()
    assert kept.used_at == NOON
    assert RECOVERY not in kept.code_digest


@pytest.mark.race
def test_of_many_with_one_code_at_one_moment_one_gets_in(client, alice, given, database, secret):
    keys = []
    for _ in range(HERE_LIMIT.failures - 1):
        type_password(client, alice)
        keys.append({"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"})
    client.cookies.clear()
    code = code_now(secret)
    answers = race(
        len(keys), lambda n: client.post("/sign-in/second", data={"code": code}, headers=keys[n]).status_code
    )
    assert answers.count(303) == 1
    assert set(answers) <= {303, 422, 429}
    with database.read() as session:
        opened = session.query(SignInSession).where(SignInSession.factor_at == NOON)
        assert opened.count() == 1


def test_guessing_is_counted_however_often_the_password_is_typed(client, alice, secret, noon):
    for _ in range(HERE_LIMIT.failures):
        type_password(client, alice)
        assert give(client, "000000").status_code == 422
    type_password(client, alice)
    assert give(client, code_now(secret)).status_code == 429
    noon.shift(HERE_LIMIT.lock)
    type_password(client, alice)
    assert give(client, code_now(secret)).status_code == 303


def test_who_knows_the_password_does_not_lock_out_a_device_that_is_known(client, alice, secret):
    type_password(client, alice)
    assert give(client, code_now(secret)).status_code == 303
    known = client.cookies[DEVICE_COOKIE]
    for _ in range(HERE_LIMIT.failures):
        type_password(client, alice)
        give(client, "000000")
    type_password(client, alice)
    client.cookies.set(DEVICE_COOKIE, known)
    assert give(client, code_now(secret, 1)).status_code == 303


def test_the_second_step_comes_within_ten_minutes(client, alice, secret, noon):
    type_password(client, alice)
    noon.shift(AWAITED_FOR + timedelta(seconds=1))
    assert client.get("/sign-in/second").headers["location"].startswith("/sign-in?")
    assert give(client, code_now(secret)).headers["location"].startswith("/sign-in")


def test_nobody_gets_round_the_second_step_by_adding_a_device(client, alice, secret, database):
    type_password(client, alice)
    for address in ("/me/factors/app", "/me/factors/passkey"):
        answer = client.post(address, data={"code": "000000", "secret": "x", "credential": "{}"})
        assert answer.headers["location"].startswith("/sign-in/second")
    with database.read() as session:
        assert session.query(SecondFactor).count() == 1


def test_a_slip_does_not_get_round_it_either(client, alice, secret, given):
    sentence = {"password": "tiger under the bridge", "again": "tiger under the bridge"}
    assert client.post("/activate", data={"code": given(make_slip, alice)} | sentence).status_code == 303
    assert client.get("/me").headers["location"].startswith("/sign-in/second")
    assert give(client, code_now(secret)).status_code == 303
    assert is_in(client)


def test_a_session_that_waits_is_not_listed_and_can_be_left(client, alice, secret):
    type_password(client, alice)
    soup = page(client.get("/me/devices", headers=as_member(alice)))
    assert len(soup.select("#device-list li")) == 1
    assert client.post("/sign-out").status_code == 303
    assert give(client, code_now(secret)).headers["location"].startswith("/sign-in")


def test_alice_s_code_does_not_open_for_bob(client, alice, bob, secret, given):
    given(make_app, bob)
    type_password(client, bob)
    assert give(client, code_now(secret)).status_code == 422


def test_who_has_none_is_not_asked(client, bob):
    assert type_password(client, bob).headers["location"] == "/"
    assert is_in(client)


def test_an_administrator_who_has_none_adds_one_at_the_first_sign_in(client, root_administrator, database):
    assert type_password(client, root_administrator).status_code == 303
    for address in ("/", "/members", "/me/password", "/me/factors/codes"):
        assert client.get(address).headers.get("location", "/sign-in/second").startswith("/sign-in/second")
    assert client.get("/sign-in/second").headers["location"] == "/me/factors"
    soup = page(client.get("/me/factors"))
    assert not soup.select("nav.tabs")
    soup = page(client.get("/me/factors/app"))
    sealed, key = soup.select_one("[name=secret]")["value"], soup.select_one(".factor-key").get_text().replace(" ", "")
    assert key not in sealed
    response = client.post("/me/factors/app", data={"secret": sealed, "code": code_now(key)})
    soup = page(response)
    assert len(soup.select(".factor-codes li")) == 10
    assert is_in(client)

    type_password(client, root_administrator)
    assert client.get("/").headers["location"].startswith("/sign-in/second")
    assert give(client, soup.select_one(".factor-codes li").get_text()).status_code == 303


def test_a_new_administrator_comes_in_by_slip_and_adds_one(client, given, branch, committee):
    newcomer = given(make_newcomer, branch, roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)
    sentence = {"password": "tiger under the bridge", "again": "tiger under the bridge"}
    assert client.post("/activate", data={"code": given(make_slip, newcomer)} | sentence).status_code == 303
    assert client.get("/system").headers["location"].startswith("/sign-in/second")
    page(client.get("/me/factors"))


def test_a_session_from_before_the_appointment_is_asked_as_well(client, given, alice, root_administrator):
    def before(session):
        for one in session.query(SignInSession).where(SignInSession.member_id == root_administrator.id):
            one.factor_at = None

    given(before)
    answer = client.get("/members", headers=as_member(root_administrator))
    assert answer.headers["location"].startswith("/sign-in/second")


def test_in_the_demo_only_who_has_one_is_asked(client, given, branch, committee):
    from app.features.members.models import Organisation

    administrator = given(make_member, branch, "演示", roles=(Role.AUDIT_ADMINISTRATOR,), at=committee)
    given(lambda session: [setattr(place, "is_demo", True) for place in session.query(Organisation)])
    type_password(client, administrator)
    assert client.get("/audit").status_code == 200
    secret = given(make_app, administrator)
    type_password(client, administrator)
    assert client.get("/audit").headers["location"].startswith("/sign-in/second")
    assert give(client, code_now(secret)).status_code == 303


def test_the_log_tells_of_each_step_and_no_code(client, alice, secret, database):
    type_password(client, alice)
    give(client, "000000")
    give(client, code_now(secret))
    with database.read() as session:
        noted = [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.id)]
        assert noted == [AuditAction.SIGN_IN_FAILED, AuditAction.SIGNED_IN]
        assert {entry.subject_id for entry in session.query(AuditEntry)} == {alice.id}


def test_without_scripts_there_are_two_plain_forms(client, alice, secret):
    type_password(client, alice)
    soup = page(client.get("/sign-in/second"))
    assert len(soup.select("form[action='/sign-in/second']")) == 2
    assert not soup.select("passkey-form")
    assert SimpleCookie(client.get("/sign-in/second").headers.get("set-cookie", "")) == {}
