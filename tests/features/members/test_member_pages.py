"""A member's page and what officers do from it: each action as a plain form and with htmx."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from app.features.members import queries, service
from app.features.members.rules import ExemptionKind, Role
from tests.features.members.makers import audit_rows, make_business_administrator, make_exemption, make_term
from tests.makers import ENGLISH, HTMX, as_member, make_group, make_member
from tests.page import errors, fragment, page

BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
NEW = {"name": "高远", "phone": "139 1234 5678", "status": "full", "joined": "2014年7月"}


def read(database, question, *args):
    with database.read() as session:
        return question(session, *args)


def went_to(response):
    """Where a done form leads, plain or with htmx."""
    assert response.status_code == (200 if "HX-Redirect" in response.headers else 303)
    return response.headers.get("HX-Redirect") or response.headers["location"]


def test_alice_sees_what_is_kept_about_her(client, alice):
    text = page(client.get(f"/members/{alice.id}", headers=as_member(alice))).get_text()
    assert alice.phone in text


def test_sam_sees_alice_and_may_change_her(client, sam, alice):
    soup = page(client.get(f"/members/{alice.id}", headers=as_member(sam)))
    assert soup.select_one(f'a[href="/members/{alice.id}/edit"]')


def test_years_in_the_party_are_those_of_the_card(client, sam, given, branch):
    """Counted from full membership: a probationary member has none yet."""
    full = given(make_member, branch, "李建国", joined="2001-06-20", confirmed="2002-06-20")
    young = given(make_member, branch, "刘映雪", status="probationary", joined="2025-06-20")
    with time_machine.travel(datetime(2026, 6, 19, 4, tzinfo=UTC), tick=False):
        pages = [page(client.get(f"/members/{one.id}", headers=ENGLISH | as_member(sam))) for one in (full, young)]
    assert ["years in the Party" in soup.main.get_text() for soup in pages] == [True, False]
    assert "23 years in the Party" in pages[0].main.get_text()


@pytest.mark.parametrize("who", ["bob", "olga", "oscar", "carl"])
@pytest.mark.parametrize("place", ["", "/edit", "/posts", "/exemptions", "/membership"])
def test_others_find_nothing(client, request, who, alice, place):
    person = request.getfixturevalue(who)
    response = client.get(f"/members/{alice.id}{place}", headers=as_member(person))
    is_above = who == "carl" and place in ("/posts", "/exemptions")  # of every branch below
    is_no_officer = place and who in ("bob", "olga", "carl")
    assert response.status_code == (200 if is_above else 403 if is_no_officer else 404)


def test_a_wrong_address_is_nothing(client, sam):
    page(client.get("/members/nobody", headers=as_member(sam)), status=404)


@BOTH
def test_sam_adds_a_member(client, database, sam, branch, headers):
    page(client.get("/members/new", headers=as_member(sam)))
    response = client.post(f"/members?branch={branch.id}", data=NEW, headers=headers | as_member(sam))
    added = page(client.get(went_to(response), headers=ENGLISH | as_member(sam)))
    assert "13912345678" in added.get_text()
    assert [row.name for row in read(database, queries.branch_members, branch.id)].count("高远") == 1


@BOTH
def test_a_wrong_form_keeps_what_was_typed(client, sam, branch, headers):
    typed = NEW | {"name": "", "phone": "12345", "confirmed": "2013", "born": "2999", "post": "处长"}
    response = client.post(f"/members?branch={branch.id}", data=typed, headers=ENGLISH | headers | as_member(sam))
    soup = (fragment if headers else page)(response, status=422)
    assert set(errors(soup)) == {"name", "phone", "confirmed", "born"}
    assert soup.find("input", attrs={"name": "phone"})["value"] == "12345"
    assert soup.find("input", attrs={"name": "post"})["value"] == "处长"


@BOTH
def test_a_taken_phone_is_said_at_the_field(client, database, sam, alice, bob, headers):
    form = {"name": "新名", "phone": bob.phone, "status": "full"}
    response = client.post(f"/members/{alice.id}", data=form, headers=ENGLISH | headers | as_member(sam))
    soup = (fragment if headers else page)(response, status=409)
    assert errors(soup)["phone"].startswith("Another member")
    assert read(database, queries.member_card, alice.id).name == alice.name
    assert read(database, audit_rows) == []


@BOTH
def test_sam_changes_alice(client, database, sam, alice, group, headers):
    form = {"name": alice.name, "phone": alice.phone, "group_id": str(group.id), "status": "full", "born": "1990.5"}
    response = client.post(f"/members/{alice.id}", data=form, headers=headers | as_member(sam))
    assert went_to(response) == f"/members/{alice.id}"
    assert read(database, queries.member_card, alice.id).born == "1990-05"


@BOTH
def test_sam_gives_alice_a_post(client, database, sam, alice, branch, headers):
    form = {"role": "publicity", "starts_on": "2026-01-01"}
    page(client.get(f"/members/{alice.id}/posts", headers=as_member(sam)))
    response = client.post(f"/members/{alice.id}/posts", data=form, headers=headers | as_member(sam))
    if headers:
        assert fragment(response).find(id="posts")
    else:
        assert went_to(response) == f"/members/{alice.id}/posts"
    assert read(database, queries.posts_in, branch.id)[alice.id] == [Role.PUBLICITY]


@BOTH
def test_a_second_secretary_is_refused_at_the_field(client, sam, alice, carl, headers):
    form = {"role": "secretary", "starts_on": "2026-01-01"}
    response = client.post(f"/members/{alice.id}/posts", data=form, headers=ENGLISH | headers | as_member(carl))
    soup = (fragment if headers else page)(response, status=409)
    assert sam.name in errors(soup)["role"]


@BOTH
def test_carl_ends_a_post(client, database, carl, dora, headers):
    [term] = read(database, queries.terms_of, dora.id)
    address = f"/members/{dora.id}/posts/{term.id}/end"
    response = client.post(address, data={"ends_on": "1999-01-01"}, headers=ENGLISH | headers | as_member(carl))
    assert "ends_on" in errors((fragment if headers else page)(response, status=422))
    response = client.post(address, data={"ends_on": "2026-06-30"}, headers=headers | as_member(carl))
    assert response.status_code == (200 if headers else 303)
    assert [str(row.ends_on) for row in read(database, queries.terms_of, dora.id)] == ["2026-06-30"]


@BOTH
def test_sam_exempts_alice_and_ends_it(client, database, sam, alice, headers):
    form = {"kind": "illness", "starts_on": "2026-01-01", "note": "住院"}
    page(client.get(f"/members/{alice.id}/exemptions", headers=as_member(sam)))
    response = client.post(f"/members/{alice.id}/exemptions", data=form, headers=headers | as_member(sam))
    assert response.status_code == (200 if headers else 303)
    again = client.post(f"/members/{alice.id}/exemptions", data=form, headers=headers | as_member(sam))
    assert "kind" in errors((fragment if headers else page)(again, status=409))
    [exemption] = read(database, queries.exemptions_of, alice.id)
    address = f"/members/{alice.id}/exemptions/{exemption.id}/end"
    client.post(address, data={"ends_on": "2026-02-01"}, headers=headers | as_member(sam))
    assert [str(row.ends_on) for row in read(database, queries.exemptions_of, alice.id)] == ["2026-02-01"]


@BOTH
def test_bob_leaves_and_returns(client, database, sam, bob, headers):
    page(client.get(f"/members/{bob.id}/membership", headers=as_member(sam)))
    for wrong in ("", "0001-01-01"):
        response = client.post(f"/members/{bob.id}/leave", data={"left_on": wrong}, headers=headers | as_member(sam))
        assert "left_on" in errors((fragment if headers else page)(response, status=422))
    response = client.post(f"/members/{bob.id}/leave", data={"left_on": "2026-01-01"}, headers=headers | as_member(sam))
    assert went_to(response) == f"/members/{bob.id}"
    assert str(read(database, queries.member_card, bob.id).left_on) == "2026-01-01"
    assert went_to(client.post(f"/members/{bob.id}/return", headers=headers | as_member(sam)))
    assert read(database, queries.member_card, bob.id).left_on is None


@BOTH
@time_machine.travel(datetime(2026, 3, 9, 4, tzinfo=UTC), tick=False)
def test_bea_moves_alice_by_the_name_of_the_branch(
    client, database, given, branch, other_branch, committee, alice, headers
):
    bea = given(make_business_administrator, branch, committee)
    address = f"/members/{alice.id}/move"
    for name in ("第九党支部", "党支部"):
        response = client.post(address, data={"branch": name}, headers=ENGLISH | headers | as_member(bea))
        assert (fragment if headers else page)(response, status=422).select_one("[role=alert]").get_text(strip=True)
    response = client.post(address, data={"branch": "第二"}, headers=headers | as_member(bea))
    assert went_to(response) == f"{address}?branch={other_branch.id}"
    assert read(database, queries.member_card, alice.id).branch_id == branch.id  # a name is shown first
    group = given(make_group, other_branch, "第三党小组")
    shown = page(client.get(went_to(response), headers=ENGLISH | as_member(bea)))
    for word in (alice.name, branch.name, other_branch.name, "9 Mar", group.name):
        assert word in shown.get_text()
    chosen = {"branch": shown.select_one("input[name=branch]")["value"], "group_id": str(group.id)}
    response = client.post(address, data=chosen, headers=headers | as_member(bea))
    assert went_to(response) == f"/members/{alice.id}"
    moved = read(database, queries.member_card, alice.id)
    assert (moved.branch_id, moved.group_id) == (other_branch.id, group.id)


def test_the_branch_to_move_to_is_looked_for(client, given, branch, other_branch, committee, alice):
    bea = given(make_business_administrator, branch, committee)
    address = f"/members/{alice.id}/membership"
    soup = page(client.get(address, params={"to": "第二"}, headers=as_member(bea)))
    assert [link["href"] for link in soup.select("#moving a")] == [f"/members/{alice.id}/move?branch={other_branch.id}"]


def test_who_moves_is_told_to_the_officers_of_both_branches(
    client, given, branch, other_branch, committee, alice, sam, oscar, olga
):
    bea = given(make_business_administrator, branch, committee)
    given(lambda session: service.move_member(session, bea.actor, member_id=alice.id, branch_id=other_branch.id))
    told = page(client.get("/", headers=ENGLISH | as_member(oscar))).main
    assert f"{alice.name} has moved here from {branch.name}" in told.get_text()
    assert told.select_one(f"a[href='/members/{alice.id}']")
    left = page(client.get("/", headers=ENGLISH | as_member(sam))).main
    assert f"{alice.name} has moved from here to {other_branch.name}" in left.get_text()
    assert not left.select_one(f"a[href='/members/{alice.id}']")
    assert alice.name not in page(client.get("/", headers=as_member(olga))).main.get_text()
    until = told.select_one("input[name=until]")["value"]
    client.post("/me/news/read", data={"until": until}, headers=as_member(oscar))
    assert alice.name not in page(client.get("/", headers=as_member(oscar))).main.get_text()


def test_the_secretary_reads_who_records_a_move(client, given, branch, committee, sam, alice):
    bea = given(make_business_administrator, branch, committee)
    text = page(client.get(f"/members/{alice.id}/membership", headers=ENGLISH | as_member(sam))).main.get_text()
    assert f"recorded by the business administrator: {bea.name}" in text


def test_after_somebody_is_added_the_slip_is_one_tap_away(client, sam, branch):
    response = client.post(f"/members?branch={branch.id}", data=NEW, headers=as_member(sam))
    added = page(client.get(went_to(response), headers=ENGLISH | as_member(sam)))
    link = added.select_one(".do a")
    assert (link.get_text(strip=True), link["href"].startswith("/slips?member=")) == ("Print the slip", True)


def test_a_form_that_does_not_say_what_it_was_filled_with_overwrites_nothing(client, database, sam, dora, alice):
    changed = {"name": alice.name, "post": "一级主任科员", "version": "1"}
    assert client.post(f"/members/{alice.id}", data=changed, headers=as_member(dora)).status_code == 303
    old = {"name": alice.name, "post": "科员"}
    soup = page(client.post(f"/members/{alice.id}", data=old, headers=ENGLISH | as_member(sam)), 409)
    assert "Somebody else changed this" in soup.get_text()
    assert read(database, queries.member_card, alice.id).post == "一级主任科员"


def test_the_links_to_change_something_are_told_apart(client, sam, alice):
    soup = page(client.get(f"/members/{alice.id}", headers=ENGLISH | as_member(sam)))
    labels = [link["aria-label"] for link in soup.select("h2 a[aria-label]")]
    assert len(labels) == len(set(labels)) == 3


def test_a_post_says_what_may_be_done_with_it_and_asks_once_more(client, sam, alice):
    soup = page(client.get(f"/members/{alice.id}/posts", headers=ENGLISH | as_member(sam)))
    assert "Approves records, keeps members" in soup.select_one("ask-first").get_text()
    assert alice.name in soup.select_one("ask-first dialog").get_text()


def test_sam_does_not_move_members(client, sam, alice):
    response = client.post(f"/members/{alice.id}/move", data={"branch": "第二"}, headers=as_member(sam))
    page(response, status=403)


@pytest.fixture
def impossible(given, branch):
    """Somebody who joined before being born, and was confirmed before that: a roster has said so."""
    return given(make_member, branch, "钱早", born="1990-05", joined="1980", confirmed="2099")


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, set()),
        ({"joined": "2012-07", "confirmed": "2013-07"}, set()),
        ({"joined": "1981"}, {"joined"}),
        ({"born": "1991"}, {"joined"}),
        ({"confirmed": "2098"}, {"confirmed"}),
    ],
    ids=str,
)
def test_impossible_dates_of_a_roster_stand_until_somebody_touches_them(client, impossible, sam, typed, wrong):
    form = {"name": "钱早", "phone": impossible.phone, "born": "1990-05", "joined": "1980", "confirmed": "2099"}
    response = client.post(f"/members/{impossible.id}", data=form | typed, headers=as_member(sam))
    if wrong:
        assert set(errors(page(response, status=422))) == wrong
    else:
        assert went_to(response) == f"/members/{impossible.id}"


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("posts", {"role": "organisation", "starts_on": "2026-01-01"}),
        ("exemptions", {"kind": "age", "starts_on": "2026-01-01"}),
        ("leave", {"left_on": "2026-01-01"}),
        ("return", {}),
    ],
)
def test_nobody_decides_on_their_own(client, database, sam, action, form):
    page(client.post(f"/members/{sam.id}/{action}", data=form, headers=as_member(sam)), status=403)
    assert read(database, audit_rows) == []


@pytest.mark.parametrize("place", ["posts", "exemptions", "membership"])
def test_the_own_pages_say_so_instead_of_offering_forms(client, given, sam, place):
    given(make_exemption, sam, ExemptionKind.AGE)
    soup = page(client.get(f"/members/{sam.id}/{place}", headers=ENGLISH | as_member(sam)))
    assert "another officer" in soup.get_text()
    assert not soup.select("main form[method=post]")


@pytest.mark.parametrize("who", ["alice", "olga", "oscar"])
@pytest.mark.parametrize("action", ["", "/posts", "/exemptions", "/leave", "/return"])
def test_others_change_nothing(client, database, request, who, bob, action):
    person = request.getfixturevalue(who)
    form = NEW | {"role": "deputy", "kind": "age", "starts_on": "2026-01-01", "left_on": "2026-01-01"}
    response = client.post(f"/members/{bob.id}{action}", data=form, headers=as_member(person))
    assert response.status_code == (404 if who == "oscar" else 403)
    assert read(database, audit_rows) == []


def test_posts_of_former_times_stay_to_be_read(client, given, sam, alice, branch):
    given(make_term, alice, branch, Role.PUBLICITY, date(2019, 3, 1), date(2022, 2, 28))
    text = page(client.get(f"/members/{alice.id}", headers=ENGLISH | as_member(sam))).get_text()
    assert "Publicity commissioner" in text
    assert "28 Feb 2022" in text


def test_who_left_has_a_page_for_officers(client, given, sam, branch):
    gone = given(make_member, branch, "高远", left_on=date(2026, 1, 1))
    assert "高远" in page(client.get(f"/members/{gone.id}", headers=as_member(sam))).get_text()


def test_who_moved_into_a_group_at_once_needs_none_chosen(client, given, branch, other_branch, committee, alice, oscar):
    bea, group = given(make_business_administrator, branch, committee), given(make_group, other_branch, "第一党小组")

    def move(session):
        service.move_member(session, bea.actor, member_id=alice.id, branch_id=other_branch.id, group_id=group.id)

    given(move)
    told = page(client.get("/", headers=ENGLISH | as_member(oscar))).main.get_text()
    assert f"{alice.name} has moved here from {branch.name}" in told
    assert "choose the group" not in told
