"""The page of a wish: every form on it, plain and with htmx, for those who may and those who may not."""

import io
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from app.core import clock
from app.core.pages import MESSAGE_COOKIE
from app.features.wishes.carrying import claims
from app.features.wishes.carrying import queries as carrying
from app.features.wishes.models import Wish, WishRevisit
from app.features.wishes.rules import Status
from tests.features.wishes.makers import make_claimed, make_fulfilled, make_realised, make_wish
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import errors, fragment, page

WANTED = clock.today() + timedelta(days=18)
DAY = f"{WANTED.month}月{WANTED.day}日"
PROMISED = f"{(clock.today() + timedelta(days=30)).month}月{(clock.today() + timedelta(days=30)).day}日"
BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


def status(database, wish):
    with database.read() as session:
        return session.get_one(Wish, wish.id).status


def claim_of(database, wish):
    with database.read() as session:
        return carrying.current_claim(session, wish.id)


def answered(response, headers):
    """What the tap was answered: back to the page, or the page's own part."""
    if headers:
        return fragment(response).find(id="wish")
    assert response.status_code == 303
    return None


@BOTH
def test_alice_has_talked_to_the_wisher(client, database, given, alice, wish, headers):
    given(make_claimed, wish, alice)
    answered(client.post(f"/wishes/{wish.id}/contacted", headers=headers | as_member(alice)), headers)
    assert status(database, wish) is Status.IN_PROGRESS


@BOTH
def test_alice_needs_two_more_weeks(client, database, given, alice, wish, headers):
    given(make_claimed, wish, alice)
    shown = answered(client.post(f"/wishes/{wish.id}/extend", headers=headers | as_member(alice)), headers)
    assert claim_of(database, wish).extended_at is not None
    assert shown is None or not shown.find("form", action=f"/wishes/{wish.id}/extend")
    assert client.post(f"/wishes/{wish.id}/extend", headers=headers | as_member(alice)).status_code == 409


@pytest.mark.parametrize(("wanted", "said"), [(None, 44), (40, 40)], ids=["two weeks more", "the wisher's day"])
def test_more_time_says_until_which_day(client, given, alice, community, branch, cora, sam, wanted, said):
    wanted_by = wanted and clock.today() + timedelta(days=wanted)
    wish = given(make_claimed, given(make_wish, community, branch, cora, sam, wanted_by=wanted_by), alice)
    answer = client.post(f"/wishes/{wish.id}/extend", headers=as_member(alice))
    cookie = f"{as_member(alice)['Cookie']}; {MESSAGE_COOKIE}={answer.cookies[MESSAGE_COOKIE]}"
    shown = page(client.get(answer.headers["location"], headers={"Cookie": cookie})).find(id="message").get_text()
    until = clock.today() + timedelta(days=said)
    assert f"{until.month}月{until.day}日" in shown


def test_what_helps_no_more_is_not_offered(client, given, alice, community, branch, cora, sam):
    wish = given(make_wish, community, branch, cora, sam, wanted_by=clock.today())
    address = f"/wishes/{wish.id}"
    assert page(client.get(address, headers=as_member(alice))).find("form", action=f"{address}/claim")
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        shown = page(client.get(address, headers=as_member(alice) | ENGLISH))
    assert not shown.find("form", action=f"{address}/claim")
    assert "The day by which this wish helps has passed." in shown.find(id="claiming").get_text()


@BOTH
def test_alice_asks_bob_who_joins(client, database, given, alice, bob, wish, headers):
    given(make_claimed, wish, alice)
    asked = client.post(f"/wishes/{wish.id}/invite", data={"member_id": [bob.id]}, headers=headers | as_member(alice))
    answered(asked, headers)
    found = page(client.get(f"/wishes/{wish.id}", headers=as_member(bob)))
    assert alice.name in found.find(id="invitation").get_text()
    answered(client.post(f"/wishes/{wish.id}/join", headers=headers | as_member(bob)), headers)
    assert page(client.get(f"/wishes/{wish.id}", headers=as_member(bob))).find(id="next")


@BOTH
def test_bob_says_no_without_a_reason(client, given, alice, bob, wish, headers):
    given(make_claimed, wish, alice)
    given(claims.invite, alice.actor, wish_id=wish.id, member_ids=[bob.id])
    answered(client.post(f"/wishes/{wish.id}/decline", headers=headers | as_member(bob)), headers)
    assert not page(client.get(f"/wishes/{wish.id}", headers=as_member(bob))).find(id="invitation")


@BOTH
def test_nobody_is_asked_by_an_empty_form(client, given, alice, wish, headers):
    given(make_claimed, wish, alice)
    response = client.post(f"/wishes/{wish.id}/invite", headers=headers | as_member(alice))
    shown = fragment(response, status=422) if headers else page(response, status=422)
    assert shown.find(id="member_id-wrong")


