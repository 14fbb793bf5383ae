"""The desk: a wish is entered, completed, handed in, verified and published, by plain forms and by htmx."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.features.wishes.contacts.models import WishConsent, WishContact
from app.features.wishes.models import Wish
from app.features.wishes.rules import Status
from tests.features.wishes.makers import make_claimed, make_collector, make_community, make_wish
from tests.makers import HTMX, as_member
from tests.page import errors, fragment, message, page, said_next

ID = "01990000-0000-7000-8000-000000000001"
TEXT = {"title": "想要一台收音机", "need": "带大按键，能收戏曲。", "category": "elderly", "yuan": "120"}
CONTACT = {"name": "王桂芬", "phone": "13712345678", "address": "荔园路8号2栋301", "consent_ordinary": "yes"}


@pytest.fixture
def place(given, branch, other_branch):
    return given(make_community, branch, other_branch)


@pytest.fixture
def gwen(given, place):
    return given(make_collector, place)


def test_a_collector_s_home_is_the_desk(client, gwen):
    response = client.get("/", headers=as_member(gwen))
    assert (response.status_code, response.headers["location"]) == (303, "/wishes/desk")
    desk = page(client.get("/wishes/desk", headers=as_member(gwen)))
    assert desk.find("a", href="/wishes/desk/new")
    page(client.get("/me", headers=as_member(gwen)))


def test_gwen_enters_a_wish_in_one_form(client, database, gwen, sam):
    new = page(client.get("/wishes/desk/new", headers=as_member(gwen)))
    wish_id = new.find("input", {"name": "id"})["value"]
    sent = TEXT | CONTACT | {"id": wish_id, "hand_in": "yes"}
    response = client.post("/wishes/desk/new", data=sent, headers=as_member(gwen))
    assert (response.status_code, response.headers["location"]) == (303, f"/wishes/desk/{wish_id}")
    again = client.post("/wishes/desk/new", data=sent, headers=as_member(gwen))
    assert again.status_code == 303
    with database.read() as session:
        wish = session.scalars(select(Wish)).one()
        assert (wish.status, wish.entered_by_id, wish.branch_id) == (Status.TO_VERIFY, gwen.id, sam.branch_id)
        assert session.scalars(select(WishContact.filled)).one() == ["name", "phone", "address"]
        assert session.scalars(select(WishConsent.kind)).one() == "ordinary"
    card = page(client.get(f"/wishes/desk/{wish_id}", headers=as_member(gwen)))
    assert "王桂芬" not in card.text
    assert "13712345678" not in card.text


@pytest.mark.parametrize(("headers", "read"), [({}, page), (HTMX, fragment)], ids=["plain", "htmx"])
def test_what_is_missing_is_said_and_what_was_typed_stays(client, database, gwen, headers, read):
    sent = TEXT | CONTACT | {"id": ID, "consent_ordinary": "", "hand_in": "yes"}
    response = client.post("/wishes/desk/new", data=sent, headers=headers | as_member(gwen))
    form = read(response, status=422)
    assert "consent_ordinary" in errors(form)
    assert form.find("input", {"name": "phone"})["value"] == "13712345678"
    with database.read() as session:
        assert session.scalars(select(Wish)).all() == []


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_draft_is_completed_handed_in_and_published(client, database, gwen, sam, headers, status):
    def do(person, action, **data):
        response = client.post(f"/wishes/desk/{ID}/{action}", data=data, headers=headers | as_member(person))
        assert response.status_code == status, response.text

    client.post("/wishes/desk/new", data=TEXT | {"id": ID}, headers=as_member(gwen))
    refused = client.post(f"/wishes/desk/{ID}/hand-in", headers=as_member(gwen))
    assert "联系" in page(refused, status=422).text or refused.status_code == 422
    do(gwen, "contact", **CONTACT)
    do(gwen, "text", **(TEXT | {"title": "想要一台能听戏的收音机"}))
    do(gwen, "hand-in")
    do(sam, "return", reason="请写明尺寸")
    assert "请写明尺寸" in page(client.get("/wishes/desk", headers=as_member(gwen))).text
    do(gwen, "hand-in")
    do(sam, "verify")
    do(sam, "publish", when="now")
    with database.read() as session:
        wish = session.scalars(select(Wish)).one()
        assert (wish.status, wish.title) == (Status.PUBLISHED, "想要一台能听戏的收音机")
    do(gwen, "withdraw")
    with database.read() as session:
        assert session.scalars(select(WishContact)).all() == []
    for person in (gwen, sam):
        page(client.get(f"/wishes/desk/{ID}", headers=as_member(person)))
        page(client.get("/wishes/desk/over", headers=as_member(person)))


def test_an_officer_refers_a_wish_to_a_better_channel(client, database, gwen, sam):
    client.post("/wishes/desk/new", data=TEXT | CONTACT | {"id": ID, "hand_in": "yes"}, headers=as_member(gwen))
    response = client.post(
        f"/wishes/desk/{ID}/refer",
        data={"channel": "民政：救助", "sentence": "谢谢您，那里能帮得更多。"},
        headers=as_member(sam),
    )
    assert response.status_code == 303
    assert "民政：救助" in page(client.get(f"/wishes/desk/{ID}", headers=as_member(gwen))).text


def test_a_wish_waits_for_the_round(client, gwen, sam):
    client.post("/wishes/desk/new", data=TEXT | CONTACT | {"id": ID, "hand_in": "yes"}, headers=as_member(gwen))
    refused = client.post(f"/wishes/desk/{ID}/publish", data={"when": "round"}, headers=as_member(sam))
    page(refused, status=422)
    wrong = client.post("/wishes/desk/day", data={"day": "31"}, headers=as_member(sam))
    assert "day" in errors(page(wrong, status=422))
    assert client.post("/wishes/desk/day", data={"day": "15"}, headers=as_member(sam)).status_code == 303
    assert client.post(f"/wishes/desk/{ID}/publish", data={"when": "round"}, headers=as_member(sam)).status_code == 303
    page(client.get("/wishes/desk", headers=as_member(sam)))
    assert client.post(f"/wishes/desk/{ID}/wait", headers=as_member(sam)).status_code == 303


def test_strangers_find_no_desk(client, given, place, gwen, alice, oscar, carl, other_branch):
    client.post("/wishes/desk/new", data=TEXT | CONTACT | {"id": ID, "hand_in": "yes"}, headers=as_member(gwen))
    far = given(make_community, other_branch, name="远山社区")
    stranger = given(make_collector, far, "袁方")
    for person, status in ((alice, 403), (carl, 403), (oscar, 404), (stranger, 404)):
        assert client.get(f"/wishes/desk/{ID}", headers=as_member(person)).status_code == status
        for action in ("hand-in", "verify", "withdraw", "erase-contact", "held", "text", "contact"):
            data = TEXT | CONTACT
            response = client.post(f"/wishes/desk/{ID}/{action}", data=data, headers=as_member(person))
            assert response.status_code == status, (person.name, action)
    assert message(page(client.get("/wishes/desk", headers=as_member(stranger)))) == ""


def test_what_is_due_next_stands_first_and_each_wish_has_one_day(client, given, place, branch, gwen, sam, alice):
    today = clock.today()
    later = given(make_wish, place, branch, gwen, sam, wanted_by=today + timedelta(days=20))
    sooner = given(make_wish, place, branch, gwen, sam, wanted_by=today + timedelta(days=5))
    promised = given(make_claimed, given(make_wish, place, branch, gwen, sam), alice)
    pressing = given(
        make_claimed, given(make_wish, place, branch, gwen, sam, wanted_by=today + timedelta(days=9)), alice
    )
    desk = page(client.get("/wishes/desk", headers=as_member(gwen)))
    links = [link["href"].rsplit("/", 1)[1] for link in desk.select("a.row[href^='/wishes/desk/0']")]
    assert links == [str(wish.id) for wish in (sooner, later, pressing, promised)]
    days = [link.find(class_="who").get_text(strip=True) for link in desk.select("a.row[href^='/wishes/desk/0']")]
    for day, after in zip(days, (5, 20, 9, 30), strict=True):
        wanted = today + timedelta(days=after)
        assert f"{wanted.month}月{wanted.day}日" in day


@pytest.mark.parametrize(("yuan", "is_said"), [("500", False), ("501", True)])
def test_an_estimate_for_a_committee_is_said_at_once(client, gwen, sam, yuan, is_said):
    form = page(client.get("/wishes/desk/new", headers=as_member(gwen)))
    typed = {
        "id": form.find(attrs={"name": "id"})["value"],
        "title": "换一台洗衣机",
        "category": "hardship",
        "yuan": yuan,
    }
    answer = client.post("/wishes/desk/new", data=typed, headers=as_member(gwen))
    assert ("500" in said_next(answer)) is is_said
    shown = page(client.get(answer.headers["location"], headers=as_member(gwen)))
    assert ("须支委会组队认领" in shown.find(id="desk-wish").get_text()) is is_said
