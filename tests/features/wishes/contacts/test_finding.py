"""Finding the wish of whoever calls: what is found, what is noted, and what is said of what could not be searched."""

import pytest
from sqlalchemy import update

from app.features.members.rules import Role
from app.features.private.rules import ConsentKind, Contact
from app.features.wishes.contacts import queries, rules, service
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.intake import service as intake
from tests.features.wishes.makers import make_collector, make_community, make_wish
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

CONTACT = Contact(name="王桂芬", phone="13712345678", address="荔园路8号2栋301")
ALL = frozenset(ConsentKind)


@pytest.fixture
def reachable(given, wish, cora):
    """The wish on the board, with its contact."""
    given(lambda session: intake.add_contact(session, cora.actor, wish_id=wish.id, contact=CONTACT, consents=ALL))
    return wish


def another(session, community, branch, cora, sam, name):
    made = make_wish(session, community, branch, cora, sam)
    contact = Contact(name=name, phone="13700000000")
    intake.add_contact(session, cora.actor, wish_id=made.id, contact=contact, consents=ALL)
    return made


@pytest.mark.parametrize("asked", ["桂芬", "王桂芬", "wgf", "5678", "137 1234 5678"])
def test_the_wish_of_whoever_calls_is_found_and_the_look_is_noted(client, database, reachable, cora, asked):
    shown = client.post("/wishes/desk/find", data={"asked": asked}, headers=as_member(cora))
    assert page(shown).select(f"a[href='/wishes/desk/{reachable.id}']")
    assert "13712345678" not in shown.text, "the number itself is another look"
    with database.read() as session:
        (look,) = queries.looks(session, reachable.id)
    assert (look.name, look.capacity) == (cora.name, rules.Capacity.COLLECTOR)


def test_the_secretary_finds_it_too_and_the_log_says_how(given, reachable, database, sam):
    assert given(service.find, sam.actor, asked="桂芬") == service.SearchResult([reachable.id])
    with database.read() as session:
        (look,) = queries.looks(session, reachable.id)
    assert (look.name, look.capacity, look.reason) == (sam.name, rules.Capacity.OFFICER, "按姓名或电话查找")


def test_who_may_not_open_a_contact_finds_nobody(client, database, given, reachable, branch, community, olga, alice):
    deputy = given(make_member, branch, "何副", roles=(Role.DEPUTY,))
    elsewhere = given(make_collector, given(make_community, branch, name="安宁社区"), "小安")
    for person in (deputy, elsewhere):
        shown = page(client.post("/wishes/desk/find", data={"asked": "王桂芬"}, headers=as_member(person)))
        assert not shown.select("a[href^='/wishes/desk/0']")
    for person in (olga, alice):
        assert client.post("/wishes/desk/find", data={"asked": "桂芬"}, headers=as_member(person)).status_code == 403
    with database.read() as session:
        assert queries.looks(session, reachable.id) == []


@pytest.mark.parametrize("asked", ["王", "678", " 王 ", "…"])
def test_one_sign_opens_nothing(client, database, reachable, cora, asked):
    shown = page(client.post("/wishes/desk/find", data={"asked": asked}, headers=as_member(cora)), 422)
    assert shown.find(id="asked-wrong")
    with database.read() as session:
        assert queries.looks(session, reachable.id) == []


def test_a_search_that_fits_many_is_no_list_of_people(given, reachable, community, branch, cora, sam):
    def many(session):
        for number in range(rules.MOST_MEANT):
            another(session, community, branch, cora, sam, f"王桂{number}")

    given(many)
    with pytest.raises(rules.TooManyMeantError):
        given(service.find, cora.actor, asked="王桂")


def test_one_contact_that_no_key_opens_hides_no_other(client, database, given, reachable, community, branch, cora, sam):
    broken = given(another, community, branch, cora, sam, "王桂花")
    spoilt = update(WishContact).where(WishContact.wish_id == broken.id).values(sealed="x")
    given(lambda session: session.execute(spoilt))
    shown = page(client.post("/wishes/desk/find", data={"asked": "桂芬"}, headers=as_member(cora) | ENGLISH))
    assert shown.select(f"a[href='/wishes/desk/{reachable.id}']")
    assert "1 contact could not be searched" in shown.main.get_text(" ", strip=True)
    shown = page(client.post("/wishes/desk/find", data={"asked": "桂花"}, headers=as_member(cora) | ENGLISH))
    assert "Nobody of this name" not in shown.main.get_text()
    with database.read() as session:
        assert queries.kept(session, broken.id).filled == ["name", "phone"], "nothing is lost"
        assert queries.looks(session, broken.id) == []


def test_where_more_are_kept_than_are_searched_the_page_says_so(
    client, monkeypatch, given, reachable, community, branch, cora, sam
):
    monkeypatch.setattr(rules, "MOST_SEARCHED", 1)
    newer = given(another, community, branch, cora, sam, "王桂花")
    shown = page(client.post("/wishes/desk/find", data={"asked": "王桂"}, headers=as_member(cora) | ENGLISH))
    assert [row["href"] for row in shown.select("a.row[href^='/wishes/desk/']")] == [f"/wishes/desk/{newer.id}"]
    assert "newest contacts were searched" in shown.main.get_text()
