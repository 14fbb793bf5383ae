"""Coming in: who, with what, and what nobody learns on the way."""

from datetime import UTC, datetime
from http.cookies import SimpleCookie

import pytest
import time_machine

from app.core import passwords
from app.core.settings import Settings
from app.features.members.models import Organisation
from app.features.sign_in import door
from app.features.sign_in.errors import WrongPasswordError
from app.features.sign_in.models import Credential, SignInSession
from app.features.sign_in.rules import COOKIE, HOST_ONLY, SessionKind
from tests.features.sign_in.makers import DESK_BROWSER, PHONE_BROWSER, make_newcomer, set_hash, weak_hash
from tests.makers import LONG_AGO, PASSWORD, as_member, make_member
from tests.page import errors, page
from tests.races import race

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
real = passwords.verify_password


def sign_in(client, login, password=PASSWORD, *, browser=PHONE_BROWSER, cookie="", **fields):
    headers = {"User-Agent": browser} | ({"Cookie": cookie} if cookie else {})
    return client.post("/sign-in", data={"login": login, "password": password} | fields, headers=headers)


def refusal(response):
    """Status and sentence of a refused sign-in, whatever else the page says."""
    soup = page(response, response.status_code)
    return response.status_code, soup.select_one("[role=alert]").get_text()


def cookie_of(response):
    (said,) = (line for line in response.headers.get_list("set-cookie") if line.startswith(f"{COOKIE}="))
    return SimpleCookie(said)[COOKIE]


def test_alice_signs_in_with_her_phone_number(client, alice, database):
    response = sign_in(client, alice.phone)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    with database.read() as session:
        kept = session.query(SignInSession).where(SignInSession.member_id == alice.id, SignInSession.device != "Test")
        assert kept.one().device == "WeChat · Android"
    key = {"Cookie": f"{COOKIE}={cookie_of(response).value}"}
    assert client.get("/me/devices", headers=key).status_code == 200


@pytest.mark.parametrize("form", ["{p}", " {p} ", "+86 {p}", "{p3}-{p4}-{p8}", "{wide}", "{number}", "{lower}"])
def test_any_usual_form_of_the_number(client, given, branch, form):
    ann = given(make_member, branch, "安宁", phone="13900700070", member_number="A-0070")
    wide = ann.phone.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    typed = form.format(
        p=ann.phone, p3=ann.phone[:3], p4=ann.phone[3:7], p8=ann.phone[7:], wide=wide, number="A-0070", lower="a-0070"
    )
    assert sign_in(client, typed).status_code == 303


