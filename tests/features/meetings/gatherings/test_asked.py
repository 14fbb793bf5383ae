"""The calendar of duties in one line: what is missing first, then what runs."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import delete

from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.ticks.rules import Mark
from app.features.members.models import Organisation, RoleTerm
from app.features.members.rules import Role
from tests.features.meetings.gatherings.makers import AFTERWARDS, FRIDAY, make_meeting, tick
from tests.makers import ENGLISH, as_member, make_group, make_member
from tests.page import page

pytestmark = pytest.mark.usefixtures("english")


def found_in(session, branch, month):
    """Let the branch have been entered on the first day of a month of this year."""
    session.get_one(Organisation, branch.id).created_at = datetime(2026, month, 1, tzinfo=UTC)
    session.flush()


def line(session, branch):
    return standing(session, branch.id, 2026, FRIDAY).line


def test_one_evening_fulfils_each_kind_once(session, branch, sam, dora):
    found_in(session, branch, 11)
    assert "Theme Party day not held yet" in line(session, branch)
    event_id = make_meeting(session, sam, Kind.THEME_DAY, Kind.LECTURE, Kind.MEMBERS_MEETING)
    assert "Theme Party day not held yet" in line(session, branch)  # nobody has said who was there
    tick(session, sam, event_id)
    assert "Theme Party day held 6 Nov." in line(session, branch)
    found_in(session, branch, 10)
    assert "This quarter: Members' meeting held 6 Nov; Party lecture held 6 Nov." in line(session, branch)


def test_a_meeting_to_which_less_than_half_came_fulfils_nothing(session, branch, sam, dora, alice, bob):
    found_in(session, branch, 10)
    event_id = make_meeting(session, sam, Kind.MEMBERS_MEETING)
    tick(session, sam, event_id, but=dict.fromkeys((dora, alice, bob), Mark.SICK))
    assert "Members' meeting not held yet" in line(session, branch)
    tick(session, sam, event_id, but={dora: Mark.LATE})
    assert "Members' meeting held 6 Nov" in line(session, branch)


def test_every_group_has_to_meet_and_a_branch_without_a_committee_is_not_asked(session, branch, group, sam):
    found_in(session, branch, 11)
    make_member(session, branch, "二组人", group=make_group(session, branch, "第二党小组"))
    event_id = make_meeting(session, sam, Kind.GROUP, group_id=group.id)
    tick(session, sam, event_id)
    said = line(session, branch)
    assert "Group meeting 1 of 2 groups" in said
    assert "Committee" not in said
    make_member(session, branch, "组织委员", roles=(Role.ORGANISATION,))
    assert "Committee meeting not held yet" in line(session, branch)


def test_a_group_meeting_at_which_nobody_was_expected_fulfils_nothing(session, branch, group, sam):
    found_in(session, branch, 11)
    empty = make_group(session, branch, "第二党小组")
    for place in (group, empty):
        tick(session, sam, make_meeting(session, sam, Kind.GROUP, group_id=place.id))
    assert "Group meeting 1 of 2 groups" in line(session, branch)


def test_a_committee_that_was_none_on_the_day_met_for_nothing(session, branch, sam):
    found_in(session, branch, 11)
    commissioner = make_member(session, branch, "组织委员", roles=(Role.ORGANISATION,))
    event_id = make_meeting(session, sam, Kind.COMMITTEE)
    session.execute(delete(RoleTerm).where(RoleTerm.member_id == commissioner.id))
    tick(session, sam, event_id)
    make_member(session, branch, "宣传委员", roles=(Role.PUBLICITY,))
    assert "Committee meeting not held yet" in line(session, branch)


def test_what_is_missing_of_past_months_comes_first_and_afterwards_is_said(session, branch, sam):
    found_in(session, branch, 9)
    assert line(session, branch).startswith("Missing: ")
    assert "Theme Party day September 2026, October 2026" in line(session, branch)
    found_in(session, branch, 1)
    assert line(session, branch).startswith("Missing: Members' meeting 3 quarters; Group meeting 10 months; ")
    found_in(session, branch, 9)
    event_id = make_meeting(session, sam, Kind.THEME_DAY, day=date(2026, 10, 9), reason="补")
    tick(session, sam, event_id)
    assert "Theme Party day October 2026" not in line(session, branch)
    october = [one for one in standing(session, branch.id, 2026, FRIDAY).asked if one.first == date(2026, 10, 1)]
    assert [one.words for one in october if one.kind is Kind.THEME_DAY] == ["held 9 Oct, recorded afterwards"]


def test_the_secretary_reads_it_on_the_desk_members_do_not(client, given, branch, sam, alice, olga, carl):
    given(found_in, branch, 11)
    today = page(client.get("/", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
    assert "This month: Group meeting not held yet; Theme Party day not held yet." in today
    assert "not held yet" not in page(client.get("/", headers=ENGLISH | as_member(alice))).get_text()
    assert page(client.get("/meetings/calendar", headers=ENGLISH | as_member(sam)))
    assert client.get("/meetings/calendar", headers=as_member(alice)).status_code == 403
    board = page(client.get(f"/organisations/board/{branch.id}", headers=ENGLISH | as_member(carl)))
    assert "Theme Party day not held yet" in board.select_one("#meetings").get_text(" ", strip=True)


def test_the_year_names_what_is_missing_and_says_what_was_held_in_one_line(client, given, branch, sam):
    given(found_in, branch, 8)
    for month, day in ((9, 4), (10, 9)):
        event_id = given(make_meeting, sam, Kind.THEME_DAY, day=date(2026, month, day), reason="补")
        given(tick, sam, event_id)
    shown = page(client.get("/meetings/calendar", headers=ENGLISH | as_member(sam)))
    kind = next(one for one in shown.select("section") if one.h2.get_text() == "Theme Party day")
    assert [one.get_text(" ", strip=True) for one in kind.select("li")] == [
        "August 2026 missing",
        "November 2026 not held yet",
        "held in 2 months 4 Sep, recorded afterwards, 9 Oct, recorded afterwards",
    ]


def test_a_meeting_planned_is_said_to_be(session, branch, sam, dora):
    found_in(session, branch, 11)
    make_meeting(session, sam, Kind.THEME_DAY, day=date(2026, 11, 20))
    assert "Theme Party day planned" in line(session, branch)


def test_on_its_own_day_a_meeting_is_planned_until_it_is_held(session, branch, sam):
    found_in(session, branch, 11)
    event_id = make_meeting(session, sam, Kind.THEME_DAY, begins=time(19), ends=time(20))
    assert "Theme Party day planned" in line(session, branch)
    with time_machine.travel(AFTERWARDS + timedelta(hours=3), tick=False):
        tick(session, sam, event_id)
        assert "Theme Party day held 6 Nov" in line(session, branch)


def test_of_a_past_year_in_which_all_was_held_it_says_so(client, given, branch, sam):
    given(found_in, branch, 11)
    event_id = given(make_meeting, sam, Kind.THEME_DAY, day=date(2025, 10, 9), reason="补")
    given(tick, sam, event_id)
    shown = page(client.get("/meetings/calendar?year=2025", headers=ENGLISH | as_member(sam)))
    assert shown.select_one("#asked").get_text(" ", strip=True) == "As it stands 2025 Nothing was missing."
