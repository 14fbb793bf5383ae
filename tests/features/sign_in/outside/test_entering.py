"""In by the word of somebody outside: whom it opens, and what a stranger, a thief and an administrator get of it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from app.core import pulses
from app.core.clock import today
from app.features.members.models import AuditEntry, Member, RoleTerm
from app.features.members.rules import AuditAction, Role
from app.features.sign_in import service
from app.features.sign_in.models import SignInSession
from app.features.sign_in.outside.errors import DeclinedError, NotBelievedError, UnreachableError
from app.features.sign_in.outside.models import OutsideLink, OutsideTrip
from app.features.sign_in.outside.rules import MadeBy
from app.features.sign_in.rules import COOKIE
from tests.features.sign_in.factors.makers import code_now, make_app
from tests.features.sign_in.makers import DESK_BROWSER, PHONE_BROWSER, make_newcomer
from tests.features.sign_in.outside.makers import PLACE, make_link, word_of
from tests.features.slips.makers import make_slip
from tests.features.slips.test_activation import activate
from tests.makers import make_member
from tests.page import page

NOON = datetime(2026, 3, 9, 4, 0, 10, tzinfo=UTC)
OUT = "/sign-in/with/oidc"


@pytest.fixture(autouse=True)
def noon(voice):
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


def go_out(client, start=OUT, **headers):
    """Gives the state with which one comes back."""
    sent = client.get(start, headers=headers)
    assert sent.status_code == 303
    assert sent.headers["location"].startswith(PLACE)
    return parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]


def come_back(client, state, **query):
    return client.get(f"{OUT}/back", params={"state": state, "code": "a-code", **query})


def go(client, start=OUT):
    return come_back(client, go_out(client, start))


def is_in(client):
    return client.get("/me/devices").status_code == 200


def sentence(response):
    return page(response, response.status_code).select_one(".message.need").get_text()


def test_the_page_offers_it_as_a_plain_link_and_keeps_the_form(client):
    soup = page(client.get("/sign-in?next=/study", headers={"User-Agent": PHONE_BROWSER}))
    links = [link["href"] for link in soup.select("main a[href^='/sign-in/with']")]
    assert links == [f"{OUT}?next=/study", f"{OUT}?next=/study&shared=1"]
    assert soup.select_one("main a.btn").get_text() == "用单位账号登录"
    assert soup.select_one("input[name=password]")


def test_without_it_the_page_is_as_it_was(client, config):
    config(sign_in=())
    assert not page(client.get("/sign-in")).select("a[href^='/sign-in/with']")
    assert client.get(OUT).status_code == 404
    assert client.get("/sign-in/with/carrier-pigeon").status_code == 404


def test_alice_is_in_as_after_a_password(client, given, alice, database):
    given(make_link, alice)
    back = come_back(client, go_out(client, f"{OUT}?next=/wishes"))
    assert (back.status_code, back.headers["location"]) == (303, "/wishes")
    assert is_in(client)
    with database.read() as session:
        entry = session.query(AuditEntry).filter_by(action=AuditAction.SIGNED_IN).one()
        assert (entry.subject_id, entry.changes) == (alice.id, {"way": [None, "oidc"]})


@pytest.mark.parametrize(
    ("start", "browser", "lasts"),
    [("", PHONE_BROWSER, True), ("?shared=1", PHONE_BROWSER, False), ("", DESK_BROWSER, False)],
)
def test_a_shared_phone_is_like_a_desk(client, given, alice, start, browser, lasts):
    given(make_link, alice)
    client.headers["User-Agent"] = browser
    back = go(client, OUT + start)
    (key,) = (line for line in back.headers.get_list("set-cookie") if line.startswith(f"{COOKIE}="))
    assert ("Max-Age" in key) == lasts


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "/" + "x" * 600])
def test_nobody_is_led_elsewhere(client, given, alice, wanted):
    given(make_link, alice)
    state = go_out(client, f"{OUT}?next={wanted}")
    assert come_back(client, state).headers["location"] == "/"


def test_by_another_name_one_is_led_to_the_own_one_once(client, config):
    """A proxy may not tell the name: then it would lead to itself for ever."""
    config(public_url="https://sanliang.example.org")
    sent = client.get(f"{OUT}?next=/study", headers={"Host": "127.0.0.1"})
    assert sent.headers["location"] == f"https://sanliang.example.org{OUT}?next=%2Fstudy&moved=1"
    go_out(client, f"{OUT}?next=/study&moved=1", Host="127.0.0.1")


def test_another_browser_cannot_use_my_way_back(client, given, alice):
    """Login CSRF: a thief sends me the end of the thief's own way."""
    given(make_link, alice)
    state = go_out(client)
    client.cookies.clear()
    assert "重新开始" in sentence(come_back(client, state))
    state_of_mine = go_out(client)
    assert come_back(client, state_of_mine + "0").status_code == 400
    assert come_back(client, "").status_code == 400
    assert not is_in(client)


