"""Last month is copied in one tap: each meeting on its fixed day, a working day of the same month."""

from datetime import date

from app.core import clock
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingEvent
from tests.features.meetings.gatherings.makers import make_meeting
from tests.makers import ENGLISH, as_member
from tests.page import page


def days(database):
    with database.read() as session:
        return sorted((event.title, clock.local_day(event.begins_at)) for event in session.query(MeetingEvent))


def test_the_fixed_day_is_looked_for_anew_each_month_and_twice_is_once(client, database, given, sam):
    given(make_meeting, sam, Kind.THEME_DAY, title="主题党日", fixed_day=5)  # held on the 6th
    given(make_meeting, sam, Kind.LECTURE, title="党课", day=date(2026, 11, 13))  # 13 December is a Sunday
    shown = page(client.get("/meetings/copy", headers=ENGLISH | as_member(sam)))
    ids = [box["value"] for box in shown.select("input[name=ids]")]
    assert len(ids) == 2
    said = {"month": "2026-12-01", "ids": ids}
    for _ in range(2):
        assert client.post("/meetings/copy", data=said, headers=as_member(sam)).status_code == 303
    assert days(database) == [
        ("主题党日", date(2026, 11, 6)),
        ("主题党日", date(2026, 12, 7)),  # the 5th is a Saturday
        ("党课", date(2026, 11, 13)),
        ("党课", date(2026, 12, 14)),
    ]
    again = page(client.get("/meetings/copy", headers=ENGLISH | as_member(sam)))
    assert not again.select("input[name=ids]")
    assert again.get_text().count("planned already") == 2


def test_nothing_ticked_comes_back_and_members_copy_nothing(client, given, sam, alice):
    given(make_meeting, sam)
    assert "choose at least one" in page(
        client.post("/meetings/copy", data={"month": "2026-12-01"}, headers=ENGLISH | as_member(sam)), 422
    ).get_text(" ", strip=True)
    assert client.get("/meetings/copy", headers=as_member(alice)).status_code == 404


def test_one_meeting_is_planned_again_a_month_later(client, given, sam):
    event_id = given(make_meeting, sam, Kind.THEME_DAY, Kind.LECTURE, place="三楼会议室")
    filled = page(client.get(f"/meetings/new?copy={event_id}", headers=as_member(sam)))
    assert filled.select_one("input[name=day]")["value"] == "2026-12-07"  # the 6th is a Sunday
    assert filled.select_one("input[name=place]")["value"] == "三楼会议室"
    assert {box["value"] for box in filled.select("input[name=kinds][checked]")} == {"theme_day", "lecture"}
