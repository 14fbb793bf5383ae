"""A private address for the own calendar program: what I am expected at, nothing of others, gone when renewed."""

import logging
from datetime import date, time, timedelta

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy.exc import IntegrityError

from app.core import clock, pace
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import service as events
from app.features.meetings.feed import routes
from app.features.meetings.feed.models import CalendarFeed
from app.features.meetings.ticks.service import cancel_meeting
from app.features.members.models import Member
from app.features.members.rules import Role
from app.features.sign_in.tokens import digest, new_token
from tests.features.meetings.gatherings.makers import AFTERWARDS, make_meeting
from tests.features.shows.duties.makers import make_duty, report
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import fragment, page

BOTH = pytest.mark.parametrize(("headers", "read"), [({}, page), (HTMX, fragment)], ids=["plain", "htmx"])
AHEAD = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _fresh_pace(monkeypatch):
    monkeypatch.setattr(routes, "_pace", pace.Pace())


def address_of(client, who, headers=None, read=page):
    """Make an address as the page does; its path."""
    token = page(client.get("/me/calendar", headers=ENGLISH | as_member(who))).select_one("input[name=token]")["value"]
    answer = client.post("/me/calendar", data={"token": token}, headers=ENGLISH | (headers or {}) | as_member(who))
    link = read(answer).select_one("#address-title + p a")["href"]
    return link.split("://", 1)[1].split("/", 1)[1]