def test_a_way_back_is_good_once_and_for_ten_minutes(client, given, alice, noon):
    given(make_link, alice)
    state = go_out(client)
    noon.shift(timedelta(minutes=10, seconds=1))
    assert come_back(client, state).status_code == 400
    state, kept = go_out(client), dict(client.cookies)
    assert come_back(client, state).status_code == 303
    client.cookies.clear()
    client.cookies.update(kept)
    assert come_back(client, state).status_code == 400


def test_two_tabs_both_come_back(client, given, alice):
    given(make_link, alice)
    first, second = go_out(client), go_out(client)
    assert (come_back(client, second).status_code, is_in(client)) == (303, True)
    assert come_back(client, first).status_code == 400


def test_who_never_comes_back_is_forgotten(client, noon, database):
    go_out(client)
    noon.shift(timedelta(minutes=11))
    with database.write() as session:
        assert service.sweep(session, NOON + timedelta(minutes=11)) == 1


def test_the_secrets_of_the_way_are_nowhere_here(client, voice, database):
    go_out(client)
    (trip,) = voice.trips
    with database.read() as session:
        (row,) = session.query(OutsideTrip)
        kept = {str(value) for value in vars(row).values()}
    assert kept.isdisjoint({trip.state, trip.token, trip.part("nonce"), trip.part("verifier")})


@pytest.mark.parametrize(
    ("refusal", "status", "says"),
    [
        (DeclinedError(way="单位账号"), 403, "没有同意"),
        (UnreachableError(way="单位账号", why="timeout"), 503, "连不上"),
        (NotBelievedError(way="单位账号", why="nonce"), 502, "无法证实"),
    ],
)
def test_what_goes_wrong_there_is_said_and_the_password_stays(client, voice, refusal, status, says):
    voice.says = refusal
    back = go(client)
    assert back.status_code == status
    assert says in sentence(back)
    assert page(back, status).select_one("input[name=login]")


def test_what_goes_wrong_there_does_not_lose_where_one_was_going(client, voice):
    """A picture code of a meeting, for example."""
    voice.says = DeclinedError(way="单位账号")
    back = page(come_back(client, go_out(client, f"{OUT}?next=/meetings/here%3Fcode=7")), 403)
    assert back.select_one("input[name=next]")["value"] == "/meetings/here?code=7"
    assert "next=/meetings/here%3Fcode%3D7" in back.select_one("main a.btn")["href"]


@pytest.mark.parametrize(("from_browser", "alarms"), [(True, False), (False, True)])
def test_what_the_browser_alone_says_alarms_nobody(client, voice, database, from_browser, alarms):
    voice.says = NotBelievedError(way="单位账号", why="invalid_grant", from_browser=from_browser)
    assert go(client).status_code == 502
    with database.read() as session:
        assert bool(pulses.last(session, "no oidc")) == alarms


def test_who_is_not_linked_is_told_how(client, alice):
    back = go(client)
    assert back.status_code == 403
    assert "到“我的”里关联" in sentence(back)


@pytest.mark.parametrize("number", ["", "T-NOBODY", "A-0070"])
@pytest.mark.parametrize("believed", [(), ("oidc",)])
def test_why_a_number_opens_nothing_is_not_said(client, voice, config, given, branch, number, believed):
    """Of nobody, of somebody who has a password, or not believed: one sentence."""
    config(sign_in_by_number=believed)
    given(make_member, branch, "安宁", member_number="A-0070")
    voice.says = word_of(number=number)
    assert "到“我的”里关联" in sentence(go(client))
    assert not is_in(client)


def test_a_number_opens_a_new_account_once(client, voice, config, given, branch, database):
    config(sign_in_by_number=("oidc",))
    ann = given(make_newcomer, branch, "安宁", member_number="A-0070")
    voice.says = word_of(number="A-0070")
    assert go(client).status_code == 303
    client.cookies.clear()
    voice.says = word_of("a.thief", number="A-0070")  # somebody else who claims the same number
    assert go(client).status_code == 403
    with database.read() as session:
        assert session.query(OutsideLink).one().member_id == ann.id
        told = session.query(AuditEntry).filter_by(action=AuditAction.ACCOUNT_LINKED).one()
        assert (told.subject_id, told.actor_id) == (ann.id, None)


