"""The code of the room on pages: shown to its organiser alone, typed in a plain form, confirmed with all the others."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from app.core import clock, sealing
from app.features.ledger.models import Fact
from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.checkins import codes
from app.features.meetings.events.models import VenueCode
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark
from app.features.reviews.rules import ReviewStatus
from tests.features.meetings.gatherings.codes import BEGINS, PHONES, check_in, code_of, kept
from tests.features.meetings.gatherings.makers import FRIDAY, facts_of, make_meeting, tick
from tests.features.sync.makers import send, words
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import fragment, page


@pytest.fixture
def meeting(given, sam):
    return given(make_meeting, sam, Kind.MEMBERS_MEETING, title="第四次党员大会")


def secret_in_lists(client, person, meeting):
    rooms = {room["id"]: room for room in client.get("/sync/lists", headers=as_member(person)).json()["rooms"]}
    return rooms.get(str(meeting), {}).get("secret")


def test_the_secret_goes_to_the_organisers_phone_alone_and_only_near_the_meeting(
    client, database, given, friday, meeting, sam, dora, alice, olga
):
    def opens(person):
        answer = client.get(f"/m/{meeting}/code", headers=as_member(person)).status_code
        assert (answer == 200) == bool(secret_in_lists(client, person, meeting))
        return answer

    friday.move_to(BEGINS - timedelta(hours=25))
    assert opens(sam) == 404
    friday.move_to(BEGINS - timedelta(hours=23))
    assert [opens(person) for person in (sam, dora, alice, olga)] == [200, 404, 404, 404]
    shown = page(client.get(f"/m/{meeting}/code", headers=as_member(sam)))
    digits = re.sub(r"\s", "", shown.select_one("[data-code]").get_text())
    assert digits == given(code_of, meeting, clock.now())
    with database.read() as session:
        row = session.get_one(VenueCode, meeting)
        assert len(bytes.fromhex(secret_in_lists(client, sam, meeting))) == 20
        assert secret_in_lists(client, sam, meeting) not in (row.sealed or "")
    friday.move_to(BEGINS + timedelta(hours=1))
    given(tick, sam, meeting)
    assert opens(sam) == 404  # recorded: the phone erases it with its next list


def test_a_secret_is_erased_when_no_phone_brings_a_code_any_more(client, database, given, friday, meeting, sam, alice):
    code = given(code_of, meeting, BEGINS)
    assert given(codes.erase_old, clock.now() + timedelta(days=29)) == 0
    assert given(codes.erase_old, clock.now() + timedelta(days=31)) == 1
    assert given(codes.make_missing, clock.now()) == 0
    assert words(send(client, alice, check_in(meeting, code, BEGINS))) == [("review", "unchecked")]


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_alice_types_the_code_in_a_plain_form(client, database, given, friday, meeting, alice, headers, status):
    friday.move_to(BEGINS)
    form = page(client.get(f"/m/{meeting}", headers=as_member(alice))).select_one("form[action]")
    said = {"id": form.select_one("[name=id]")["value"], "event_id": str(meeting)}
    wrong = client.post(f"/m/{meeting}", data={**said, "code": "000000"}, headers=headers | ENGLISH | as_member(alice))
    drawn = (fragment if headers else page)(wrong, 409)
    assert "not the code of this meeting" in drawn.get_text()
    again = drawn.select_one("[name=id]")["value"]
    short = client.post(f"/m/{meeting}", data={"id": again, "code": "123"}, headers=ENGLISH | as_member(alice))
    assert "six digits" in page(short, 422).get_text()
    right = {"id": again, "code": given(code_of, meeting, BEGINS)}
    for _ in range(2):
        assert client.post(f"/m/{meeting}", data=right, headers=headers | as_member(alice)).status_code == status
    with database.read() as session:
        assert sorted(worth for _who, worth, _why in kept(session, meeting)) == ["good", "refused"]
        assert ticks.last_ticks(session, meeting)[alice.id].mark is Mark.PRESENT


def test_without_its_key_the_server_gives_the_other_lists_and_asks_the_phone_to_keep_the_code(
    client, given, meeting, sam, alice, monkeypatch
):
    code = given(code_of, meeting, BEGINS)
    monkeypatch.setattr(sealing, "sealer", lambda: sealing.Sealer((Fernet.generate_key().decode(),)))
    assert secret_in_lists(client, sam, meeting) is None
    assert words(send(client, alice, check_in(meeting, code, BEGINS))) == [("retry", "later")]


def test_strangers_find_no_page(client, meeting, olga):
    for address in (f"/m/{meeting}", f"/m/{meeting}/code"):
        assert client.get(address, headers=as_member(olga)).status_code == 404
    answer = client.post(f"/m/{meeting}", data={"id": str(UUID(int=1)), "code": "123456"}, headers=as_member(olga))
    assert answer.status_code == 404


def test_good_and_late_ones_are_confirmed_in_one_tap_and_doubtful_ones_alone(
    client, database, given, branch, meeting, sam, dora, alice, bob
):
    third = given(make_member, branch, "丙")
    minutes = {alice: 0, sam: 31, bob: -90, third: 5}
    for number, (person, minute) in enumerate(minutes.items()):
        at = BEGINS + timedelta(minutes=minute)
        send(client, person, check_in(meeting, given(code_of, meeting, at), at), device_id=PHONES[number])
    queue = page(client.get("/approvals", headers=ENGLISH | as_member(dora)))
    assert "第四次党员大会 · 6 Nov 14:30: 3 good, 1 doubtful" in queue.get_text()
    assert len(queue.select("input[name=ids][checked]")) == 3
    assert held(database, branch) == []  # a code counts when it is confirmed
    shown = page(client.get(f"/meetings/{meeting}", headers=ENGLISH | as_member(dora)))
    assert shown.select_one("#codes").get_text() == "Typed the code: 3 good, 1 doubtful."
    assert client.post(f"/meetings/{meeting}/confirm", data={"seen": "1"}, headers=as_member(dora)).status_code == 303
    with database.read() as session:
        status = {one: tick_.status for one, tick_ in ticks.last_ticks(session, meeting).items()}
        assert status.pop(bob.id) is ReviewStatus.PENDING
        assert set(status.values()) == {ReviewStatus.APPROVED}
        assert facts_of(session, sam) == [("attendance.late", FRIDAY)]
        assert facts_of(session, alice) == facts_of(session, third) == [("attendance.present", FRIDAY)]
        assert not session.scalars(select(Fact.id).where(Fact.member_id == bob.id)).all()
    assert held(database, branch) == [FRIDAY]
    again = page(client.get(f"/approvals/{given(review_id, meeting, bob)}", headers=ENGLISH | as_member(dora)))
    assert "more than an hour before the beginning" in again.get_text()


def held(database, branch):
    with database.read() as session:
        asked = standing(session, branch.id, 2026, FRIDAY).asked
    return [one.duty.done_on for one in asked if one.kind is Kind.MEMBERS_MEETING]


def review_id(session, meeting, person):
    return ticks.last_ticks(session, meeting)[person.id].id


def test_a_code_that_comes_after_the_page_was_read_is_not_confirmed_unread(
    client, database, given, meeting, dora, alice, bob
):
    def read():
        tap = page(client.get(f"/meetings/{meeting}", headers=as_member(dora))).select_one("form[action$='/confirm']")
        return {field["name"]: field["value"] for field in tap.select("input[name]")}

    def state(person):
        with database.read() as session:
            return ticks.last_ticks(session, meeting)[person.id].status

    send(client, alice, check_in(meeting, given(code_of, meeting, BEGINS), BEGINS))
    said, at = read(), BEGINS + timedelta(minutes=40)
    send(client, bob, check_in(meeting, given(code_of, meeting, at), at))
    client.post(f"/meetings/{meeting}/confirm", data=said, headers=as_member(dora))
    assert (state(alice), state(bob)) == (ReviewStatus.APPROVED, ReviewStatus.PENDING)  # late costs points
    client.post(f"/meetings/{meeting}/confirm", data=read(), headers=as_member(dora))
    assert state(bob) is ReviewStatus.APPROVED


def test_who_is_not_expected_is_named_to_the_organiser_alone(client, given, meeting, sam, alice, olga):
    send(client, olga, check_in(meeting, given(code_of, meeting, BEGINS), BEGINS))
    said = "Typed the code and is not expected: " + olga.name
    address = f"/meetings/{meeting}"
    assert said in page(client.get(address, headers=ENGLISH | as_member(sam))).get_text()
    assert olga.name not in page(client.get(address, headers=ENGLISH | as_member(alice))).get_text()
    client.post(f"{address}/guests", data={"name": olga.name, "who": str(olga.id)}, headers=as_member(sam))
    assert said not in page(client.get(address, headers=ENGLISH | as_member(sam))).get_text()


def test_nobody_confirms_the_own_code(client, database, given, meeting, sam, dora):
    for number, person in enumerate((sam, dora)):
        send(client, person, check_in(meeting, given(code_of, meeting, BEGINS), BEGINS), device_id=PHONES[number])
    client.post(f"/meetings/{meeting}/confirm", data={"seen": "1"}, headers=as_member(dora))
    with database.read() as session:
        status = {one: tick_.status for one, tick_ in ticks.last_ticks(session, meeting).items()}
    assert status == {sam.id: ReviewStatus.APPROVED, dora.id: ReviewStatus.PENDING}
