"""A meeting is planned in one form: what cannot be is refused by name, and nothing typed is lost."""

from datetime import date, time
from itertools import product

import pytest
import time_machine

from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingEvent, MeetingItem
from app.features.meetings.events.service import change_meeting
from app.features.meetings.ticks.service import cancel_meeting
from app.features.members.rules import Role
from tests.features.meetings.gatherings.makers import BEFORE, form, make_meeting
from tests.makers import ENGLISH, HTMX, as_member, make_group, make_member
from tests.page import errors, fragment, page
from tests.races import race


def stored(database):
    with database.read() as session:
        return session.query(MeetingEvent).all()


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_theme_day_holds_several_kinds_and_is_planned_once(client, database, sam, headers, status):
    said = form(Kind.THEME_DAY, Kind.LECTURE, study="yes", speaker="沈山", place="三楼会议室", fixed_day="20")
    for _ in range(2):  # twice is once
        answer = client.post("/meetings", data=said, headers=headers | ENGLISH | as_member(sam))
        assert answer.status_code == status
    (event,) = stored(database)
    assert (event.title, event.place, event.fixed_day) == ("Party lecture, Theme Party day", "三楼会议室", 20)
    with database.read() as session:
        items = session.query(MeetingItem).order_by(MeetingItem.place).all()
    assert [(item.kind, item.minutes, item.study) for item in items] == [
        (Kind.LECTURE, 120, False),
        (Kind.THEME_DAY, 0, True),
    ]
    shown = page(client.get(f"/meetings/{event.id}", headers=ENGLISH | as_member(sam)))
    assert "Theme Party day · with study" in shown.get_text(" ", strip=True).replace("\n", " ")


@pytest.mark.parametrize(
    "other", [{"title": "另一个会"}, {"place": "四楼"}, {"minutes": "45"}, {"kinds": ["theme_day"]}]
)
def test_a_form_that_comes_again_with_something_else_is_told_so_and_changes_nothing(client, database, sam, other):
    said = form(Kind.LECTURE, title="党课", place="三楼")
    assert client.post("/meetings", data=said, headers=as_member(sam)).status_code == 303
    answer = client.post("/meetings", data=said | other, headers=ENGLISH | as_member(sam))
    assert "another record has already arrived" in page(answer, 409).get_text()
    assert [(event.title, event.place) for event in stored(database)] == [("党课", "三楼")]


REFUSED = [
    ({"ends": "14:30"}, "ends", "ends before it begins"),
    ({"day": "2028-01-20"}, "day", "at most 400 days ahead"),
    ({"day": "2024-12-31", "reason": "补"}, "day", "1 Jan 2025"),
    ({"day": "2026-11-02"}, "reason", "This day has passed"),
    ({"kinds": []}, "kinds", "choose at least one"),
    ({"kinds": ["committee"]}, "kinds", "no committee"),
    ({"fixed_day": "32"}, "fixed_day", "at most 31"),
    ({"begins": "25:00"}, "begins", "could not be read"),
    ({"group_id": "01a22841-120d-7783-bc73-31018ac596e0", "kinds": ["group"]}, "group_id", "from this branch"),
]
"""What is typed, the field that is to blame, and what is said there. Source: domain, meetings §12."""


def test_what_cannot_be_is_refused_at_its_field_and_keeps_what_was_typed(client, database, sam):
    for (said, field, words), (headers, read) in product(REFUSED, (({}, page), (HTMX, fragment))):
        answer = client.post("/meetings", data=form(title="年度会") | said, headers=headers | ENGLISH | as_member(sam))
        assert answer.status_code in (409, 422), said
        shown = read(answer, answer.status_code)
        assert words in errors(shown)[field]
        assert shown.select_one("input[name=title]")["value"] == "年度会"
    assert stored(database) == []


def test_a_committee_meets_apart_and_groups_only_where_there_are_some(client, given, people_of_a_committee):
    secretary = people_of_a_committee
    for kinds, words in ((("committee", "lecture"), "meeting of its own"), (("group",), "no groups")):
        answer = client.post("/meetings", data=form() | {"kinds": list(kinds)}, headers=ENGLISH | as_member(secretary))
        assert words in errors(page(answer, 409))["kinds"]


@pytest.fixture
def people_of_a_committee(given, other_branch):
    given(make_member, other_branch, "组织", roles=(Role.ORGANISATION,))
    return given(make_member, other_branch, "书记", roles=(Role.SECRETARY,))


def test_postponing_keeps_the_meeting_and_says_so(client, database, given, sam, alice):
    with time_machine.travel(BEFORE, tick=False):
        event_id = given(make_meeting, sam)
        filled = page(client.get(f"/meetings/{event_id}/change", headers=ENGLISH | as_member(sam)))
        assert filled.select_one("input[name=day]")["value"] == "2026-11-06"
        said = form(day="2026-11-13")
        answer = client.post(f"/meetings/{event_id}/change", data=said, headers=ENGLISH | as_member(sam))
        assert answer.status_code == 303
        shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
        assert "Put on another day or hour · before: 6 Nov 2026 14:30" in shown
        assert "13 Nov" in page(client.get("/meetings", headers=ENGLISH | as_member(alice))).get_text(" ", strip=True)
    assert [event.id for event in stored(database)] == [event_id]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_cancelling_wants_a_reason_that_everybody_expected_reads(client, given, sam, alice, headers):
    event_id = given(make_meeting, sam, day=date(2026, 11, 20))
    address, who = f"/meetings/{event_id}/cancel", headers | ENGLISH | as_member(sam)
    refused = client.post(address, data={"reason": " "}, headers=who)
    assert "fill this in" in errors((fragment if headers else page)(refused, 422))["reason"]
    assert client.post(address, data={"reason": "与全市会议冲突"}, headers=who).status_code == (200 if headers else 303)
    again = client.post(address, data={"reason": "又一次"}, headers=who)
    assert again.status_code == 409
    shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(alice))).get_text(" ", strip=True)
    assert "Not held: 与全市会议冲突" in shown