@pytest.mark.parametrize(
    ("wanted", "landing"),
    [("/study?month=2026-03", "/study?month=2026-03"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_she_lands_where_she_was_going_in_this_house(client, alice, wanted, landing):
    assert sign_in(client, alice.phone, next=wanted).headers["location"] == landing


def test_the_page_keeps_where_to_go_and_is_light(client):
    response = client.get("/sign-in", params={"next": "/study?month=2026-03"})
    soup = page(response)
    assert soup.select_one("input[name=next]")["value"] == "/study?month=2026-03"
    assert response.headers["cache-control"] == "no-store"
    assert len(response.content) < 8_000


@pytest.mark.parametrize("address", ["/sign-in", "/activate"])
def test_invented_people_are_marked_before_anybody_is_in(client, committee, given, address):
    assert not marked(page(client.get(address)))

    def invent(session):
        session.get_one(Organisation, committee.id).is_demo = True

    given(invent)
    assert marked(page(client.get(address)))
    assert marked(page(client.post(address, data={}), 422))


def marked(soup):
    return [mark for mark in soup.select("header .st") if mark.get_text() == "演示"]


def test_who_is_signed_in_goes_straight_on(client, alice):
    response = client.get("/sign-in?next=/study", headers=as_member(alice))
    assert (response.status_code, response.headers["location"]) == (303, "/study")


def test_signed_out_visitors_are_sent_here_and_back(client):
    response = client.get("/me/devices?x=1")
    assert (response.status_code, response.headers["location"]) == (303, "/sign-in?next=/me/devices%3Fx%3D1")


@pytest.mark.parametrize(
    ("browser", "shared", "age", "kind"),
    [
        (PHONE_BROWSER, "", "2592000", SessionKind.PHONE),
        (PHONE_BROWSER, "yes", "", SessionKind.DESK),
        (DESK_BROWSER, "", "", SessionKind.DESK),
    ],
    ids=["phone", "shared phone", "desk"],
)
def test_the_cookie(client, alice, database, browser, shared, age, kind):
    cookie = cookie_of(sign_in(client, alice.phone, browser=browser, shared=shared))
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert cookie["max-age"] == age
    with database.read() as session:
        newest = session.query(SignInSession).where(SignInSession.device != "Test").one()
        assert newest.kind is kind
        assert cookie.value not in (newest.token_digest, str(newest.id))


def test_a_session_planted_before_is_not_used_after(client, alice, database):
    before = f"{COOKIE}=planted"
    response = sign_in(client, alice.phone, cookie=before)
    assert cookie_of(response).value != "planted"
    assert response.headers["clear-site-data"] == '"cache"'


def test_whoever_was_signed_in_here_before_is_signed_out(client, alice, bob):
    response = sign_in(client, alice.phone, cookie=as_member(bob)["Cookie"])
    assert response.status_code == 303
    assert client.get("/me/devices", headers=as_member(bob)).status_code == 303


@pytest.mark.parametrize("who", ["unknown", "wrong", "no password", "left"])
def test_nobody_learns_whether_an_account_exists(client, given, branch, alice, monkeypatch, who):
    newcomer = given(make_newcomer, branch)
    gone = given(make_member, branch, "郭去", left_on=LONG_AGO)
    login, password = {
        "unknown": ("13911112222", PASSWORD),
        "wrong": (alice.phone, "another password"),
        "no password": (newcomer.phone, PASSWORD),
        "left": (gone.phone, PASSWORD),
    }[who]
    work = []
    monkeypatch.setattr(passwords, "verify_password", lambda *args: (work.append(args), real(*args))[1])
    response = sign_in(client, login, password)
    status, sentence = refusal(response)
    assert (status, sentence) == (422, str(WrongPasswordError().sentence))
    assert len(work) == 1
    assert "set-cookie" not in response.headers


def test_what_was_typed_stays_but_never_the_password(client, alice):
    response = sign_in(client, f" {alice.phone}", "another password", next="/study")
    soup = page(response, 422)
    assert soup.select_one("input[name=login]")["value"].strip() == alice.phone
    assert soup.select_one("input[name=next]")["value"] == "/study"
    assert "another password" not in response.text


def test_empty_fields_are_asked_for(client):
    soup = page(sign_in(client, "", ""), 422)
    assert set(errors(soup)) == {"login", "password"}


def test_the_sixth_attempt_waits_whoever_is_meant(client, alice):
    for login in (alice.phone, "13911112222"):
        for _ in range(5):
            assert refusal(sign_in(client, login, "another password"))[0] == 422
        status, sentence = refusal(sign_in(client, login, PASSWORD))
        assert (status, "15" in sentence) == (429, True)


def test_both_names_of_an_account_are_one_account(client, given, branch):
    ann = given(make_member, branch, "安宁", phone="13900700070", member_number="A-0070")
    for login in (ann.phone, "A-0070", ann.phone, "a-0070", f"+86{ann.phone}"):
        assert sign_in(client, login, "another password").status_code == 422
    assert sign_in(client, ann.phone).status_code == 429


def test_after_the_wait_the_right_password_opens(client, alice):
    with time_machine.travel(NOON, tick=False) as travel:
        for _ in range(5):
            sign_in(client, alice.phone, "another password")
        assert sign_in(client, alice.phone).status_code == 429
        travel.shift(15 * 60)
        assert sign_in(client, alice.phone).status_code == 303


def test_an_old_hash_is_renewed(client, alice, given, database):
    old = weak_hash(PASSWORD)
    given(set_hash, alice, old)
    assert sign_in(client, alice.phone).status_code == 303
    with database.read() as session:
        renewed = session.get_one(Credential, alice.id).password_hash
    assert renewed != old
    assert passwords.verify_password(PASSWORD, renewed) == (True, None)


def test_full_width_signs_in_a_password_are_the_same_signs(client, alice):
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in PASSWORD)
    assert sign_in(client, alice.phone, wide).status_code == 303


def test_no_lock_is_held_while_a_password_is_verified(client, alice, database, monkeypatch):
    def verify(*args):
        with database.write() as session:  # would wait for ever within another writing unit
            session.get_one(Credential, alice.id)
        return real(*args)

    monkeypatch.setattr(passwords, "verify_password", verify)
    assert sign_in(client, alice.phone).status_code == 303


def test_a_password_changed_while_it_is_verified_opens_nothing(client, alice, given, monkeypatch):
    def verify(*args):
        given(set_hash, alice, weak_hash("something else entirely"))
        return real(*args)

    monkeypatch.setattr(passwords, "verify_password", verify)
    assert sign_in(client, alice.phone).status_code == 422


@pytest.mark.race
def test_eight_people_sign_in_at_once(client, given, branch):
    people = [given(make_member, branch, f"党员{number}") for number in "甲乙丙丁戊己庚辛"]
    with client:
        answers = race(8, lambda number: sign_in(client, people[number].phone).status_code)
    assert answers == [303] * 8


def test_behind_tls_the_key_is_of_this_host_alone(client, alice, monkeypatch):
    monkeypatch.setattr(door, "settings", lambda: Settings(https=True))
    response = client.post("/sign-in", data={"login": alice.phone, "password": alice.password})
    (key,) = [line for line in response.headers.get_list("set-cookie") if line.startswith(f"{HOST_ONLY}{COOKIE}=")]
    said = {part.strip().split("=")[0].lower() for part in key.split(";")[1:]}
    assert {"secure", "httponly", "path", "samesite"} <= said
    assert "domain" not in said

    assert client.get("/me/devices", headers={"Cookie": key.split(";")[0]}).status_code == 200
    planted_by_a_neighbour = as_member(alice)
    client.cookies.clear()
    assert client.get("/me/devices", headers=planted_by_a_neighbour).status_code == 303
