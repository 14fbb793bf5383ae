"""Ticks of a phone without a network: one item a saved list, judged as the page's form is, lost never, counted once."""

import json
from datetime import timedelta

import pytest

from app.core import clock
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.ticks.models import AttendanceTick
from app.features.meetings.ticks.rules import Mark
from app.features.members.models import RoleTerm
from app.features.members.rules import Role
from tests.features.meetings.gatherings.makers import BEFORE, FRIDAY, confirm, make_meeting, tick
from tests.features.meetings.gatherings.test_ticking import filled, marks_of
from tests.features.sync.makers import envelope, new_item, send, words
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page
from tests.races import race


def saved(client, event_id, person, but=(), **said):
    """What the page would put into the queue: by each word the ends of the ids."""
    form = filled(client, event_id, person, but)
    marks = {}
    for member_id, mark in zip(form["member_ids"], form["marks"], strict=True):
        marks[mark] = marks.get(mark, "") + member_id.replace("-", "")[-12:]
    payload = {"event_id": str(event_id), "seen": int(form["seen"]), "marks": marks, "note": None, **said}
    return new_item("meeting.attendance", payload=payload)


def number_of_ticks(database):
    with database.read() as session:
        return session.query(AttendanceTick).count()


def test_a_list_of_a_basement_is_saved_once_and_another_officer_confirms_it(
    client, database, given, sam, dora, alice, bob
):
    event_id = given(make_meeting, sam)
    item = saved(client, event_id, sam, {alice: Mark.ABSENT})
    assert words(send(client, sam, item)) == [("accepted", None)]
    assert words(send(client, sam, item)) == [("duplicate", None)]
    online = filled(client, event_id, sam)  # the answer of the page was lost, and it came out of the queue as well
    assert words(send(client, sam, new_item("meeting.attendance", payload=item["payload"]))) == [("accepted", None)]
    assert online["marks"].count("absent") == 1
    there = {alice.id: Mark.ABSENT, bob.id: Mark.PRESENT, sam.id: Mark.PRESENT, dora.id: Mark.PRESENT}
    assert marks_of(database, event_id) == there
    assert number_of_ticks(database) == 4
    assert given(lambda session: confirm(session, sam, event_id)) == ["own_record"] * 4
    given(confirm, dora, event_id)
    withdrawal = new_item("withdraw", payload={"id": item["id"]})
    assert words(send(client, sam, withdrawal)) == [("refused", "list_stays")]


def test_where_two_officers_ticked_the_second_compares_and_nothing_is_lost(
    client, database, given, sam, dora, alice, bob
):
    event_id = given(make_meeting, sam)
    of_sam, of_dora = (
        saved(client, event_id, one, but)
        for one, but in ((sam, {alice: Mark.ABSENT}), (dora, {alice: Mark.SICK, bob: Mark.LATE}))
    )
    assert words(send(client, sam, of_sam)) == [("accepted", None)]
    (verdict,) = send(client, dora, of_dora)
    assert (verdict["verdict"], verdict["code"]) == ("refused", "changed_meanwhile")
    assert "沈山" in verdict["message"]
    assert marks_of(database, event_id)[alice.id] is Mark.ABSENT
    shown = page(client.get(f"/meetings/{event_id}/attendance", headers=ENGLISH | as_member(dora)))
    row = shown.select_one(f"li:has(input[value='{alice.id}'])")
    assert row.select_one("[data-saved]").get_text(strip=True) == "saved by 沈山: absent without excuse"
    assert row.select_one("select")["data-stands"] == "absent"
    again = saved(client, event_id, dora, {alice: Mark.SICK, bob: Mark.LATE})
    assert words(send(client, dora, again)) == [("accepted", None)]
    assert (marks_of(database, event_id)[alice.id], marks_of(database, event_id)[bob.id]) == (Mark.SICK, Mark.LATE)
    assert number_of_ticks(database) == 6  # what Sam said stays