def test_a_meeting_of_a_past_day_is_marked_as_recorded_afterwards(client, database, sam, alice):
    said = form(day="2026-10-30", reason="当天没有信号")
    assert client.post("/meetings", data=said, headers=as_member(sam)).status_code == 303
    (event,) = stored(database)
    shown = page(client.get(f"/meetings/{event.id}", headers=ENGLISH | as_member(alice)))
    assert "Recorded afterwards: 当天没有信号" in shown.get_text(" ", strip=True)


def test_a_group_leader_plans_for_the_own_group_alone(client, database, given, branch, group, alice):
    other = given(make_group, branch, "第二党小组")
    leader = given(make_member, branch, "组长", roles=(Role.GROUP_LEADER,), at=group, group=group)
    own = form(Kind.GROUP, group_id=str(group.id))
    assert client.post("/meetings", data=own, headers=as_member(leader)).status_code == 303
    for foreign in (form(Kind.GROUP, group_id=str(other.id)), form(Kind.GROUP), form(Kind.LECTURE)):
        assert client.post("/meetings", data=foreign, headers=as_member(leader)).status_code == 404
    assert client.get("/meetings/new", headers=as_member(alice)).status_code == 404
    assert len(stored(database)) == 1


def test_meetings_at_one_time_say_so_on_both_pages(client, given, sam):
    one, other = (given(make_meeting, sam, day=date(2026, 11, 20), title=title) for title in ("甲会", "乙会"))
    for event_id, title in ((one, "乙会"), (other, "甲会")):
        shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
        assert f"At the same time: {title}, 14:30." in shown


def test_strangers_and_other_branches_find_nothing(client, given, sam, bob, olga, oscar):
    event_id = given(make_meeting, sam, day=date(2026, 11, 20))
    for address in ("", "/change", "/attendance"):
        for stranger in (olga, oscar):
            assert client.get(f"/meetings/{event_id}{address}", headers=as_member(stranger)).status_code == 404
        assert client.get(f"/meetings/{event_id}{address}").status_code == 303
    for act in ("/change", "/cancel", "/attendance"):
        for stranger in (olga, oscar, bob):  # Bob is expected, and keeps nothing
            answer = client.post(
                f"/meetings/{event_id}{act}", data=form() | {"reason": "x"}, headers=as_member(stranger)
            )
            assert answer.status_code == 404
    assert client.post(f"/meetings/{event_id}/confirm", data={"seen": "1"}, headers=as_member(oscar)).status_code == 404
    assert client.get(f"/meetings/{event_id}", headers=as_member(bob)).status_code == 200


def test_a_group_leader_reads_of_no_committee_meeting_in_the_form(client, given, branch, group, sam):
    given(make_member, branch, "组织委员", roles=(Role.ORGANISATION,))
    leader = given(make_member, branch, "组长", group=group, roles=(Role.GROUP_LEADER,), at=group)
    for kind, title in ((Kind.COMMITTEE, "研究处分"), (Kind.LECTURE, "党课")):
        given(make_meeting, sam, kind, day=date(2026, 11, 20), title=title)
    shown = page(client.get("/meetings/new", headers=as_member(leader))).get_text()
    assert ("党课" in shown, "研究处分" in shown) == (True, False)
    assert "研究处分" in page(client.get("/meetings/new", headers=as_member(sam))).get_text()


@pytest.mark.parametrize("day", [date(2026, 11, 3), date(2027, 3, 19)], ids=["past", "far ahead"])
def test_changing_a_meeting_keeps_its_link_whatever_its_day(client, given, sam, day):
    first = given(make_meeting, sam, day=day, reason="补")
    second = given(make_meeting, sam, Kind.LECTURE, day=day, reason="补", linked_to_id=first)
    shown = page(client.get(f"/meetings/{second}/change", headers=as_member(sam)))
    assert shown.select_one("select[name=linked_to_id] option[selected]")["value"] == str(first)


def test_two_meetings_of_one_past_evening_can_be_linked_when_they_are_recorded_afterwards(client, given, sam):
    first = given(make_meeting, sam, day=date(2026, 10, 20), reason="补")
    called_off = given(make_meeting, sam, day=date(2026, 11, 20))
    given(cancel_meeting, sam.actor, event_id=called_off, reason="冲突")
    shown = page(client.get("/meetings/new", headers=as_member(sam)))
    assert [one["value"] for one in shown.select("select[name=linked_to_id] option")] == ["", str(first)]


@pytest.mark.race
def test_two_links_at_one_moment_leave_one_gathering(database, given, sam, dora):
    first, second = (given(make_meeting, sam, day=date(2026, 11, 20), title=title) for title in ("甲会", "乙会"))
    friday = {"kinds": [Kind.LECTURE], "day": date(2026, 11, 20), "begins": time(14, 30), "ends": time(16, 30)}

    def act(number):
        with database.write() as session:
            if number:
                return make_meeting(session, dora, Kind.LECTURE, linked_to_id=second, day=friday["day"])
            return change_meeting(session, sam.actor, event_id=second, linked_to_id=first, **friday)

    race(2, act)
    roots = {event.id: event.linked_to_id for event in stored(database)}
    assert all(roots[root] is None for root in roots.values() if root)


@pytest.mark.parametrize("month", ["0001-01-01", "9999-12-31"])
def test_a_month_outside_the_calendar_is_a_refusal_of_ours(client, sam, month):
    assert client.get(f"/meetings/copy?month={month}", headers=as_member(sam)).status_code == 422
