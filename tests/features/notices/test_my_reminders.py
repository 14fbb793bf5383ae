"""The page of my reminders: read, silenced and asked for again by me alone."""

import pytest

from app.features.notices import service
from app.features.notices.rules import ReminderState
from tests.features.notices.makers import SOURCE, due, make_reminder, matter
from tests.features.notices.test_raising import MONDAY
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import fragment, page

PLAIN: dict[str, str] = {}


def rows(client, person):
    soup = page(client.get("/me/reminders", headers=as_member(person) | ENGLISH))
    return [link.get_text(strip=True) for link in soup.select("main section:first-of-type li.reminder .t")]


def act(client, person, subject_id, action, headers=PLAIN):
    address = f"/me/reminders/{SOURCE.name}/{subject_id}/{action}"
    return client.post(address, headers=as_member(person) | headers | ENGLISH)


def test_mine_stand_there_with_the_way_to_the_matter(client, alice, given):
    given(make_reminder, alice, "责任清单")
    soup = page(client.get("/me/reminders", headers=as_member(alice)))
    assert soup.select_one("main li.reminder .t").get_text(strip=True) == "请看责任清单"
    assert soup.select_one("main li.reminder > a.row")["href"] == "/study"


def test_others_do_not_see_them(client, alice, sam, olga, given):
    given(make_reminder, alice)
    assert rows(client, sam) == rows(client, olga) == []


@pytest.mark.parametrize("action", ["put-aside", "silence"])
@pytest.mark.parametrize(("headers", "status"), [(PLAIN, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_put_aside_or_silenced_it_goes_and_twice_is_once(client, alice, given, action, headers, status):
    subject_id = given(make_reminder, alice)
    for _ in range(2):
        assert act(client, alice, subject_id, action, headers).status_code == status
    assert rows(client, alice) == []


def test_the_answer_to_htmx_is_the_line_with_its_way_back(client, alice, given):
    subject_id = given(make_reminder, alice)
    line = fragment(act(client, alice, subject_id, "silence", HTMX)).select_one("li")
    assert line["id"] == f"reminder-row-test-matter-{subject_id}"
    assert "not be reminded" in line.get_text()
    assert line.form["action"].endswith("show-again")


def test_the_plain_form_leads_back_to_the_page_it_stood_on(client, alice, given):
    subject_id = given(make_reminder, alice)
    response = act(client, alice, subject_id, "put-aside", {"Referer": "http://testserver/me/reminders"})
    assert response.headers["location"] == "/me/reminders"


def test_what_is_silenced_can_be_asked_for_again(client, alice, given):
    subject_id = given(make_reminder, alice, state=ReminderState.SILENCED)
    soup = page(client.get("/me/reminders", headers=as_member(alice)))
    assert soup.select_one(f"form[action$='{subject_id}/show-again']")
    act(client, alice, subject_id, "show-again")
    assert rows(client, alice) == ["请看责任清单"]


def test_what_is_settled_stays_so(client, alice, given):
    subject_id = given(make_reminder, alice, state=ReminderState.SETTLED)
    line = fragment(act(client, alice, subject_id, "show-again", HTMX)).select_one("li")
    assert "settled" in line.get_text()
    assert rows(client, alice) == []


@pytest.mark.parametrize("action", ["put-aside", "silence", "show-again"])
def test_nobody_touches_another_s(client, alice, sam, given, action):
    subject_id = given(make_reminder, alice)
    assert act(client, sam, subject_id, action).status_code == 404
    assert rows(client, alice) == ["请看责任清单"]


def test_a_kind_is_switched_off_and_on(client, alice, given, database):
    due.append(matter(alice))
    given(make_reminder, alice)
    ticked = page(client.get("/me/reminders", headers=as_member(alice))).select_one(f"[value='{SOURCE.name}']")
    assert ticked.has_attr("checked")
    off = client.post("/me/reminders", headers=as_member(alice))
    assert off.headers["location"] == "/me/reminders"
    assert rows(client, alice) == []
    with database.write() as session:
        assert service.raise_due(session, SOURCE, MONDAY) == 0
    ticked = page(client.get("/me/reminders", headers=as_member(alice))).select_one(f"[value='{SOURCE.name}']")
    assert not ticked.has_attr("checked")
    client.post("/me/reminders", data={"sources": [SOURCE.name, "nonsense"]}, headers=as_member(alice))
    with database.write() as session:
        assert service.raise_due(session, SOURCE, MONDAY) == 1


def test_a_silenced_item_stays_silent_when_it_is_due_again(client, alice, database):
    due.append(matter(alice))
    with database.write() as session:
        service.raise_due(session, SOURCE, MONDAY)
    act(client, alice, due[0].subject_id, "silence")
    with database.write() as session:
        assert service.raise_due(session, SOURCE, MONDAY.replace(day=30)) == 0


def test_visitors_are_sent_to_the_door(client):
    assert client.get("/me/reminders").headers["location"].startswith("/sign-in")
