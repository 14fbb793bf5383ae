"""Guests 列席: added by name, named in the record, never on the list, never a fact; members read of it on their day."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DatabaseError

from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import expected, guests, queries
from app.features.meetings.events.models import MeetingExpected, MeetingGuest
from app.features.meetings.events.rules import Capacity
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark, NotExpectedHereError
from app.features.meetings.ticks.service import record_attendance
from app.features.members.models import Organisation
from app.features.members.rules import Role
from tests.features.meetings.gatherings.codes import BEGINS, check_in, code_of
from tests.features.meetings.gatherings.makers import BEFORE, FRIDAY, confirm, facts_of, make_meeting, tick
from tests.features.sync.makers import send, words
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import errors, fragment, page

BOTH = pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])


def who_sits_in(shown):
    return [row.get_text(" ", strip=True).removesuffix(" Take off") for row in shown.select("#guests li")]


@BOTH
def test_a_free_name_and_a_member_who_is_chosen_among_namesakes(
    client, database, given, friday, other_branch, sam, bob, olga, headers
):
    friday.move_to(BEFORE)
    event_id = given(make_meeting, sam)
    given(make_member, other_branch, bob.name)
    address = f"/meetings/{event_id}/guests"

    def add(**said):
        return client.post(address, data=said, headers=ENGLISH | headers | as_member(sam))

    for _twice in range(2):
        assert add(name="街道王主任").status_code == (200 if headers else 303)
    asked = add(name=olga.name)
    shown = fragment(asked, 409) if headers else page(asked, 409)
    assert "Choose whom you mean" in errors(shown)["who"]
    assert [pick["value"] for pick in shown.select("input[name=who]")] == [str(olga.id), "other"]
    assert add(name=olga.name, who=str(olga.id)).status_code == (200 if headers else 303)
    assert add(name=olga.name, who=str(bob.id)).status_code == 404
    assert (
        "expected at the meeting anyway"
        in errors((fragment if headers else page)(add(name=bob.name, who=str(bob.id)), 409))["name"]
    )
    shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(olga)))
    assert who_sits_in(shown) == ["欧歌 第二党支部", "街道王主任"]
    today = page(client.get("/", headers=ENGLISH | as_member(olga)))
    assert today.select_one(f"a[href='/meetings/{event_id}']")
    with database.read() as session:
        guest_id = session.query(MeetingGuest.id).where(MeetingGuest.member_id == olga.id).scalar()
    for _twice in range(2):
        answer = client.post(f"{address}/{guest_id}/remove", headers=ENGLISH | headers | as_member(sam))
        assert answer.status_code == (200 if headers else 303)
    assert client.get(f"/meetings/{event_id}", headers=as_member(olga)).status_code == 404


def test_nobody_but_who_keeps_the_meeting_adds_one(client, given, sam, alice, oscar):
    event_id = given(make_meeting, sam)
    for stranger in (alice, oscar):
        answer = client.post(f"/meetings/{event_id}/guests", data={"name": "某人"}, headers=as_member(stranger))
        assert answer.status_code == 404


@pytest.mark.usefixtures("english")
def test_a_guest_brings_no_fact_and_fulfils_nothing(session, branch, other_branch, sam, dora, olga):
    for place in (branch, other_branch):
        session.get_one(Organisation, place.id).created_at = datetime(2026, 11, 1, tzinfo=UTC)
    session.flush()
    event_id = make_meeting(session, sam, Kind.THEME_DAY)
    guests.add_guest(session, sam.actor, event_id=event_id, name=olga.name, who=str(olga.id))
    assert session.get(MeetingExpected, (event_id, olga.id)).capacity is Capacity.GUEST
    assert olga.id not in expected.current(session, queries.whole(session, sam.actor, event_id))
    with pytest.raises(NotExpectedHereError):
        record_attendance(session, sam.actor, event_id=event_id, seen=1, marks={olga.id: Mark.PRESENT})
    tick(session, sam, event_id)
    confirm(session, dora, event_id)
    assert facts_of(session, olga) == []
    for place, held in ((branch, True), (other_branch, False)):
        said = standing(session, place.id, 2026, FRIDAY).line
        assert ("Theme Party day held 6 Nov" in said) is held, said


def test_a_guest_of_the_own_branch_who_types_the_code_counts_no_more_than_one_from_elsewhere(
    client, database, given, branch, sam, alice
):
    given(make_member, branch, "组织委员", roles=(Role.ORGANISATION,))
    event_id = given(make_meeting, sam, Kind.COMMITTEE)
    given(guests.add_guest, sam.actor, event_id=event_id, name=alice.name, who=str(alice.id))
    shown = page(client.get(f"/meetings/{event_id}", headers=as_member(alice)))
    assert not shown.select_one(f"a[href='/m/{event_id}']")
    item = check_in(event_id, given(code_of, event_id, BEGINS), BEGINS)
    assert words(send(client, alice, item)) == [("refused", "not_expected")]
    with database.read() as session:
        assert alice.id not in ticks.last_ticks(session, event_id)


@pytest.mark.parametrize("said", [{}, {"name": " "}], ids=["member_or_name", "name_not_blank"])
def test_the_database_refuses_a_guest_without_a_name(database, given, sam, said):
    event_id = given(make_meeting, sam)
    with pytest.raises(DatabaseError, match="meeting_guests_"), database.write() as session:
        session.add(MeetingGuest(event_id=event_id, added_by_id=sam.id, **said))