def events_at(client, address):
    answer = client.get(f"/{address}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    return {str(one["summary"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


@BOTH
def test_it_holds_what_i_am_expected_at_and_nothing_of_others(client, given, branch, sam, alice, olga, headers, read):
    given(make_member, branch, "组织委员", roles=(Role.ORGANISATION,))
    given(make_meeting, sam, Kind.THEME_DAY, day=AHEAD, title="参观", place="纪念馆")
    given(make_meeting, sam, Kind.COMMITTEE, day=AHEAD, title="支委会")
    found = events_at(client, address_of(client, alice, headers, read))
    assert set(found) == {"参观"}
    one = found["参观"]
    assert (str(one["location"]), one["dtstart"].dt.isoformat()) == ("纪念馆", "2026-11-20T06:30:00+00:00")
    assert {name.lower() for name in one} == {
        *("uid", "sequence", "dtstamp", "dtstart", "dtend", "summary", "location", "url", "status")
    }
    assert set(events_at(client, address_of(client, sam))) == {"参观", "支委会"}
    assert events_at(client, address_of(client, olga)) == {}


def test_what_is_postponed_or_not_held_keeps_its_uid_and_is_said_anew(client, given, sam, alice):
    event_id = given(make_meeting, sam, Kind.THEME_DAY, day=AHEAD, title="参观")
    address = address_of(client, alice)

    def now():
        one = events_at(client, address)["参观"]
        return str(one["uid"]), int(one["sequence"]), str(one["status"]), one["dtstart"].dt.day

    uid, *first = now()
    assert first == [0, "CONFIRMED", 20]
    later = {"kinds": [Kind.THEME_DAY], "day": date(2026, 11, 24), "begins": time(14, 30), "ends": time(16, 30)}
    given(events.change_meeting, sam.actor, event_id=event_id, title="参观", **later)
    assert now() == (uid, 1, "CONFIRMED", 24)
    given(cancel_meeting, sam.actor, event_id=event_id, reason="场地不行")
    assert now() == (uid, 2, "CANCELLED", 24)
    assert "场地不行" not in client.get(f"/{address}").text


@BOTH
def test_a_renewed_address_leads_nowhere_and_so_does_one_switched_off(client, database, given, alice, headers, read):
    first = address_of(client, alice, headers, read)
    second = address_of(client, alice, headers, read)
    assert [client.get(f"/{one}").status_code for one in (first, second)] == [404, 200]
    with database.read() as session:
        (feed,) = session.query(CalendarFeed).all()
    token = second.removeprefix("calendar/").removesuffix(".ics")
    assert feed.token_digest == digest(token)  # the secret itself stands nowhere
    for _ in range(2):  # twice is once
        client.post("/me/calendar/end", headers=headers | as_member(alice))
        assert client.get(f"/{second}").status_code == 404
    again = page(client.get("/me/calendar", headers=ENGLISH | as_member(alice)))
    assert token not in again.get_text()
    third = address_of(client, alice, headers, read)
    told = client.get("/me/export.json", headers=ENGLISH | as_member(alice)).json()
    assert len(told["calendar"]) == 1
    given(lambda session: setattr(session.get_one(Member, alice.id), "left_on", date(2026, 11, 6)))
    assert client.get(f"/{third}").status_code == 404  # it ends with who leaves


def test_programs_ask_whether_anything_is_new_and_the_secret_is_in_no_log(client, given, sam, alice, caplog):
    given(make_meeting, sam, Kind.THEME_DAY, day=AHEAD)
    address = address_of(client, alice)
    with caplog.at_level(logging.DEBUG):
        first = client.get(f"/{address}")
        with time_machine.travel(AFTERWARDS + timedelta(hours=3), tick=False):
            second = client.get(f"/{address}", headers={"If-None-Match": first.headers["etag"]})
        client.get(f"/{address}x")
    assert (second.status_code, second.content) == (304, b"")
    assert first.headers["cache-control"] == "private, no-cache"
    token = address.removeprefix("calendar/").removesuffix(".ics")
    said = " ".join(str(record.__dict__) for record in caplog.records if record.name.startswith("sanliang"))
    assert "/calendar/{token}.ics" in said
    assert token not in said


def test_a_program_that_has_run_wild_is_told_to_wait_and_others_are_not(client, alice, bob):
    wild, calm = address_of(client, alice), address_of(client, bob)
    answers = {client.get(f"/{wild}").status_code for _ in range(routes.READS)}
    assert answers == {200}
    assert client.get(f"/{wild}").status_code == 429
    assert client.get(f"/{calm}").status_code == 200
    with time_machine.travel(AFTERWARDS + timedelta(minutes=61), tick=False):
        assert client.get(f"/{wild}").status_code == 200


def test_only_a_long_secret_is_taken_and_nobody_reads_an_unknown_one(client, database, alice):
    assert client.post("/me/calendar", data={"token": "kurz"}, headers=as_member(alice)).status_code == 422
    assert client.get(f"/calendar/{new_token()}.ics").status_code == 404
    with database.read() as session:
        assert session.query(CalendarFeed).count() == 0
    with pytest.raises(IntegrityError, match="digest_of_a_secret"), database.write() as session:
        session.add(CalendarFeed(member_id=alice.id, token_digest="kurz"))


def test_days_of_pledges_and_duties_stand_in_it_if_i_want_them(client, given, alice, bob):
    due = clock.today() + timedelta(days=9)
    duty_id = given(make_duty, alice, matter="归档", due_on=due)
    given(make_duty, bob, matter="别人的", due_on=due)
    address = address_of(client, alice)
    assert events_at(client, address) == {}
    for wanted, found in (("yes", {"办理时限：归档"}), ("yes", {"办理时限：归档"}), ("no", set())):
        answer = client.post("/me/calendar/due", data={"with_due": wanted}, headers=as_member(alice))
        assert answer.status_code == 303
        assert set(events_at(client, address)) == found
    client.post("/me/calendar/due", data={"with_due": "yes"}, headers=as_member(alice))
    one = events_at(client, address)["办理时限：归档"]
    assert (one["dtstart"].dt, str(one["transp"])) == (due, "TRANSPARENT")
    assert str(one["url"]).endswith(f"/shows/duties/{duty_id}")
    given(report, alice, duty_id)
    assert events_at(client, address) == {}, "what was handed in is no more to be done"


def test_without_an_address_the_choice_changes_nothing(client, alice):
    assert client.post("/me/calendar/due", data={"with_due": "yes"}, headers=as_member(alice)).status_code == 303
