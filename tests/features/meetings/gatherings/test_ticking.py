"""The organiser saves who was there: everybody present but the exceptions, in one plain form."""

from datetime import time
from uuid import uuid4

import pytest

from app.features.leave.rules import Half, LeaveType
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import queries
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.events.rules import EventState
from app.features.meetings.events.service import change_meeting
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.models import AttendanceTick
from app.features.meetings.ticks.rules import Mark, Source
from app.features.meetings.ticks.service import record_attendance
from app.features.members.rules import Role
from app.features.reviews.rules import ReviewStatus
from tests.features.leave.makers import approved, ask, days
from tests.features.meetings.gatherings.codes import BEGINS, check_in, code_of
from tests.features.meetings.gatherings.makers import BEFORE, FRIDAY, confirm, facts_of, make_meeting, tick
from tests.features.sync.makers import send
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, fragment, page
from tests.races import race


def filled(client, event_id, person, but=()):
    """The form of the page as it stands, with some marks changed."""
    shown = page(client.get(f"/meetings/{event_id}/attendance", headers=ENGLISH | as_member(person)))
    ids = [field["value"] for field in shown.select("input[name=member_ids]")]
    marks = [box.select_one("option[selected]")["value"] for box in shown.select("select[name=marks]")]
    said = {"seen": shown.select_one("input[name=seen]")["value"], "member_ids": ids, "marks": marks}
    for who, mark in dict(but).items():
        said["marks"][ids.index(str(who.id))] = str(mark)
    return said


def marks_of(database, event_id):
    with database.read() as session:
        return {one: tick.mark for one, tick in ticks.last_ticks(session, event_id).items()}


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_everybody_is_present_but_the_exceptions_and_twice_is_once(
    client, database, given, sam, dora, alice, bob, headers, status
):
    event_id = given(make_meeting, sam)
    said = filled(client, event_id, sam, {alice: Mark.ABSENT})
    for _ in range(2):
        answer = client.post(f"/meetings/{event_id}/attendance", data=said, headers=headers | as_member(sam))
        assert answer.status_code == status
    assert marks_of(database, event_id) == {
        alice.id: Mark.ABSENT,
        bob.id: Mark.PRESENT,
        sam.id: Mark.PRESENT,
        dora.id: Mark.PRESENT,
    }
    with database.read() as session:
        assert session.query(AttendanceTick).count() == 4


def test_two_officers_who_ticked_compare_and_lose_nothing(client, database, given, sam, dora, alice, bob):
    event_id = given(make_meeting, sam)
    of_sam = filled(client, event_id, sam, {alice: Mark.ABSENT})
    of_dora = filled(client, event_id, dora, {alice: Mark.SICK, bob: Mark.LATE})
    address = f"/meetings/{event_id}/attendance"
    assert client.post(address, data=of_sam, headers=as_member(sam)).status_code == 303
    for headers, read in (({}, page), (HTMX, fragment)):
        answer = client.post(address, data=of_dora, headers=headers | ENGLISH | as_member(dora))
        shown = read(answer, 409)
        words = shown.get_text(" ", strip=True)
        assert "沈山 saved this list before you" in words
        assert "saved by 沈山: absent without excuse" in words
        assert [box["value"] for box in shown.select("option[selected]")].count("sick") == 1
    assert marks_of(database, event_id)[alice.id] is Mark.ABSENT
    again = of_dora | {"seen": shown.select_one("input[name=seen]")["value"]}
    assert client.post(address, data=again, headers=as_member(dora)).status_code == 303
    assert (marks_of(database, event_id)[alice.id], marks_of(database, event_id)[bob.id]) == (Mark.SICK, Mark.LATE)
    with database.read() as session:
        assert session.query(AttendanceTick).filter_by(member_id=alice.id).count() == 2  # what Sam said stays


@pytest.mark.race
def test_of_two_lists_at_one_moment_one_is_saved_and_the_other_is_told(database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)

    def save(number):
        by, mark = ((sam, Mark.ABSENT), (dora, Mark.SICK))[number]
        with database.write() as session:
            return record_attendance(session, by.actor, event_id=event_id, seen=1, marks={alice.id: mark})

    outcomes = race(2, save)
    assert sorted(getattr(one, "code", one) for one in outcomes if one != 1) == ["changed_meanwhile"]


