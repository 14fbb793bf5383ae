"""On paper and in files: three records of one evening from one entry, the same numbers, ballots by strokes."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import guests
from app.features.meetings.ticks.rules import Mark
from app.features.members.rules import Role
from tests.features.meetings.gatherings.makers import make_meeting, tick
from tests.features.meetings.gatherings.test_elections import call, count, twelve
from tests.features.meetings.gatherings.test_minutes import write
from tests.features.meetings.gatherings.test_resolutions import vote
from tests.makers import ENGLISH, as_member, make_group, make_member
from tests.page import page


def rows_of(content, name):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def sheets(shown):
    return {
        one.select_one("h2").get_text(): {
            row.th.get_text(): row.td.get_text() for row in one.select("table:not(.sig) tr")
        }
        for one in shown.select("article.a4")
    }


def test_a_merged_evening_is_three_records_from_one_entry_with_the_same_numbers(
    client, given, sam, alice, bob, dora, olga
):
    evening = (Kind.THEME_DAY, Kind.LECTURE, Kind.MEMBERS_MEETING)
    given(make_meeting, sam, Kind.MEMBERS_MEETING, day=date(2026, 3, 6), reason="补录")
    event_id = given(make_meeting, sam, *evening, speaker="康立", place="三楼会议室")
    given(tick, sam, event_id, but={alice: Mark.SICK, bob: Mark.ABSENT})
    given(guests.add_guest, sam.actor, event_id=event_id, name="市委党校王教授")
    given(write, sam, event_id, Kind.LECTURE, text="第一讲\n第二讲", topic="党课", chair_id=dora.id)
    resolution_id = given(vote, sam, event_id, 2, wording="通过年度计划")
    printed = sheets(page(client.get(f"/meetings/{event_id}/record", headers=ENGLISH | as_member(sam))))
    assert list(printed) == [
        "Members' meeting (no. 2)",
        "Party lecture, record no. 1",
        "Theme Party day, record no. 1",
    ]
    for one in printed.values():
        assert one["Should come"] == "4, with a vote 4"
        assert one["Came"] == "2, with a vote 2"
        assert one["On leave"] == "艾莉 (sick leave)"
        assert one["Absent"] == "包波"
        assert one["Attending as guests"] == "市委党校王教授"
        assert one["Place"] == "三楼会议室"
    lecture = printed["Party lecture, record no. 1"]
    assert (lecture["Who speaks"], lecture["What was discussed"], lecture["Chair"]) == (
        "康立",
        "第一讲\n第二讲",
        "窦兰",
    )
    meeting = printed["Members' meeting (no. 2)"]
    assert meeting["Resolution"] == "通过年度计划: Not carried"
    shown = page(client.get(f"/meetings/votes/{resolution_id}", headers=ENGLISH | as_member(sam))).select_one("dl")
    for label, text in zip(shown.select("dt"), shown.select("dd"), strict=True):
        assert f"{label.get_text()}: {text.get_text()}" in meeting["Vote"]
    taken = client.get(f"/meetings/{event_id}/record.xlsx", headers=ENGLISH | as_member(sam))
    for name, rows in printed.items():
        assert {row[0]: row[1] for row in rows_of(taken.content, name.replace("'", "’"))[1:]} == rows
    colleague = sheets(page(client.get(f"/meetings/{event_id}/record", headers=ENGLISH | as_member(bob))))
    assert colleague["Party lecture, record no. 1"]["On leave"] == "艾莉 (on leave)"
    assert client.get(f"/meetings/{event_id}/record", headers=as_member(olga)).status_code == 404


def test_the_sheet_to_sign_is_blank_before_and_says_afterwards_what_is_known(
    client, given, sam, alice, bob, dora, olga
):
    event_id = given(make_meeting, sam)
    address = f"/meetings/{event_id}/sign-in-sheet"

    def signs():
        table = page(client.get(address, headers=ENGLISH | as_member(dora))).select("article tbody tr")
        return {row.select("td")[1].get_text(): row.select("td")[3].get_text() for row in table}

    assert set(signs().values()) == {""}
    given(tick, sam, event_id, but={alice: Mark.LATE, bob: Mark.ABSENT})
    assert signs() == {"艾莉": "✓ more than 30 minutes late", "包波": "absent without excuse", "沈山": "✓", "窦兰": "✓"}
    taken = client.get(f"{address}.xlsx", headers=ENGLISH | as_member(dora))
    assert len(rows_of(taken.content, "Sign-in sheet")) == 5
    for stranger in (alice, olga):
        assert client.get(address, headers=as_member(stranger)).status_code == 404


@pytest.mark.parametrize("counted", [False, True])
def test_ballots_and_tally_sheets_are_printed_before_and_the_report_after(client, given, olga, counted):
    sam, event_id, people = given(twelve)
    stand = list(people.values())[1:]
    election_id = given(call, sam, event_id, stand)
    if counted:
        given(count, sam, election_id, dict(zip(stand, (10, 8, 7, 7, 4), strict=True)))
    address = f"/meetings/elections/{election_id}/papers"
    shown = page(client.get(address, headers=ENGLISH | as_member(sam)))
    titles = ["Ballot", "Tally sheet", *(["Report of the result"] if counted else [])]
    assert [one.get_text() for one in shown.select("article h2")] == titles
    names = [row.select("td")[1].get_text() for row in shown.select_one("article").select("tbody tr")]
    assert names == ["丁一", "于二", "王三", "石四", "江五"]
    assert "Choose at most 3" in shown.get_text()
    if counted:
        report = shown.select("article")[2].get_text(" ")
        assert "丁一 10, 于二 8, 王三 7, 石四 7, 江五 4" in report
        taken = client.get(f"{address}.xlsx", headers=ENGLISH | as_member(sam))
        assert ("Elected", "丁一, 于二") in [tuple(row[:2]) for row in rows_of(taken.content, "Report of the result")]
    assert client.get(address, headers=as_member(olga)).status_code == 403


@pytest.mark.parametrize(
    ("kind", "title", "before", "came"),
    [
        (Kind.MEMBERS_MEETING, "Members' meeting (no. 1)", "5, with a vote 5", "4, with a vote 4"),
        (Kind.COMMITTEE, "Committee meeting (no. 1)", "3, with a vote 3", "2, with a vote 2"),
        (Kind.GROUP, "Group meeting (no. 1)", "2 people", "1 people"),
        (Kind.THEME_DAY, "Theme Party day, record no. 1", "5, with a vote 5", "4, with a vote 4"),
    ],
)
def test_a_record_names_who_has_a_vote_there_and_who_came_once_somebody_has_said_so(
    client, given, branch, sam, dora, alice, bob, kind, title, before, came
):
    given(make_member, branch, "欧阳", roles=(Role.ORGANISATION,))
    event_id = given(make_meeting, sam, kind)

    def printed():
        return sheets(page(client.get(f"/meetings/{event_id}/record", headers=ENGLISH | as_member(sam))))[title]

    assert (printed()["Should come"], printed()["Came"]) == (before, "")
    given(tick, sam, event_id, but={alice if kind is Kind.GROUP else dora: Mark.ABSENT})
    assert (printed()["Should come"], printed()["Came"]) == (before, came)


def test_a_group_counts_its_own_meetings(client, given, branch, sam, alice, bob):
    one, other = (given(make_group, branch, name) for name in ("第三党小组", "第四党小组"))
    for group in (one, other, None):
        given(make_meeting, sam, Kind.GROUP, group_id=group and group.id, day=date(2026, 3, 6), reason="补录")
    event_id = given(make_meeting, sam, Kind.GROUP, group_id=one.id)
    printed = sheets(page(client.get(f"/meetings/{event_id}/record", headers=ENGLISH | as_member(sam))))
    assert list(printed) == ["Group meeting (no. 3)"]  # its own one before, and the one of all groups
