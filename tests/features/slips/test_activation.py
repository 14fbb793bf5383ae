"""Using a slip: once, in time, by whoever holds the paper."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
import time_machine

from app.core import passwords
from app.features.members.models import AuditEntry, Member
from app.features.members.rules import AuditAction
from app.features.sign_in.models import Credential, SignInSession
from app.features.sign_in.rules import ADDRESS_CEILING, ADDRESS_LIMIT, COOKIE
from app.features.slips.models import Slip
from tests.features.sign_in.makers import PHONE_BROWSER, make_failures, make_newcomer
from tests.features.slips.makers import make_slip
from tests.makers import ENGLISH, LONG_AGO, PASSWORD, as_member
from tests.page import errors, page
from tests.races import race

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
NEW = "tiger under the bridge"


def activate(client, code, password=NEW, again=None, cookie="", **fields):
    headers = {"User-Agent": PHONE_BROWSER} | ({"Cookie": cookie} if cookie else {})
    data = {"code": code, "password": password, "again": password if again is None else again} | fields
    return client.post("/activate", data=data, headers=headers)


def kept_fits(database, person, password):
    with database.read() as session:
        kept = session.get(Credential, person.id)
    return kept is not None and passwords.verify_password(password, kept.password_hash)[0]


def test_a_newcomer_sets_a_password_and_is_in(client, branch, given, database):
    newcomer = given(make_newcomer, branch)
    code = given(make_slip, newcomer)
    page(client.get("/activate"))
    response = activate(client, code)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert kept_fits(database, newcomer, NEW)
    key = SimpleCookie(response.headers["set-cookie"])[COOKIE].value
    assert client.get("/me/devices", headers={"Cookie": f"{COOKIE}={key}"}).status_code == 200
    with database.read() as session:
        noted = session.query(AuditEntry).where(AuditEntry.action == AuditAction.PASSWORD_SET).one()
        assert noted.subject_id == newcomer.id


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("0", "o")]
)
def test_a_code_as_people_type_it(client, alice, given, change):
    assert activate(client, change(given(make_slip, alice))).status_code == 303


def test_who_forgot_the_password_gets_in_and_older_sessions_end(client, alice, given, database):
    response = activate(client, given(make_slip, alice))
    assert response.status_code == 303
    assert client.get("/me/devices", headers=as_member(alice)).status_code == 303
    assert not kept_fits(database, alice, PASSWORD)
    with database.read() as session:
        alive = session.query(SignInSession).where(
            SignInSession.member_id == alice.id, SignInSession.ended_at.is_(None)
        )
        assert alive.count() == 1


def test_a_slip_works_once(client, alice, given, database):
    code = given(make_slip, alice)
    assert activate(client, code).status_code == 303
    assert "code" in errors(page(activate(client, code, "lantern over the water"), 422))
    assert kept_fits(database, alice, NEW)


def test_a_newer_slip_ends_the_older(client, alice, given):
    older, newer = given(make_slip, alice), given(make_slip, alice)
    assert "code" in errors(page(activate(client, older), 422))
    assert activate(client, newer).status_code == 303


def test_a_slip_is_good_until_the_end_of_its_last_day(client, alice, bob, given):
    with time_machine.travel(NOON, tick=False) as travel:
        first, second = given(make_slip, alice), given(make_slip, bob)
        travel.move_to(datetime(2026, 3, 23, 15, 59, tzinfo=UTC), tick=False)  # a minute before midnight in the branch
        assert activate(client, first).status_code == 303
        travel.shift(timedelta(minutes=1))
        sentence = errors(page(activate(client, second), 422))["code"]
    assert "3月23日" in sentence or "23 Mar" in sentence


def test_a_slip_of_a_member_who_left_opens_nothing(client, alice, given):
    code = given(make_slip, alice)

    def leave(session):
        session.get_one(Member, alice.id).left_on = LONG_AGO

    given(leave)
    assert "code" in errors(page(activate(client, code), 422))


@pytest.mark.parametrize(
    ("fields", "wrong_at"),
    [
        ({"password": "short"}, "password"),
        ({"password": "1qaz2wsx3edc"}, "password"),
        ({"password": "{name}198503123"}, "password"),
        ({"again": "tiger under the brigde"}, "again"),
        ({"code": ""}, "code"),
        ({"code": "0000-0000-0000"}, "code"),
        ({"code": "no code at all"}, "code"),
    ],
)
def test_what_is_refused_is_said_at_its_field_and_the_slip_stays_good(client, alice, given, fields, wrong_at):
    code = given(make_slip, alice)
    typed = {name: text.format(name="aili") for name, text in fields.items()}
    response = activate(client, **({"code": code} | typed))
    soup = page(response, 422)
    assert wrong_at in errors(soup)
    assert soup.select_one("input[name=code]")["value"] == typed.get("code", code)
    assert "tiger" not in response.text
    assert activate(client, code).status_code == 303


def test_a_typing_error_in_the_code_and_two_passwords_are_said_in_one_answer(client):
    soup = page(activate(client, "K7QM-2XNB", NEW, "tiger under the brigde", shared="yes"), 422)
    assert errors(soup).keys() == {"code", "again"}
    assert soup.select_one("input[name=code]")["value"] == "K7QM-2XNB"


def test_weak_passwords_do_not_use_up_attempts(client, alice, given):
    code = given(make_slip, alice)
    for _ in range(7):
        assert activate(client, code, "short").status_code == 422
    assert activate(client, code).status_code == 303


def test_a_room_full_of_typing_errors_is_no_attack_but_guessing_is(client, alice, bob, given):
    code, another = given(make_slip, alice), given(make_slip, bob)
    for number in range(ADDRESS_LIMIT.failures):
        assert activate(client, f"{number:012}").status_code == 422
    assert activate(client, code).status_code == 303
    given(make_failures, ADDRESS_CEILING.failures, network="testclient")
    page(activate(client, another), 429)


@pytest.mark.race
def test_twelve_use_one_slip_and_one_gets_in(client, alice, given, database):
    code = given(make_slip, alice)
    words = ["bridge", "willow", "lantern", "kettle", "umbrella", "harbour", "garden", "window"] + ["ladder"] * 4
    with client:
        answers = race(12, lambda number: activate(client, code, f"tiger under the {words[number]}").status_code)
    assert answers.count(303) == 1
    assert set(answers) <= {303, 422, 429}
    with database.read() as session:
        assert session.query(Slip).where(Slip.used_at.is_not(None)).count() == 1
        alive = session.query(SignInSession).where(
            SignInSession.member_id == alice.id, SignInSession.ended_at.is_(None)
        )
        assert alive.count() == 1


def test_the_list_says_how_long_a_slip_is_good(client, monkeypatch, sam):
    monkeypatch.setattr("app.features.slips.routes.VALID_FOR", timedelta(days=21))
    assert "once and for 21 days" in page(client.get("/slips", headers=ENGLISH | as_member(sam))).main.get_text()
