"""A month at one sight: a day is chosen to plan on it, kinds in one tap, and a year of months in one form."""

from datetime import date

import pytest
import time_machine

from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import copying
from app.features.meetings.events.models import MeetingEvent
from tests.features.meetings.gatherings.makers import BEFORE, form, make_meeting
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import page


def grid(client, who, month="2026-10-01"):
    return page(client.get(f"/meetings/month?month={month}", headers=ENGLISH | as_member(who))).select_one("table")


def field(table, number):
    return next(cell for cell in table.select("td:not(.out)") if cell.select_one(".date").get_text() == str(number))


def test_the_grid_has_whole_weeks_from_monday_and_knows_the_published_days(client, sam):
    table = grid(client, sam)
    assert table["aria-label"] == "October 2026"
    assert [head.get_text() for head in table.select("th[scope=col]")][0::6] == ["Mon", "Sun"]
    rows = table.select("tbody tr")
    assert {len(row.select("td")) for row in rows} == {7}
    assert len(table.select("td:not(.out)")) == 31
    for number, is_off, word in ((1, True, "day off"), (10, False, "worked"), (11, True, ""), (12, False, "")):
        cell = field(table, number)
        assert ("off" in cell["class"]) is is_off
        assert (cell.small.get_text() if cell.small else "") == word


def test_a_day_is_chosen_to_plan_a_meeting_on_it(client, sam, alice):
    link = field(grid(client, sam, "2026-11-01"), 20).a
    assert (link["aria-label"], link["href"]) == (
        "Plan a meeting on Friday 20 November",
        "/meetings/new?day=2026-11-20",
    )
    shown = page(client.get(link["href"], headers=ENGLISH | as_member(sam)))
    assert shown.select_one("input[name=day]")["value"] == "2026-11-20"
    assert field(grid(client, sam, "2026-11-01"), 5).a is None  # a past day
    assert field(grid(client, sam, "2026-11-01"), 6)["aria-current"] == "date"
    assert not grid(client, alice, "2026-11-01").select("a.date")  # members plan nothing


def test_everybody_finds_there_what_they_may_see_and_nobody_else_s(client, given, sam, alice, olga):
    given(make_meeting, sam, Kind.THEME_DAY, day=date(2026, 11, 20), title="参观")
    for who in (sam, alice):
        assert field(grid(client, who, "2026-11-01"), 20).li.get_text(strip=True) == "14:30 参观"
    assert not grid(client, olga, "2026-11-01").select("li")


def test_kinds_that_are_one_gathering_are_chosen_in_one_tap(client, sam):
    first = page(client.get("/meetings/new?day=2026-11-20", headers=ENGLISH | as_member(sam)))
    basket = first.find("a", string="Theme Party day + Party lecture + Members' meeting")
    chosen = page(client.get(basket["href"], headers=ENGLISH | as_member(sam)))
    ticked = {box["value"] for box in chosen.select("input[name=kinds][checked]")}
    assert ticked == {"theme_day", "lecture", "members_meeting"}
    assert chosen.select_one("input[name=day]")["value"] == "2026-11-20"


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_fixed_day_is_planned_for_a_year_of_months_in_one_form(client, database, sam, headers, status):
    said = form(Kind.THEME_DAY, day="2026-11-10", fixed_day="10", repeat="5")
    with time_machine.travel(BEFORE, tick=False):
        for _ in range(2):  # twice is once
            assert client.post("/meetings", data=said, headers=headers | as_member(sam)).status_code == status
        with database.read() as session:
            days = sorted(f"{row.begins_at:%m-%d}" for row in session.query(MeetingEvent))
        # 10 January 2027 and 10 April are Sundays or Saturdays: the next working day of the month
        assert days == ["01-11", "02-10", "03-10", "04-12", "11-10", "12-10"]
        with database.read() as session:
            offered = copying.proposals(session, sam.actor, date(2026, 12, 1))
        assert [(one.day, one.is_planned) for one in offered] == [(date(2026, 12, 10), True)]


def test_a_repetition_too_far_ahead_plans_nothing(client, database, sam):
    said = form(Kind.THEME_DAY, day="2027-06-10", repeat="11")
    answer = client.post("/meetings", data=said, headers=ENGLISH | as_member(sam))
    assert "at most 400 days ahead" in page(answer, 409).get_text()
    with database.read() as session:
        assert session.query(MeetingEvent).count() == 0
