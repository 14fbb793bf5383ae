"""What phones take along: the own open pledges and duties, and where one collects; never anybody else's."""

import json

import pytest
import time_machine

from app.features.reviews import service as reviews
from tests.features.shows.duties.makers import make_duty, report
from tests.features.shows.pledges.makers import make_approved, make_ended, make_submitted
from tests.features.sync.makers import new_item, send
from tests.features.wishes.makers import make_collector, make_community
from tests.makers import ENGLISH, as_member


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-03-09 10:00:00+08:00", tick=False):
        yield


def lists(client, person, headers=ENGLISH):
    answer = client.get("/sync/lists", headers=as_member(person) | headers)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()


def titles(rows):
    return [row["title"] for row in rows]


def test_alice_takes_her_open_pledges_and_duties_along(client, given, alice, bob, sam):
    given(make_approved, alice, sam, "信访件 5 个工作日内答复", "每月研读一部法规")
    given(make_approved, bob, sam, "鲍的一条", "鲍的另一条")
    given(make_duty, alice, matter="归档文书档案")
    given(make_duty, bob, matter="鲍的事项")
    found = lists(client, alice)
    assert (found["member_id"], found["is_member"], found["wish"]) == (str(alice.id), True, None)
    assert sorted(titles(found["pledges"])) == ["信访件 5 个工作日内答复", "每月研读一部法规"]
    (duty,) = found["duties"]
    assert duty == {
        "id": duty["id"],
        "title": "归档文书档案",
        "about": "Work duty · due 20 Mar",
        "due_on": "2026-03-20",
        "last": None,
    }


def test_what_is_not_open_stays_at_home(client, given, alice, sam):
    given(make_submitted, alice)
    given(lambda session: report(session, alice, make_duty(session, alice)))
    given(make_duty, alice, matter="还在手里")
    found = lists(client, alice)
    assert (found["pledges"], titles(found["duties"])) == ([], ["还在手里"])


def test_an_evaluated_pledge_is_gone(client, given, alice, sam):
    pledge_id, ending_id = given(make_ended, alice, sam)
    with time_machine.travel("2026-12-15 10:00:00+08:00", tick=False):
        given(lambda session: reviews.approve(session, sam.actor, [ending_id]))
        assert str(pledge_id) not in [row["id"] for row in lists(client, alice)["pledges"]]


def test_last_years_pledges_can_be_spoken_of_until_the_year_is_archived(client, given, alice, sam):
    given(make_approved, alice, sam)
    for day, number in (("2027-01-14", 2), ("2027-01-15", 0)):
        with time_machine.travel(f"{day} 10:00:00+08:00", tick=False):
            assert len(lists(client, alice)["pledges"]) == number


def test_the_last_word_stands_beside_it(client, given, alice, sam):
    pledge_id = str(given(make_approved, alice, sam)[0])
    duty_id = str(given(make_duty, alice))
    send(
        client,
        alice,
        new_item("pledge.progress", payload={"pledge_id": pledge_id, "state": "on_track"}),
        new_item("duty.progress", payload={"duty_id": duty_id, "state": "in_difficulty"}),
    )
    found = lists(client, alice)
    assert {row["last"] for row in found["pledges"] if row["id"] == pledge_id} == {"On track · 9 Mar"}
    assert found["duties"][0]["last"] == "in difficulty"


def test_a_duty_handed_over_moves_from_list_to_list(client, given, alice, bob, sam):
    duty_id = given(make_duty, alice, by=sam)
    body = {"to_id": str(bob.id), "starts_on": "2026-03-09"}
    assert client.post(f"/shows/duties/{duty_id}/hand-over", data=body, headers=as_member(sam)).status_code == 303
    assert lists(client, alice)["duties"] == []
    assert [row["id"] for row in lists(client, bob)["duties"]] == [str(duty_id)]


def test_a_collector_takes_communities_and_kinds_along_and_no_contact(client, given, branch):
    community = given(make_community, branch)
    cora = given(make_collector, community)
    found = lists(client, cora)
    assert (found["is_member"], found["pledges"], found["duties"]) == (False, [], [])
    assert found["wish"]["community_id"] == [[str(community.id), community.name]]
    assert ["repairs", "Repairs at home"] in found["wish"]["category"]
    assert not {"phone", "address", "contact"} & set(json.dumps(found["wish"]).lower().split('"'))


def test_nobody_takes_nothing_along(client):
    answer = client.get("/sync/lists")
    assert answer.status_code in (303, 401)
    assert "pledges" not in answer.text
