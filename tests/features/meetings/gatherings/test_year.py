"""The plan of a year and what was held, on paper and as a file: nobody types what the calendar knows."""

from datetime import date, time
from io import BytesIO

import pytest
from openpyxl import load_workbook

from app.features.meetings.attendance.rules import Kind
from app.features.meetings.talks.service import note_talk
from app.features.meetings.ticks.service import cancel_meeting
from tests.features.meetings.gatherings.makers import FRIDAY, make_meeting, tick
from tests.features.meetings.gatherings.test_asked import found_in
from tests.makers import ENGLISH, as_member
from tests.page import page


@pytest.fixture
def year(given, branch, group, sam, alice, bob):
    """A branch that is there since October: in October it held one meeting of a group, in November it did more."""
    given(found_in, branch, 10)
    late = {"day": date(2026, 10, 9), "reason": "补"}
    given(tick, sam, given(make_meeting, sam, Kind.GROUP, group_id=group.id, title="组会", **late))
    held = {"title": "学习", "chair_id": sam.id, "speaker": "窦兰"}
    given(tick, sam, given(make_meeting, sam, Kind.THEME_DAY, Kind.LECTURE, **held))
    given(make_meeting, sam, Kind.MEMBERS_MEETING, day=date(2026, 12, 18), begins=time(9), ends=time(10), title="大会")
    off = given(make_meeting, sam, Kind.OTHER, day=date(2026, 12, 19))
    given(cancel_meeting, sam.actor, event_id=off, reason="雨")
    given(note_talk, alice.actor, partner_id=bob.id, day=FRIDAY)


@pytest.mark.usefixtures("year")
def test_both_forms_stand_on_paper_and_in_one_file(client, sam, group):
    headers = ENGLISH | as_member(sam)
    shown = page(client.get("/meetings/year", headers=headers))
    plan, done = (
        [[cell.get_text(strip=True) for cell in row.select("td")] for row in table.select("tbody tr")]
        for table in shown.select("article table")
    )
    assert plan == [
        ["10", "Group meeting", "组会", "10-09 14:30", "", group.name],
        ["11", "Party lecture, Theme Party day", "学习", "11-06 14:30", f"{sam.name}, 窦兰", "the whole branch"],
        ["12", "Members' meeting", "大会", "12-18 09:00", "", "the whole branch"],
    ]
    lines = {row[0]: row[1:] for row in done}
    assert lines["Group meeting"] == ["every month", "10-09, recorded afterwards", ""]
    assert lines["Theme Party day"] == ["every month", "11-06", "October 2026"]
    assert lines["Party lecture"] == ["every quarter", "11-06", ""]
    assert lines["Members' meeting"] == ["every quarter", "", ""]  # only planned: neither held nor missing
    assert lines["Talks between members"] == ["every year", "2 of 4", ""]
    assert lines["Committee meeting"] == ["not required", "", ""]
    book = load_workbook(BytesIO(client.get("/meetings/year.xlsx?year=2026", headers=headers).content))
    sheets = [[[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book]
    assert sheets == [plan, done]


def test_they_are_for_officers_of_the_branch(client, alice, oscar, sam, given):
    given(make_meeting, sam, Kind.LECTURE, title="党课一")
    for address in ("/meetings/year", "/meetings/year.xlsx"):
        assert client.get(address, headers=as_member(alice)).status_code == 403
    assert "党课一" not in page(client.get("/meetings/year", headers=as_member(oscar))).get_text()


def test_from_the_page_of_today_a_month_is_planned_in_three_taps(client, given, sam):
    """Meetings, copy last month, plan those ticked: everything is ticked already."""
    given(make_meeting, sam, Kind.THEME_DAY, fixed_day=6)
    headers = ENGLISH | as_member(sam)
    for address in ("/meetings", "/meetings/copy"):
        before = "/" if address == "/meetings" else "/meetings"
        assert page(client.get(before, headers=headers)).select(f"main a[href='{address}']")
    form = page(client.get("/meetings/copy", headers=headers)).select_one("#copy-form")
    assert all(box.has_attr("checked") for box in form.select("input[type=checkbox]"))
    sent = [(one["name"], one["value"]) for one in form.select("input")]
    answer = client.post("/meetings/copy", data=dict(sent), headers=headers)
    assert answer.status_code == 303
    grid = page(client.get("/meetings/month?month=2026-12-01", headers=headers))
    assert [link["href"] for link in grid.select("td:has(li) a.date")] == ["/meetings/new?day=2026-12-07"]
