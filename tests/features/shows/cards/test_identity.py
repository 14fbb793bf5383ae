"""What a member tells beyond the roster: all may stay empty, nothing is asked twice, officers fill in for others."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from app.core.errors import NotFoundError
from app.features.members.rules import Role
from app.features.shows.cards import queries, service
from app.features.shows.cards.models import CardIdentity
from app.features.shows.cards.rules import IdentityDetails
from tests.features.shows.cards.makers import make_identity
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, page

TOLD = {
    "service_scope": "信访件办理",
    "office_phone": "010-66551234 转 8012",
    "motto": "把小事办好",
    "pioneer_post": "yes",
}


def address(person, what="identity"):
    return f"/shows/members/{person.id}/{what}"


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_tells_and_the_card_shows_it(client, alice, headers, status):
    response = client.post(address(alice), data=TOLD, headers=as_member(alice) | headers)
    assert response.status_code == status
    assert response.headers["HX-Redirect" if headers else "location"] == "/shows"
    text = page(client.get("/shows", headers=as_member(alice))).get_text(" ", strip=True)
    assert all(word in text for word in ("信访件办理", "把小事办好", "党员先锋岗", alice.name, alice.branch_name))


def test_nothing_of_it_has_to_be_told(client, alice, database):
    assert client.post(address(alice), data={}, headers=as_member(alice)).status_code == 303
    with database.read() as session:
        assert session.scalars(select(CardIdentity)).all() == []
    soup = page(client.get(address(alice), headers=as_member(alice)))
    assert soup.select("[required]") == []


def test_what_the_roster_knows_is_not_asked_again(client, alice):
    soup = page(client.get(address(alice), headers=as_member(alice)))
    fields = {str(field["name"]) for field in soup.select("main input, main select, main textarea")}
    assert fields == {"service_scope", "office_phone", "motto", "pioneer_post"}  # and joining, where it is known


def test_a_wrong_number_loses_nothing_that_was_typed(client, alice):
    typed = TOLD | {"office_phone": "nobody knows"}
    soup = page(client.post(address(alice), data=typed, headers=ENGLISH | as_member(alice)), 422)
    assert set(errors(soup)) == {"office_phone"}
    assert {
        name: soup.select_one(f"[name={name}]").get("value") for name in ("service_scope", "office_phone", "motto")
    } == {name: typed[name] for name in ("service_scope", "office_phone", "motto")}
    assert soup.select_one("[name=pioneer_post]").has_attr("checked")


def test_the_same_again_changes_nothing(session, alice):
    details = IdentityDetails(motto="把小事办好")
    with time_machine.travel(datetime(2026, 3, 9, 2, tzinfo=UTC), tick=False):
        assert service.save_identity(session, alice.actor, member_id=alice.id, details=details)
    with time_machine.travel(datetime(2026, 3, 10, 2, tzinfo=UTC), tick=False):
        assert not service.save_identity(session, alice.actor, member_id=alice.id, details=details)
    assert queries.identity(session, alice.id, year=2026).entered_at.day == 9


def test_a_new_year_begins_with_the_last_one_and_leaves_it_as_it_was(session, alice):
    with time_machine.travel(datetime(2025, 3, 9, 2, tzinfo=UTC), tick=False):
        make_identity(session, alice, motto="二〇二五", service_scope="窗口")
    with time_machine.travel(datetime(2026, 1, 5, 2, tzinfo=UTC), tick=False):
        carried = queries.details(queries.identity(session, alice.id, year=2026))
        assert (carried.motto, carried.service_scope) == ("二〇二五", "窗口")
        assert not service.save_identity(session, alice.actor, member_id=alice.id, details=carried)
        make_identity(session, alice, motto="二〇二六", service_scope="窗口")
    assert [queries.face(session, alice.actor, alice.id, year=year)[0].motto for year in (2024, 2025, 2026)] == [
        None,
        "二〇二五",
        "二〇二六",
    ]


def test_the_year_before_can_be_looked_at(client, given, alice):
    with time_machine.travel(datetime(2025, 3, 9, 2, tzinfo=UTC), tick=False):
        given(make_identity, alice, motto="二〇二五")
    with time_machine.travel(datetime(2026, 3, 9, 2, tzinfo=UTC), tick=False):
        given(make_identity, alice, motto="二〇二六")
        soup = page(client.get("/shows", headers=as_member(alice)))
        assert soup.select_one('a[href="/shows?year=2025"]')
        before = page(client.get("/shows?year=2025", headers=as_member(alice)))
        assert "二〇二五" in before.get_text()
        assert not before.select(f'a[href="{address(alice)}"]')  # what was, is read only
        for year in ("2027", "1999", "99999999999"):
            assert client.get(f"/shows?year={year}", headers=as_member(alice)).status_code == 404
        assert client.get("/shows?year=x", headers=as_member(alice)).status_code == 422


def test_joining_is_shown_only_if_alice_wants(client, given, branch):
    rosa = given(make_member, branch, "罗莎", joined="2012-12-03", confirmed="2013-12-03")
    with time_machine.travel(datetime(2026, 11, 22, 2, tzinfo=UTC), tick=False):
        assert "党龄" not in client.get("/shows", headers=as_member(rosa)).text
        client.post(address(rosa), data={"shows_joined": "yes"}, headers=as_member(rosa))
        text = page(client.get("/shows", headers=as_member(rosa))).get_text(" ", strip=True)
    assert "党龄 12 年" in text
    assert "12月3日 政治生日" in text


def test_sam_fills_in_for_alice_and_it_says_so(client, alice, bob, sam):
    form = page(client.get(address(alice), headers=as_member(sam)))
    assert alice.name in form.h1.get_text()
    response = client.post(address(alice), data=TOLD, headers=as_member(sam))
    assert response.headers["location"] == f"/shows/members/{alice.id}"
    for reader, says_so in ((alice, True), (sam, True), (bob, False)):
        text = client.get(f"/shows/members/{alice.id}", headers=as_member(reader)).text
        assert "把小事办好" in text
        assert (f"由{sam.name}代填" in text) is says_so


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("what", ["identity", "photo"])
def test_nobody_else_writes_on_her_card(client, alice, bob, olga, oscar, carl, method, what):
    for other in (bob, olga, oscar, carl):
        assert getattr(client, method)(address(alice, what), headers=as_member(other)).status_code in (404, 422)
    assert client.get(address(alice), headers=as_member(bob)).status_code == 404


def test_an_officer_without_that_task_does_not_write(session, branch, alice):
    discipline = make_member(session, branch, "纪委员", roles=(Role.DISCIPLINE,))
    with pytest.raises(NotFoundError):
        make_identity(session, alice, by=discipline)