@pytest.mark.race
def test_confirming_and_correcting_at_one_moment_leave_one_truth(database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={alice: Mark.ABSENT})

    def act(number):
        with database.write() as session:
            if number:
                return record_attendance(session, sam.actor, event_id=event_id, seen=2, marks={alice.id: Mark.SICK})
            return confirm(session, dora, event_id)

    race(2, act)
    with database.read() as session:
        last = ticks.last_ticks(session, event_id)[alice.id]
        stands = facts_of(session, alice)
    assert (last.mark, last.status, [kind for kind, day in stands]) in [
        (Mark.ABSENT, ReviewStatus.APPROVED, ["attendance.absent"]),
        (Mark.SICK, ReviewStatus.PENDING, []),
        (Mark.SICK, ReviewStatus.APPROVED, []),
    ]


@pytest.mark.race
def test_a_list_and_another_agenda_at_one_moment_leave_nobody_absent_from_what_is_voluntary(
    database, given, sam, dora, alice
):
    event_id = given(make_meeting, sam)

    def act(number):
        with database.write() as session:
            if number:
                return record_attendance(session, dora.actor, event_id=event_id, seen=1, marks={alice.id: Mark.ABSENT})
            said = {"kinds": [Kind.VOLUNTEERING], "day": FRIDAY, "begins": time(14, 30), "ends": time(16, 30)}
            return change_meeting(session, sam.actor, event_id=event_id, **said)

    race(2, act)
    with database.read() as session:
        (item,) = queries.items(session, [event_id])[event_id]
    assert (item.kind, bool(marks_of(database, event_id))) in [(Kind.MEMBERS_MEETING, True), (Kind.VOLUNTEERING, False)]


def test_nothing_is_ticked_before_it_begins_or_after_it_was_cancelled(client, database, given, friday, sam):
    friday.move_to(BEFORE)
    event_id = given(make_meeting, sam)
    said = filled(client, event_id, sam)
    answer = client.post(f"/meetings/{event_id}/attendance", data=said, headers=ENGLISH | as_member(sam))
    assert "has not begun" in page(answer, 409).get_text()
    assert marks_of(database, event_id) == {}


def test_a_list_that_names_nobody_records_nothing(client, given, sam):
    event_id = given(make_meeting, sam)
    client.post(f"/meetings/{event_id}/attendance", data={"seen": "1"}, headers=as_member(sam))
    shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(sam)))
    assert "Record who was there" in shown.get_text()
    assert shown.select_one(f"a[href='/meetings/{event_id}/change']")


def test_a_list_that_says_what_all_have_typed_is_recorded(client, database, given, sam, alice, bob, dora):
    event_id = given(make_meeting, sam)
    code = given(code_of, event_id, BEGINS)
    for person in (sam, alice, bob, dora):
        send(client, person, check_in(event_id, code, BEGINS), device_id=str(uuid4()))
    given(tick, sam, event_id)
    with database.read() as session:
        assert session.get_one(MeetingEvent, event_id).state is EventState.RECORDED
        assert {one.source for one in ticks.last_ticks(session, event_id).values()} == {Source.CODE}


def test_a_list_that_does_not_match_is_refused(client, given, sam, alice):
    event_id = given(make_meeting, sam)
    said = filled(client, event_id, sam)
    for broken in ({"marks": said["marks"][:1]}, {"marks": ["asleep"] * 4}, {"seen": ""}):
        answer = client.post(f"/meetings/{event_id}/attendance", data=said | broken, headers=ENGLISH | as_member(sam))
        assert page(answer, 422)


def test_a_confirmed_one_is_corrected_for_a_reason(client, database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={alice: Mark.ABSENT})
    given(confirm, dora, event_id)
    said = filled(client, event_id, sam, {alice: Mark.OFFICIAL})
    address = f"/meetings/{event_id}/attendance"
    answer = client.post(address, data=said, headers=ENGLISH | as_member(sam))
    assert "Say in a few words why" in errors(page(answer, 422))["note"]
    assert client.post(address, data=said | {"note": "出差"}, headers=as_member(sam)).status_code == 303
    shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(alice)))
    own = shown.select_one("#own").get_text(" ", strip=True)
    assert own.index("official trip") < own.index("“出差”") < own.index("absent without excuse")
    assert "confirmed by 窦兰" in own


def test_nobody_is_absent_from_what_is_voluntary(client, database, given, sam, alice):
    event_id = given(make_meeting, sam, Kind.VOLUNTEERING)
    said = filled(client, event_id, sam, {alice: Mark.PRESENT})
    assert set(said["marks"]) == {"present", "not_expected"}
    bad = said | {"marks": ["absent"] * len(said["marks"])}
    assert client.post(f"/meetings/{event_id}/attendance", data=bad, headers=as_member(sam)).status_code == 409


