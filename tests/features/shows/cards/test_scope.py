"""Whom a card is shown to: the branch, or the organ, as its owner chooses; everybody else finds nothing."""

from datetime import date

import pytest

from app.features.members.models import Member
from app.features.members.rules import Role
from tests.features.shows.cards.makers import make_identity, make_photo, open_to_organ
from tests.makers import HTMX, as_member, make_member
from tests.page import fragment, message, page


def card_of(person):
    return f"/shows/members/{person.id}"


def test_the_branch_opens_it_and_no_other(client, given, alice, bob, sam, olga, oscar, carl):
    given(make_identity, alice)
    for colleague in (alice, bob, sam):
        assert "把小事办好" in page(client.get(card_of(alice), headers=as_member(colleague))).get_text()
    for stranger in (olga, oscar, carl):
        assert client.get(card_of(alice), headers=as_member(stranger)).status_code == 404


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_opens_it_to_the_organ(client, given, alice, olga, headers, status):
    given(make_identity, alice)
    response = client.post("/shows/sharing", data={"scope": "organ"}, headers=as_member(alice) | headers)
    assert response.status_code == status
    if headers:
        assert fragment(response).select_one("[name=scope][checked]")["value"] == "organ"
    assert "把小事办好" in page(client.get(card_of(alice), headers=as_member(olga))).get_text()
    client.post("/shows/sharing", data={"scope": "branch"}, headers=as_member(alice))
    assert client.get(card_of(alice), headers=as_member(olga)).status_code == 404


def test_public_is_no_scope_that_is_simply_chosen(client, alice):
    soup = page(client.post("/shows/sharing", data={"scope": "public"}, headers=as_member(alice)), 422)
    assert soup.select_one("[name=scope][checked]") is None


def test_whoever_is_not_signed_in_is_led_to_the_door(client, alice):
    for path in ("/shows", card_of(alice), "/shows/sharing", "/shows/consent", "/shows/code"):
        assert client.get(path).headers["location"].startswith("/sign-in")


def test_a_photo_goes_as_far_as_its_card(client, given, alice, bob, olga):
    photo = given(make_photo, alice)
    for size in (96, 320):
        response = client.get(f"/shows/photos/{photo}/{size}", headers=as_member(bob))
        assert (response.status_code, response.headers["content-type"]) == (200, "image/webp")
        assert response.headers["cache-control"] == "no-store"
        assert client.get(f"/shows/photos/{photo}/{size}", headers=as_member(olga)).status_code == 404
    assert client.get(f"/shows/photos/{photo}/640", headers=as_member(bob)).status_code == 404
    given(open_to_organ, alice)
    assert client.get(f"/shows/photos/{photo}/96", headers=as_member(olga)).status_code == 200


def test_the_card_of_somebody_who_left_is_closed(client, given, database, branch, bob):
    gone = given(make_member, branch, "戈恩")
    given(open_to_organ, gone)
    photo = given(make_photo, gone)
    with database.write() as session:
        session.get_one(Member, gone.id).left_on = date(2020, 1, 1)
    assert client.get(card_of(gone), headers=as_member(bob)).status_code == 404
    assert client.get(f"/shows/photos/{photo}/96", headers=as_member(bob)).status_code == 404


def test_posts_of_the_party_stand_on_it_others_do_not(client, given, branch, committee, bob):
    keeper = given(make_member, branch, "管家", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    secretary = given(make_member, branch, "舒记", roles=(Role.PUBLICITY,))
    assert "业务管理员" not in client.get(card_of(keeper), headers=as_member(bob)).text
    assert "宣传委员" in client.get(card_of(secretary), headers=as_member(bob)).text


def test_a_card_takes_few_statements(client, given, alice, bob, statements):
    given(make_identity, alice)
    statements.clear()
    client.get(card_of(alice), headers=as_member(bob))
    assert len([one for one in statements if one.startswith("SELECT")]) <= 8


def test_saving_says_so(client, alice):
    response = client.post("/shows/sharing", data={"scope": "organ"}, headers=as_member(alice))
    assert response.headers["location"] == "/shows/sharing"
    cookie = {"Cookie": f"{as_member(alice)['Cookie']}; sanliang_message={response.cookies['sanliang_message']}"}
    assert message(page(client.get("/shows/sharing", headers=cookie)))