def test_of_a_new_account_with_a_post_a_number_opens_nothing(client, voice, config, given, branch):
    config(sign_in_by_number=("oidc",))
    given(make_newcomer, branch, "安宁", member_number="A-0070", roles=(Role.SECRETARY,))
    voice.says = word_of(number="A-0070")
    assert go(client).status_code == 403


def test_who_has_left_is_not_let_in(client, given, alice, database):
    given(make_link, alice)
    with database.write() as session:
        session.get_one(Member, alice.id).left_on = today()
    assert go(client).status_code == 403


def test_sam_s_post_is_not_opened_without_a_second_step(client, given, sam):
    given(make_link, sam)
    assert "担任职务" in sentence(go(client))
    assert not is_in(client)


def test_sam_gives_the_second_step_and_is_in(client, given, sam):
    given(make_link, sam)
    secret = given(make_app, sam)
    assert go(client).status_code == 303
    assert not is_in(client)
    assert client.get("/me/factors").headers["location"].startswith("/sign-in/second")
    assert "密码正确" not in client.get("/sign-in/second").text  # nobody has typed one
    assert client.post("/sign-in/second", data={"code": code_now(secret)}).status_code == 303
    assert is_in(client)


def test_a_link_by_number_does_not_open_a_post_given_later(client, given, sam):
    given(make_link, sam, made_by=MadeBy.NUMBER)
    given(make_app, sam)
    assert go(client).status_code == 403


def test_an_appointment_ends_what_a_word_alone_has_opened(client, given, alice, branch):
    given(make_link, alice)
    go(client)
    assert is_in(client)

    def appoint(session):
        session.add(RoleTerm(member_id=alice.id, organisation_id=branch.id, role=Role.SECRETARY, starts_on=today()))

    given(appoint)
    for address in ("/me/devices", "/me/factors", "/"):
        assert client.get(address).headers["location"].startswith("/sign-in")


def test_an_administrator_adds_no_first_step_by_it(client, given, branch, committee):
    root = given(make_member, branch, "安管", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)
    given(make_link, root)
    assert go(client).status_code == 403
    assert client.get("/me/factors").headers["location"].startswith("/sign-in")


@pytest.mark.parametrize(("ago", "asked"), [(None, True), (timedelta(minutes=1), False), (timedelta(hours=8), True)])
def test_a_sensitive_act_wants_a_proof_of_now(client, voice, given, alice, ago, asked):
    given(make_link, alice)
    voice.says = word_of(proved_at=NOON - ago if ago else None)
    go(client)
    assert (client.get("/me/export").status_code == 303) == asked


@pytest.mark.parametrize(
    ("says", "status"),
    [
        (word_of(proved_at=NOON), 303),
        (word_of(proved_at=NOON - timedelta(minutes=5)), 403),
        (word_of(), 403),
        (word_of("bao.bo", proved_at=NOON), 403),
    ],
)
def test_proving_oneself_there(client, voice, given, alice, says, status):
    given(make_link, alice)
    go(client)
    link = page(client.get("/confirm?next=/me/export")).select_one("a[href^='/confirm/with']")["href"]
    state = go_out(client, link)
    assert voice.trips[-1].proves
    voice.says = says
    back = come_back(client, state)
    assert back.status_code == status
    if status == 403:  # the password opens it still
        still = page(back, 403)
        assert still.select_one("input[name=present]")
        assert still.select_one("input[name=next]")["value"] == "/me/export"
    assert (client.get("/me/export").status_code == 200) == (status == 303)


def test_a_slip_begins_anew(client, given, alice, sam):
    given(make_link, alice)
    code = given(make_slip, alice, by=sam)
    assert activate(client, code).status_code == 303
    client.cookies.clear()
    assert go(client).status_code == 403


def test_signed_in_as_somebody_else_the_former_one_is_out(client, given, alice, bob, database):
    given(make_link, alice)
    client.cookies.set(COOKIE, bob.token)
    state = go_out_anyway(client)
    assert come_back(client, state).status_code == 303
    with database.read() as session:
        (of_bob,) = session.query(SignInSession).filter_by(member_id=bob.id)
        assert of_bob.ended_at


def go_out_anyway(client):
    """Out before Bob's key is there, back with it."""
    kept = client.cookies.get(COOKIE)
    client.cookies.delete(COOKIE)
    state = go_out(client)
    client.cookies.set(COOKIE, kept)
    return state