@pytest.mark.parametrize("reason", ["", "出差一个月"])
def test_alice_gives_it_back_without_blame(client, database, given, alice, bob, cora, wish, reason):
    given(make_claimed, wish, alice)
    response = client.post(f"/wishes/{wish.id}/release", data={"reason": reason}, headers=as_member(alice))
    assert (response.status_code, response.headers["location"]) == (303, "/wishes/mine")
    assert status(database, wish) is Status.PUBLISHED
    for_bob = page(client.get(f"/wishes/{wish.id}", headers=as_member(bob))).find(id="history").get_text()
    assert "退回" in for_bob
    assert "出差" not in for_bob
    assert for_bob.count(alice.name) == 1, "the history names who claimed, and not who gave back"
    for_the_desk = page(client.get(f"/wishes/{wish.id}", headers=as_member(cora))).find(id="history").get_text()
    assert reason in for_the_desk


def test_one_day_stands_on_every_page(client, given, alice, community, branch, cora, sam):
    wish = given(make_wish, community, branch, cora, sam, wanted_by=WANTED)
    alices = as_member(alice)
    before = page(client.get(f"/wishes/{wish.id}", headers=alices)).find(id="claiming").get_text()
    given(make_claimed, wish, alice)
    given(claims.contacted, alice.actor, wish_id=wish.id)
    for path in (f"/wishes/{wish.id}", "/wishes/mine"):
        said = page(client.get(path, headers=alices)).find("main").get_text()
        assert DAY in said, path
        assert PROMISED not in said, path
    assert DAY in before
    assert PROMISED not in before


def test_more_time_is_not_given_where_it_would_not_help(client, given, alice, community, branch, cora, sam):
    wish = given(make_wish, community, branch, cora, sam, wanted_by=WANTED)
    given(make_claimed, wish, alice)
    shown = page(client.get(f"/wishes/{wish.id}", headers=as_member(alice)))
    assert not shown.find("form", action=f"/wishes/{wish.id}/extend")
    refused = client.post(f"/wishes/{wish.id}/extend", headers=as_member(alice))
    assert DAY in page(refused, status=409).get_text()


def test_a_photo_is_of_the_thing_and_carries_nothing_else(client, database, given, alice, bob, olga, wish):
    given(make_claimed, wish, alice)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "31.2304N 121.4737E"
    Image.new("RGB", (900, 600), "#8e0b14").save(out, "JPEG", exif=exif)
    today = page(client.get(f"/wishes/{wish.id}", headers=as_member(alice))).find(id="day")["value"]
    response = client.post(
        f"/wishes/{wish.id}/fulfil",
        data={"day": today, "sentence": "已送到。"},
        files={"photo": ("收音机.jpg", out.getvalue(), "image/jpeg")},
        headers=as_member(alice),
    )
    assert response.status_code == 303
    photo = client.get(f"/wishes/{wish.id}/photo", headers=as_member(bob))
    assert (photo.status_code, photo.headers["content-type"], photo.headers["cache-control"]) == (
        200,
        "image/webp",
        "no-store",
    )
    assert b"121.4737" not in photo.content
    assert client.get(f"/wishes/{wish.id}/photo", headers=as_member(olga)).status_code == 404
    assert client.post(f"/wishes/{wish.id}/photo/remove", headers=as_member(bob)).status_code == 403
    assert client.post(f"/wishes/{wish.id}/photo/remove", headers=as_member(alice)).status_code == 303
    assert client.get(f"/wishes/{wish.id}/photo", headers=as_member(bob)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"sentence": "已送到。"}, "day"),
        ({"day": "2020-01-01", "sentence": "已送到。"}, "day"),
        ({"day": "TODAY", "sentence": ""}, "sentence"),
        ({"day": "TODAY", "sentence": "好" * 201}, "sentence"),
    ],
)
def test_what_was_typed_stays(client, database, given, alice, wish, typed, wrong):
    given(make_claimed, wish, alice)
    today = page(client.get(f"/wishes/{wish.id}", headers=as_member(alice))).find(id="day")["value"]
    typed = {name: today if value == "TODAY" else value for name, value in typed.items()}
    shown = page(client.post(f"/wishes/{wish.id}/fulfil", data=typed, headers=as_member(alice)), status=422)
    assert set(errors(shown)) == {wrong}
    if typed.get("sentence"):
        assert shown.find(id="sentence")["value"] == typed["sentence"]
    assert status(database, wish) is Status.CLAIMED


