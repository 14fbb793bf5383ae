"""The pages of the tree: counts for officers of the organ, groups for officers of a branch, nothing for others."""

import pytest

from app.features.organisations.queries import PAGE
from tests.features.members.makers import make_business_administrator
from tests.makers import ENGLISH, HTMX, as_member, make_branch
from tests.page import errors, fragment, page

BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


@pytest.fixture
def bea(given, branch, committee):
    return given(make_business_administrator, branch, committee)


def listed(soup):
    return [element.get_text(strip=True) for element in soup.select("#place .row .t")]


@pytest.mark.parametrize(("who", "start"), [("carl", "committee"), ("bea", "committee"), ("sam", "branch")])
def test_the_view_begins_at_the_own_post(client, request, who, start):
    person, place = request.getfixturevalue(who), request.getfixturevalue(start)
    response = client.get("/organisations", headers=as_member(person))
    assert (response.status_code, response.headers["location"]) == (303, f"/organisations/{place.id}")


def test_carl_sees_numbers_and_no_names(client, carl, alice, sam, committee, branch):
    soup = page(client.get(f"/organisations/{committee.id}", headers=ENGLISH | as_member(carl)))
    assert branch.name in listed(soup)
    assert "4 members" in soup.get_text()
    deeper = page(client.get(f"/organisations/{branch.id}", headers=as_member(carl)))
    for text in (soup.get_text(), deeper.get_text()):
        assert alice.name not in text
        assert sam.name not in text
    assert not soup.select("main form[method=post]")
    assert deeper.select_one("a[href^='/members?']"), "from here a committee officer gives posts"


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("olga", 403), ("oscar", 404)])
def test_others_see_nothing(client, request, who, status, branch):
    person = request.getfixturevalue(who)
    page(client.get(f"/organisations/{branch.id}", headers=as_member(person)), status=status)


@BOTH
def test_sam_adds_a_group(client, sam, branch, headers):
    form = {"kind": "group", "name": "青年党小组"}
    response = client.post(f"/organisations/{branch.id}/units", data=form, headers=headers | as_member(sam))
    soup = fragment(response) if headers else page(client.get(response.headers["location"], headers=as_member(sam)))
    assert "青年党小组" in listed(soup)
    again = client.post(f"/organisations/{branch.id}/units", data=form, headers=headers | as_member(sam))
    assert "name" in errors((fragment if headers else page)(again, status=409))


@BOTH
def test_bea_renames_a_branch(client, bea, branch, other_branch, headers):
    address = f"/organisations/{branch.id}/rename"
    taken = client.post(address, data={"name": other_branch.name}, headers=headers | as_member(bea))
    soup = (fragment if headers else page)(taken, status=409)
    assert "name" in errors(soup)
    assert soup.find("input", id="new-name")["value"] == other_branch.name
    response = client.post(address, data={"name": "办公室党支部"}, headers=headers | as_member(bea))
    assert response.status_code == (200 if headers else 303)
    text = page(client.get(f"/organisations/{branch.id}", headers=as_member(bea))).get_text()
    assert "办公室党支部" in text


@BOTH
def test_bea_removes_what_is_empty_once(client, given, bea, branch, committee, headers):
    empty = given(make_branch, "空支部")
    response = client.post(f"/organisations/{empty.id}/remove", headers=headers | as_member(bea))
    assert response.headers.get("HX-Redirect", response.headers.get("location")) == f"/organisations/{committee.id}"
    again = client.post(f"/organisations/{empty.id}/remove", headers=headers | as_member(bea))
    assert again.status_code == 404
    in_use = client.post(f"/organisations/{branch.id}/remove", headers=ENGLISH | headers | as_member(bea))
    assert in_use.status_code == 409
    assert "has members" in in_use.text


def test_the_root_offers_no_removal(client, bea, committee):
    soup = page(client.get(f"/organisations/{committee.id}", headers=as_member(bea)))
    assert not soup.select("form[action$='/remove']")


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("carl", 403), ("oscar", 404)])
@pytest.mark.parametrize("action", ["units", "rename", "remove"])
def test_others_change_nothing(client, request, who, status, action, group, branch):
    person = request.getfixturevalue(who)
    place = branch if action == "units" else group
    form = {"kind": "group", "name": "新小组"}
    response = client.post(f"/organisations/{place.id}/{action}", data=form, headers=as_member(person))
    page(response, status=status)


def test_a_long_list_comes_in_pages_and_is_searched(client, given, bea, committee):
    def many(session):
        for number in range(4, PAGE + 20):
            make_branch(session, f"第{number}党支部")

    given(many)
    address, found = f"/organisations/{committee.id}", []
    while address:
        soup = page(client.get(address, headers=as_member(bea)))
        found += listed(soup)
        more = soup.select_one("#place a.btn")
        address = more["href"] if more else None
    assert len(found) == len(set(found)) == PAGE + 19
    assert found[:5] == ["第一党支部", "第二党支部", "第4党支部", "第5党支部", "第6党支部"]
    searched = page(client.get(f"/organisations/{committee.id}", params={"q": "第50"}, headers=as_member(bea)))
    assert listed(searched) == ["第50党支部"]
    nothing = page(client.get(f"/organisations/{committee.id}", params={"q": "100%"}, headers=as_member(bea)))
    assert listed(nothing) == []


def test_a_long_list_costs_few_statements(client, given, bea, committee, statements):
    for number in range(30):
        given(make_branch, f"第{number + 3}党支部")
    statements.clear()
    client.get(f"/organisations/{committee.id}", headers=as_member(bea))
    assert len([sql for sql in statements if sql.lstrip().startswith(("SELECT", "WITH"))]) <= 6
