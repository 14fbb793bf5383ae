"""The board and the page of a wish, as members see them."""

import pytest

from app.features.wishes.models import Wish
from app.features.wishes.rules import Category, Kind, Status
from tests.features.wishes.makers import make_claimed, make_fulfilled, make_realised, make_wish
from tests.makers import HTMX, as_member
from tests.page import fragment, message, page


def status(database, wish):
    with database.read() as session:
        return session.get_one(Wish, wish.id).status


def titles(found):
    return [line.b.get_text(strip=True) for line in found.select("[id^=wish-card]")]


def test_the_board_shows_what_can_be_claimed(client, alice, wish):
    found = page(client.get("/wishes", headers=as_member(alice)))
    card = found.find(id=f"wish-card-{wish.id}")
    said = card.get_text(" ", strip=True)
    assert wish.title in said
    assert "荔园社区" in said
    assert card["href"] == f"/wishes/{wish.id}"


def test_nothing_is_promised_from_the_list(client, alice, wish):
    found = page(client.get("/wishes", headers=as_member(alice)))
    assert not found.find(id="board").select("form[method=post]")
    terms = page(client.get(f"/wishes/{wish.id}", headers=as_member(alice)))
    assert len(terms.find(id="claiming").select("ol.steps > li")) == 3
    assert terms.find("form", action=f"/wishes/{wish.id}/claim")


def test_services_stand_before_goods_and_who_waited_first(client, given, database, community, branch, cora, sam, alice):
    goods = given(make_wish, community, branch, cora, sam, title="冬被一床")
    service = given(make_wish, community, branch, cora, sam, title="修楼道灯", kind=Kind.SERVICE)
    waited = given(make_wish, community, branch, cora, sam, title="血压计")
    with database.write() as session:
        session.get_one(Wish, waited.id).round = 2
    found = page(client.get("/wishes", headers=as_member(alice)))
    assert titles(found) == [waited.title, service.title, goods.title]


def test_one_category_at_a_time(client, given, community, branch, cora, sam, alice, wish):
    given(make_wish, community, branch, cora, sam, title="课外书五本", category=Category.SCHOOL)
    found = page(client.get("/wishes?category=school", headers=as_member(alice)))
    assert titles(found) == ["课外书五本"]
    assert page(client.get("/wishes?category=nonsense", headers=as_member(alice)))


def test_words_find_a_wish_by_what_it_says_its_number_and_its_community(
    client, given, community, branch, cora, sam, alice, wish
):
    lamp = given(make_wish, community, branch, cora, sam, title="修楼道灯", need="三楼的灯不亮。")
    for words in ("楼道", "不亮", lamp.code.lower()):
        assert titles(page(client.get("/wishes", params={"q": words}, headers=as_member(alice)))) == ["修楼道灯"], words
    assert len(titles(page(client.get("/wishes", params={"q": "荔园"}, headers=as_member(alice))))) == 2
    nothing = page(client.get("/wishes", params={"q": "100%_"}, headers=as_member(alice)))
    assert nothing.find(class_="empty")
    assert nothing.find(id="q")["value"] == "100%_"
    given(make_realised, lamp, alice, cora)
    for words, found in (("楼道", True), ("收音机", False)):
        shown = page(client.get("/wishes/realised", params={"q": words}, headers=as_member(alice)))
        assert ("修楼道灯" in shown.find(id="board").get_text()) is found


def test_olga_sees_nothing(client, olga, carl, wish):
    for person in (olga, carl):
        assert not titles(page(client.get("/wishes", headers=as_member(person))))
        for path in (f"/wishes/{wish.id}", f"/wishes/{wish.id}/photo"):
            assert client.get(path, headers=as_member(person)).status_code == 404
        for action in ("claim", "join", "decline", "contacted", "extend", "release", "revisit/take", "revisit/let-go"):
            assert client.post(f"/wishes/{wish.id}/{action}", headers=as_member(person)).status_code == 404, action


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_alice_claims_below_the_terms_and_reads_what_comes_next(client, database, alice, wish, headers):
    response = client.post(f"/wishes/{wish.id}/claim", headers=headers | as_member(alice))
    assert (response.status_code, response.headers.get("location") or response.headers["hx-redirect"]) == (
        200 if headers else 303,
        f"/wishes/{wish.id}",
    )
    assert status(database, wish) is Status.CLAIMED
    found = page(client.get(f"/wishes/{wish.id}", headers=as_member(alice)))
    assert found.find(id="next")
    assert found.find("form", action=f"/wishes/{wish.id}/contacted")


def test_bob_reads_kindly_who_was_faster(client, given, alice, bob, wish):
    given(make_claimed, wish, alice)
    response = client.post(f"/wishes/{wish.id}/claim", headers=as_member(bob))
    assert response.status_code == 409
    assert alice.name in page(response, status=409).find(id="wish").get_text()


def test_bobs_page_changes_in_its_place(client, given, alice, bob, wish):
    given(make_claimed, wish, alice)
    response = client.post(f"/wishes/{wish.id}/claim", headers=HTMX | as_member(bob))
    shown = fragment(response, status=409).find(id="wish")
    assert alice.name in shown.get_text()
    assert not shown.find("form", action=f"/wishes/{wish.id}/claim")


def test_mine_says_by_when(client, given, alice, wish):
    given(make_claimed, wish, alice)
    found = page(client.get("/wishes/mine", headers=as_member(alice)))
    assert wish.title in found.find(id="board").get_text()
    assert not page(client.get("/wishes", headers=as_member(alice))).find(id=f"wish-card-{wish.id}")


def test_what_came_true_stands_on_its_own_page(client, given, alice, bob, cora, wish):
    given(make_realised, wish, alice, cora)
    found = page(client.get("/wishes/realised", headers=as_member(bob)))
    assert wish.title in found.find(id="board").get_text()


def test_the_invitation_is_for_who_has_not_taken_part_this_year(
    client, given, alice, bob, community, branch, cora, sam
):
    wishes = [given(make_wish, community, branch, cora, sam) for _ in range(2)]
    given(make_fulfilled, wishes[0], alice)
    assert not page(client.get("/wishes", headers=as_member(alice))).find(id="invitation")
    assert page(client.get("/wishes", headers=as_member(bob))).find(id="invitation")


def test_the_pages_ask_few_questions(client, given, statements, alice, community, branch, cora, sam):
    for _ in range(5):
        given(make_wish, community, branch, cora, sam)
    for path in ("/wishes", "/wishes/mine", "/wishes/realised"):
        statements.clear()
        client.get(path, headers=as_member(alice))
        assert len([one for one in statements if one.startswith("SELECT")]) <= 7, path


def test_the_empty_board_is_kind(client, alice, olga, community):
    for person in (alice, olga):
        for path in ("/wishes", "/wishes/mine", "/wishes/realised"):
            found = page(client.get(path, headers=as_member(person)))
            assert found.find(class_="empty"), path
            assert not message(found)