def test_a_file_that_is_no_picture_is_said_where_it_was_chosen(client, database, given, alice, wish):
    given(make_claimed, wish, alice)
    today = page(client.get(f"/wishes/{wish.id}", headers=as_member(alice))).find(id="day")["value"]
    response = client.post(
        f"/wishes/{wish.id}/fulfil",
        data={"day": today, "sentence": "已送到。"},
        files={"photo": ("a.jpg", b"<html>", "image/jpeg")},
        headers=as_member(alice),
    )
    shown = page(response, status=422)
    assert set(errors(shown)) == {"photo"}
    assert shown.find(id="sentence")["value"] == "已送到。"
    assert status(database, wish) is Status.CLAIMED


@BOTH
@pytest.mark.parametrize("who", ["cora", "sam"])
def test_the_desk_confirms(client, database, given, alice, cora, sam, wish, headers, who):
    given(make_fulfilled, wish, alice)
    person = {"cora": cora, "sam": sam}[who]
    assert page(client.get(f"/wishes/{wish.id}", headers=as_member(person))).find(id="confirming")
    answered(client.post(f"/wishes/{wish.id}/confirm", headers=headers | as_member(person)), headers)
    assert status(database, wish) is Status.REALISED


@BOTH
def test_the_desk_says_what_is_missing(client, database, given, alice, cora, wish, headers):
    given(make_fulfilled, wish, alice)
    said = {"note": "还缺电池"}
    answered(client.post(f"/wishes/{wish.id}/not-yet", data=said, headers=headers | as_member(cora)), headers)
    assert status(database, wish) is Status.IN_PROGRESS
    assert "还缺电池" in page(client.get(f"/wishes/{wish.id}", headers=as_member(alice))).get_text()


def test_members_do_not_confirm(client, database, given, alice, bob, wish):
    given(make_fulfilled, wish, alice)
    for person in (alice, bob):
        assert not page(client.get(f"/wishes/{wish.id}", headers=as_member(person))).find(id="confirming")
        for action in ("confirm", "not-yet", "slip"):
            assert client.post(f"/wishes/{wish.id}/{action}", headers=as_member(person)).status_code == 403
    assert status(database, wish) is Status.TO_CONFIRM


@BOTH
def test_bob_takes_the_revisit_and_lets_it_go(client, database, given, alice, bob, cora, wish, headers):
    given(make_realised, wish, alice, cora)
    answered(client.post(f"/wishes/{wish.id}/revisit/take", headers=headers | as_member(bob)), headers)
    with database.read() as session:
        assert session.query(WishRevisit.taken_by_id).scalar() == bob.id
    assert wish.title in page(client.get("/wishes/mine", headers=as_member(bob))).get_text()
    answered(client.post(f"/wishes/{wish.id}/revisit/let-go", headers=headers | as_member(bob)), headers)
    with database.read() as session:
        assert not session.query(WishRevisit).all()


def test_too_early_is_said_with_the_day(client, given, alice, bob, cora, wish):
    given(make_realised, wish, alice, cora)
    response = client.post(f"/wishes/{wish.id}/revisit", data={"helped": "yes"}, headers=as_member(bob))
    assert response.status_code == 409
    assert "月" in page(response, status=409).get_text()


def test_alice_is_not_asked_whether_her_own_wish_helped(client, given, alice, cora, wish):
    given(make_realised, wish, alice, cora)
    assert not page(client.get(f"/wishes/{wish.id}", headers=as_member(alice))).find(id="revisiting")
    response = client.post(f"/wishes/{wish.id}/revisit", data={"helped": "yes"}, headers=as_member(alice))
    assert response.status_code == 409


def test_above_500_yuan_the_page_says_who_takes_care(client, given, community, branch, cora, sam, dora, alice):
    dear = given(make_wish, community, branch, cora, sam, yuan=900)
    for_alice = page(client.get(f"/wishes/{dear.id}", headers=as_member(alice)))
    assert not for_alice.find("form", action=f"/wishes/{dear.id}/claim")
    for_dora = page(client.get(f"/wishes/{dear.id}", headers=as_member(dora)))
    claims_of_dora = for_dora.select(f"form[action='/wishes/{dear.id}/claim']")
    assert [form.find("input", {"name": "kind"})["value"] for form in claims_of_dora] == ["team"]
    assert client.post(f"/wishes/{dear.id}/claim", data={"kind": "team"}, headers=as_member(dora)).status_code == 303


def test_who_moved_to_another_branch_still_finds_the_own_wish(client, database, given, alice, other_branch, wish):
    from app.features.members.models import Member

    given(make_claimed, wish, alice)
    with database.write() as session:
        member = session.get_one(Member, alice.id)
        member.branch_id, member.group_id = other_branch.id, None
    assert page(client.get(f"/wishes/{wish.id}", headers=as_member(alice))).find(id="next")