def test_publicity_records_and_confirms_nothing(client, given, branch, sam):
    pia = given(make_member, branch, "宣传", roles=(Role.PUBLICITY,))
    event_id = given(make_meeting, pia)
    said = filled(client, event_id, pia)
    assert client.post(f"/meetings/{event_id}/attendance", data=said, headers=as_member(pia)).status_code == 303
    assert client.post(f"/meetings/{event_id}/confirm", headers=as_member(pia)).status_code == 403


def test_a_long_list_has_a_search_and_its_groups_are_folded(client, given, branch, group, sam):
    for number in range(20):
        given(make_member, branch, f"党员{number}", group=group)
    event_id = given(make_meeting, sam)
    shown = page(client.get(f"/meetings/{event_id}/attendance", headers=ENGLISH | as_member(sam)))
    assert shown.select_one("[data-search] input[type=search]")
    assert [len(group.select("select")) for group in shown.select("details:not([open])")] == [22, 2]
    assert len(shown.select("li[data-find]")) == len(shown.select("select")) == 24


@pytest.mark.parametrize(
    ("leave", "mark"),
    [
        (LeaveType.OFFICIAL, Mark.OFFICIAL),
        (LeaveType.SECONDMENT, Mark.OFFICIAL),
        (LeaveType.SICK, Mark.SICK),
        (LeaveType.PERSONAL, Mark.PRIVATE),
        (LeaveType.MATERNITY, Mark.STATUTORY),
        (LeaveType.REPORT_ONLY, Mark.PRESENT),
    ],
)
def test_who_is_on_leave_when_it_begins_is_so_on_the_list(client, given, sam, dora, alice, bob, leave, mark):
    event_id = given(make_meeting, sam)
    given(approved, alice, dora, days((11, 5), (11, 6), last_half=Half.PM), leave)
    given(ask, bob, days((11, 6), (11, 9)), leave)
    said = filled(client, event_id, sam)
    marks = dict(zip(said["member_ids"], said["marks"], strict=True))
    assert (marks[str(alice.id)], marks[str(bob.id)]) == (mark, Mark.PRESENT)
    shown = page(client.get(f"/meetings/{event_id}/attendance", headers=ENGLISH | as_member(sam))).get_text()
    assert "on leave: " in shown
    assert "has asked for leave: " in shown


def test_a_leave_that_ends_before_it_begins_excuses_nobody(client, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(approved, alice, dora, days((11, 5), (11, 6), last_half=Half.AM), LeaveType.SICK)
    assert set(filled(client, event_id, sam)["marks"]) == {str(Mark.PRESENT)}


def test_a_group_leader_reads_that_somebody_is_on_leave_and_not_on_which(
    client, database, given, branch, group, sam, alice, bob
):
    leader = given(make_member, branch, "组长", roles=(Role.GROUP_LEADER,), at=group, group=group)
    event_id = given(make_meeting, leader, Kind.GROUP, group_id=group.id)
    given(approved, alice, sam, days((11, 5), (11, 6)), LeaveType.MARRIAGE)
    given(ask, bob, days((11, 6), (11, 9)), LeaveType.SICK)
    shown = page(client.get(f"/meetings/{event_id}/attendance", headers=ENGLISH | as_member(leader)))
    notes = {row.b.get_text(): row.small.get_text() for row in shown.select("li[data-find] label") if row.small}
    assert notes == {alice.name: "on leave", bob.name: "has asked for leave"}
    said = filled(client, event_id, leader, {bob: Mark.SICK})
    assert said["marks"][said["member_ids"].index(str(alice.id))] == "leave"
    for _ in range(2):  # what the leave says is saved, and guessing at it says nothing
        assert client.post(f"/meetings/{event_id}/attendance", data=said, headers=as_member(leader)).status_code == 303
        assert marks_of(database, event_id)[alice.id] is Mark.STATUTORY
        said["marks"][said["member_ids"].index(str(alice.id))] = str(Mark.PRIVATE)
    for address in (f"/meetings/{event_id}", f"/meetings/{event_id}/attendance"):
        for reader, reads in ((leader, False), (sam, True)):
            shown = page(client.get(address, headers=ENGLISH | as_member(reader)))
            words = [one.get_text(" ", strip=True) for one in shown.select("#people li, #people p, option[selected]")]
            assert any("statutory leave" in one for one in words) is reads


def test_a_leave_that_is_no_more_when_the_list_arrives_is_looked_at_again(client, database, given, group, sam, alice):
    event_id = given(make_meeting, sam, Kind.GROUP, group_id=group.id)
    said = filled(client, event_id, sam) | {"marks": ["leave", "present"]}
    answer = client.post(f"/meetings/{event_id}/attendance", data=said, headers=ENGLISH | as_member(sam))
    assert "Look at it once more" in page(answer, 409).get_text()
    assert marks_of(database, event_id) == {}
