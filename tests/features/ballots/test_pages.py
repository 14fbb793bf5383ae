"""The pages of a review: prepared, opened, voted on with one hand, closed; plain and by htmx."""

from uuid import UUID

import pytest

from app.core.ids import new_id
from app.features.ballots import box
from app.features.ballots.routes import COOKIE
from app.features.meetings.attendance.rules import Kind
from tests.features.ballots.makers import FRIDAY, YEAR, open_with, vote
from tests.features.meetings.gatherings.makers import make_meeting
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page, said_next


def with_ballot(person, token):
    return {"Cookie": f"{as_member(person)['Cookie']}; {COOKIE}={token}"} | ENGLISH


def token_of(response):
    return response.cookies[COOKIE]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_sam_prepares_opens_and_closes_it(client, given, database, sam, dora, alice, headers):
    event_id = given(make_meeting, sam, Kind.ORG_LIFE, Kind.REVIEW, day=FRIDAY)
    page(client.get("/ballots", headers=as_member(sam)))
    form = {"id": str(new_id()), "event_id": str(event_id), "year": YEAR, "chair_id": str(sam.id)}
    answer = client.post("/ballots", data=form, headers=headers | as_member(sam))
    assert answer.status_code == (200 if headers else 303)
    at = f"/ballots/{form['id']}"
    soup = page(client.get(at, headers=as_member(sam) | ENGLISH))
    assert len(soup.select("input[name=present_ids]:checked")) == 4
    here = {"present_ids": [str(one.id) for one in (sam, dora, alice)]}
    answer = client.post(f"{at}/open", data=here, headers=headers | as_member(sam))
    assert fragment(answer) if headers else answer.headers["location"] == at
    assert client.post(f"{at}/open", data=here, headers=headers | as_member(sam)).status_code == 409
    for who in (sam, dora, alice):
        given(vote, UUID(form["id"]), who, {})
    answer = client.post(f"{at}/close", headers=headers | as_member(sam))
    assert fragment(answer) if headers else answer.headers["location"] == at
    soup = page(client.get(at, headers=as_member(sam) | ENGLISH))
    assert soup.find("dt", string="Ballots cast").find_next("dd").text.strip() == "3"
    assert page(client.get(at, headers=as_member(sam))).find("h2").text == "已计票"
    for part in ("/grades", "/forms"):
        page(client.get(at + part, headers=as_member(sam)))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_alice_finds_the_ballot_on_her_page_of_today_and_hands_it_in(client, given, database, sam, alice, bob, headers):
    review_id = given(open_with, sam, sam, alice, bob)
    at = f"/ballots/{review_id}"
    today = page(client.get("/", headers=as_member(alice)))
    assert today.select_one(f"a[href='{at}/vote']")
    first = client.get(f"{at}/vote", headers=as_member(alice) | ENGLISH)
    assert first.headers["cache-control"] == "no-store"
    assert len(page(first).select("form[method=post] button")) >= 1
    taken = client.post(f"{at}/take", headers=headers | with_ballot(alice, token_of(first)))
    assert taken.status_code == (200 if headers else 303)
    ballot = client.get(f"{at}/vote", headers=with_ballot(alice, token_of(taken)))
    names = [legend.text for legend in page(ballot).select("legend")]
    assert alice.name not in names
    assert bob.name in names
    marks = {f"mark-{bob.id}": 1, f"mark-{sam.id}": 0}
    done = client.post(f"{at}/hand-in", data=marks, headers=headers | with_ballot(alice, token_of(taken)))
    assert said_next(done) == "Your ballot is in the box."
    again = client.post(f"{at}/hand-in", data=marks, headers=headers | with_ballot(alice, token_of(taken)))
    assert (again.status_code, said_next(again)) == (done.status_code, said_next(done))
    mine = client.get(f"{at}/vote", headers=with_ballot(alice, token_of(taken)) | ENGLISH)
    assert "You have voted by phone." in page(mine).text


def test_a_browser_that_does_not_hold_the_ballot_says_neither_that_it_is_in_nor_that_one_has_voted(
    client, given, database, sam, alice, bob
):
    review_id = given(open_with, sam, sam, alice, bob)
    at = f"/ballots/{review_id}"
    client.post(f"{at}/take", headers=with_ballot(alice, "on the phone"))
    for elsewhere in (as_member(alice), with_ballot(alice, "of the desk")):
        answer = client.post(f"{at}/hand-in", data={f"mark-{bob.id}": 1}, headers=elsewhere)
        assert answer.status_code == 409
        assert "with another phone or browser" in page(client.get(f"{at}/vote", headers=elsewhere | ENGLISH)).text
    with database.read() as session:
        assert box.opened(session, review_id).cast == 0
    desk = page(client.get(at, headers=as_member(sam) | ENGLISH))
    assert desk.find("dt", string="By phone, not handed in yet").find_next("dd").text == "1"


def test_a_lost_answer_costs_nobody_the_vote(client, given, sam, alice):
    review_id = given(open_with, sam, sam, alice)
    at = f"/ballots/{review_id}"
    token = token_of(client.get(f"{at}/vote", headers=as_member(alice)))
    client.post(f"{at}/take", headers=with_ballot(alice, token))  # its answer never arrives
    assert client.post(f"{at}/take", headers=with_ballot(alice, token)).status_code == 303
    assert page(client.get(f"{at}/vote", headers=with_ballot(alice, token))).select("legend")


def test_strangers_find_nothing_and_members_no_desk(client, given, sam, dora, alice, bob, olga, oscar):
    review_id = given(open_with, sam, sam, alice)
    at = f"/ballots/{review_id}"
    for who in (olga, oscar):
        for part in ("", "/vote", "/grades", "/forms", "/forms.xlsx", f"/people/{alice.id}"):
            assert client.get(at + part, headers=as_member(who)).status_code == 404, part
        for part in ("/take", "/hand-in", "/open", "/close", "/repeat", "/admit"):
            assert client.post(at + part, headers=as_member(who)).status_code == 404, part
    assert client.get(at, headers=as_member(bob)).headers["location"] == f"{at}/vote"
    for part in ("/grades", "/forms", f"/people/{alice.id}"):
        assert client.get(at + part, headers=as_member(bob)).status_code == 404, part
    assert client.post(f"{at}/close", headers=as_member(bob)).status_code == 404
