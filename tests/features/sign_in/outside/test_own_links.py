"""Linking an account of outside: looked at before, by the person alone, one of each way, told and ended."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from app.core.clock import now
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.sign_in import known_devices
from app.features.sign_in.models import KnownDevice, SignInSession
from app.features.sign_in.outside import links
from app.features.sign_in.outside.models import OutsideLink
from app.features.sign_in.outside.rules import MadeBy
from app.features.sign_in.rules import COOKIE, SessionKind
from app.features.sign_in.service import open_session
from tests.features.sign_in.factors.makers import make_app
from tests.features.sign_in.outside.makers import make_link, word_of
from tests.makers import HTMX, as_member
from tests.page import page

LINK = "/me/sign-ins/oidc/link"


def go(client, start=LINK):
    sent = client.get(start)
    assert sent.status_code == 303, sent.text[:300]
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    return client.get("/sign-in/with/oidc/back", params={"state": state, "code": "x"})


def signed_in(client, person):
    client.cookies.clear()
    client.cookies.set(COOKIE, person.token)
    return client


def offer(client, person):
    return page(go(signed_in(client, person))).select_one("input[name=offer]")["value"]


def link(client, person):
    return client.post("/me/sign-ins", data={"offer": offer(client, person)})


def subjects(database):
    with database.read() as session:
        return {row.member_id: row.made_by for row in session.query(OutsideLink)}


def test_alice_looks_at_it_and_links_it(client, voice, alice, database):
    soup = page(go(signed_in(client, alice)))
    assert "ai.li（单位）" in soup.main.get_text()
    assert subjects(database) == {}  # nothing is made by coming back: perhaps a colleague is signed in there
    assert client.post("/me/sign-ins", data={"offer": soup.select_one("input[name=offer]")["value"]}).status_code == 303
    assert subjects(database) == {alice.id: MadeBy.SELF}
    soup = page(client.get("/me/sign-ins"))
    assert "ai.li（单位）" in soup.main.get_text()
    assert not soup.select(f"a[href='{LINK}']")
    assert "已关联其他登录方式" in client.get("/me").text


def test_it_is_asked_for_the_password_before(client, voice, alice, database):
    with database.write() as session:
        session.query(SignInSession).filter_by(member_id=alice.id).update({"confirmed_at": None})
    assert signed_in(client, alice).get(LINK).headers["location"].startswith("/confirm")


def test_twice_is_once(client, voice, alice, database):
    offered = offer(client, alice)
    for _ in range(2):
        assert client.post("/me/sign-ins", data={"offer": offered}).status_code == 303
    assert len(subjects(database)) == 1


def test_an_offer_is_of_one_session_and_ten_minutes(client, voice, alice, bob, database):
    offered = offer(client, alice)
    assert signed_in(client, bob).post("/me/sign-ins", data={"offer": offered}).status_code == 400
    assert client.post("/me/sign-ins", data={"offer": "made up"}).status_code == 400
    with database.write() as session:
        other = open_session(session, member_id=alice.id, kind=SessionKind.DESK, device="")
    client.cookies.set(COOKIE, other)
    assert client.post("/me/sign-ins", data={"offer": offered}).status_code == 400
    signed_in(client, alice)
    late = links.OFFER_LASTS + timedelta(seconds=1)
    with time_machine.travel(now() + late, tick=False):
        assert client.post("/me/sign-ins", data={"offer": offered}).status_code == 400
    assert subjects(database) == {}


def test_two_members_cannot_link_the_same(client, voice, alice, bob, database):
    assert link(client, alice).status_code == 303
    refused = link(client, bob)
    assert refused.status_code == 409
    assert "另一位同志" in page(refused, 409).main.get_text()
    assert subjects(database) == {alice.id: MadeBy.SELF}


def test_one_account_of_each_way(client, voice, given, alice, database):
    given(make_link, alice, "another")
    assert link(client, alice).status_code == 409


def test_what_was_linked_by_number_becomes_one_s_own(client, voice, given, alice, database):
    given(make_link, alice, made_by=MadeBy.NUMBER)
    assert link(client, alice).status_code == 303
    assert subjects(database) == {alice.id: MadeBy.SELF}


def test_sam_with_a_post_adds_a_second_step_first(client, voice, given, sam, database):
    refused = signed_in(client, sam).get(LINK)
    assert refused.status_code == 403
    assert "两步验证" in page(refused, 403).main.get_text()
    given(make_app, sam)
    assert link(client, sam).status_code == 303
    assert subjects(database) == {sam.id: MadeBy.SELF}


def test_coming_back_as_somebody_else_links_nothing(client, voice, alice, bob, database):
    sent = signed_in(client, alice).get(LINK)
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    client.cookies.set(COOKIE, bob.token)
    assert client.get("/sign-in/with/oidc/back", params={"state": state}).status_code == 400


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_it_is_ended(client, voice, given, alice, database, headers):
    link_id = given(make_link, alice)
    with database.write() as session:
        came_by_it = open_session(session, member_id=alice.id, kind=SessionKind.PHONE, device="", said=word_of())
        known_devices.remember(session, opened=came_by_it, token=None)
    answer = client.post(f"/me/sign-ins/{link_id}/end", headers=headers | as_member(alice))
    assert answer.status_code == (200 if headers else 303)
    assert subjects(database) == {}
    assert client.get("/me", headers={"Cookie": f"{COOKIE}={came_by_it}"}).status_code == 303
    assert client.get("/me", headers=as_member(alice)).status_code == 200
    with database.read() as session:
        ended = session.query(AuditEntry).filter_by(action=AuditAction.ACCOUNT_UNLINKED).one()
        assert ended.changes == {"way": ["单位账号: ai.li（单位）", None]}
        assert session.query(KnownDevice).count() == 0


def test_bob_ends_nothing_of_alice_s(client, voice, given, alice, bob, database):
    link_id = given(make_link, alice)
    assert client.post(f"/me/sign-ins/{link_id}/end", headers=as_member(bob)).status_code == 404
    assert "ai.li" not in client.get("/me/sign-ins", headers=as_member(bob)).text
    assert subjects(database) == {alice.id: MadeBy.SELF}


def test_nothing_is_offered_where_nothing_is_set_up(client, config, alice):
    config(sign_in=())
    assert "暂无其他登录方式" in client.get("/me/sign-ins", headers=as_member(alice)).text
    assert "/me/sign-ins" not in client.get("/me", headers=as_member(alice)).text