@pytest.mark.race
def test_a_form_and_a_phone_at_one_moment_leave_one_list_and_one_who_is_told(client, database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    of_sam, of_dora = (
        filled(client, event_id, sam, {alice: Mark.ABSENT}),
        saved(client, event_id, dora, {alice: Mark.SICK}),
    )

    def act(number):
        if number:
            return words(send(client, dora, of_dora))[0][1] or "saved"
        answer = client.post(f"/meetings/{event_id}/attendance", data=of_sam, headers=as_member(sam))
        return {303: "saved", 409: "changed_meanwhile"}[answer.status_code]

    assert sorted(race(2, act)) == ["changed_meanwhile", "saved"]


@pytest.mark.parametrize("who", ["alice", "oscar", "olga", "carl"])
def test_who_does_not_keep_the_meeting_saves_no_list_and_keeps_none(client, given, request, sam, who):
    event_id, stranger = given(make_meeting, sam), request.getfixturevalue(who)
    item = saved(client, event_id, sam)
    assert words(send(client, stranger, item)) == [("refused", "not_found")]
    assert client.get("/sync/lists", headers=as_member(stranger)).json()["pages"] == []


def test_with_the_post_the_lists_go_from_the_phone_and_a_late_item_is_refused(client, database, given, sam, dora):
    event_id = given(make_meeting, sam)
    item = saved(client, event_id, dora)
    pages = [f"/meetings/{event_id}", f"/meetings/{event_id}/attendance"]
    assert client.get("/sync/lists", headers=as_member(dora)).json()["pages"] == pages
    with database.write() as session:
        term = session.query(RoleTerm).filter_by(member_id=dora.id).one()
        term.ends_on = clock.today() - timedelta(days=1)
    assert client.get("/sync/lists", headers=as_member(dora)).json()["pages"] == []
    assert words(send(client, dora, item)) == [("refused", "not_found")]


def test_phones_keep_the_lists_of_today_and_tomorrow_and_those_nobody_has_recorded(
    client, given, friday, branch, group, sam
):
    friday.move_to(BEFORE)
    pia = given(make_member, branch, "裴雅", group=group, roles=(Role.GROUP_LEADER,), at=group)
    days = [FRIDAY + timedelta(days=number) for number in range(-1, 3)]  # Thursday to Sunday
    thursday, of_friday, saturday, sunday = [given(make_meeting, sam, day=day) for day in days]
    of_group = given(make_meeting, sam, Kind.GROUP, group_id=group.id)

    def kept(person):
        pages = client.get("/sync/lists", headers=as_member(person)).json()["pages"]
        return {address.split("/")[2] for address in pages}

    friday.move_to(clock.midnight(FRIDAY) + timedelta(hours=9))
    for event_id, leads_there in ((of_friday, True), (saturday, True), (sunday, False)):
        shown = page(client.get(f"/meetings/{event_id}", headers=as_member(sam)))  # as the phone keeps it
        assert bool(shown.select_one(f"a[href='/meetings/{event_id}/attendance']")) is leads_there
    friday.move_to(clock.midnight(FRIDAY) + timedelta(hours=18))
    assert kept(sam) == {str(one) for one in (thursday, of_friday, saturday, of_group)}
    assert kept(pia) == {str(of_group)}
    given(tick, sam, thursday)
    given(tick, sam, of_friday)
    assert kept(sam) == {str(one) for one in (of_friday, saturday, of_group)}


def test_who_leads_a_group_sends_only_that_somebody_is_on_leave(client, database, given, branch, group, sam, alice):
    pia = given(make_member, branch, "裴雅", group=group, roles=(Role.GROUP_LEADER,), at=group)
    event_id = given(make_meeting, sam, Kind.GROUP, group_id=group.id)
    given(tick, sam, event_id, but={alice: Mark.SICK})
    item = saved(client, event_id, pia)
    assert set(item["payload"]["marks"]) == {"leave", "present"}
    assert words(send(client, pia, item)) == [("accepted", None)]
    assert marks_of(database, event_id)[alice.id] is Mark.SICK


def test_a_list_that_cannot_be_read_or_comes_too_early_or_from_a_file_says_so(client, given, friday, sam, dora, olga):
    event_id = given(make_meeting, sam)
    item = saved(client, event_id, sam)
    stranger = {"present": olga.id.hex[-12:]}
    for code, marks in (
        ("bad_payload", {"present": "zz"}),
        ("bad_payload", {"gone": ""}),
        ("not_expected_here", stranger),
    ):
        said = new_item("meeting.attendance", payload=item["payload"] | {"marks": marks})
        assert words(send(client, sam, said)) == [("refused", code)]
    file = {"file": ("queue.json", json.dumps(envelope(sam, [item])))}
    answer = client.post("/sync/file", files=file, headers=ENGLISH | as_member(dora))
    assert "not taken in from a file" in answer.text
    friday.move_to(BEFORE)
    early = new_item("meeting.attendance", payload=item["payload"])
    assert words(send(client, sam, early)) == [("refused", "not_begun")]


def test_what_was_confirmed_is_corrected_for_a_reason(client, database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id)
    given(confirm, dora, event_id)
    assert words(send(client, sam, saved(client, event_id, sam, {alice: Mark.LATE}))) == [("refused", "note_missing")]
    why = saved(client, event_id, sam, {alice: Mark.LATE}, note="签到表上写着十五点十分")
    assert words(send(client, sam, why)) == [("accepted", None)]
    assert marks_of(database, event_id)[alice.id] is Mark.LATE


def test_300_people_fit_into_one_item(client, database, given, branch, sam):
    given(lambda session: [make_member(session, branch, f"党员{number}") and None for number in range(296)])
    event_id = given(make_meeting, sam)
    assert words(send(client, sam, saved(client, event_id, sam))) == [("accepted", None)]
    assert len(marks_of(database, event_id)) == 300
