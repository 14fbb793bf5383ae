"""Four numbers of a meeting: who is expected, who has a vote, who is left out; and the two people each of it needs."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from app.core.ids import new_id
from app.features.home import own_data
from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.counted import queries, service
from app.features.meetings.counted.models import LeftOut, Suspension
from app.features.meetings.counted.rules import Reason, Rests
from app.features.meetings.events.models import MeetingEvent
from app.features.meetings.ticks.rules import Mark
from app.features.meetings.votes.rules import Matter
from app.features.members.models import Member
from app.features.members.rules import MemberStatus, Role
from app.features.members.two_people import BoundError, Second, Stands
from tests.features.meetings.gatherings.makers import AFTERWARDS, FRIDAY, make_meeting, tick
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page
from tests.races import race


@pytest.fixture
def faye(given, branch):
    return given(make_member, branch, "范晔", roles=(Role.DISCIPLINE,))


def rest(session, by, whom, **said):
    said = {"id": new_id(), "rests": Rests.PROBATION, "starts_on": date(2026, 1, 1), "ends_on": None, **said}
    return service.enter_suspension(session, by.actor, member_id=whom.id, document="市纪〔2026〕3号", **said)


def leave_out(session, by, event_id, whom, **said):
    said = {"id": new_id(), "reason": Reason.BEDRIDDEN, "consent": "机关党委12号", "consented_on": FRIDAY, **said}
    return service.leave_out(session, by.actor, event_id=event_id, member_id=whom.id, **{"adopted": True, **said})


def n(database, event_id, matter=Matter.ORDINARY):
    with database.read() as session:
        return queries.counted(session, session.get_one(MeetingEvent, event_id)).n(matter)


def second(session, by, suspension_id, word=Second.CONFIRM):
    service.decide_suspension(session, by.actor, suspension_id=suspension_id, second=word)


def second_out(session, by, left_out_id, word=Second.CONFIRM):
    service.decide_left_out(session, by.actor, left_out_id=left_out_id, second=word)


def test_the_four_numbers_stand_on_one_screen_with_names(client, database, given, branch, sam, dora, faye, alice, bob):
    given(make_member, branch, "俞备", status=MemberStatus.PROBATIONARY)
    event_id = given(make_meeting, sam)
    given(second, faye, given(rest, sam, bob))
    given(second_out, dora, given(leave_out, sam, event_id, alice))
    shown = page(client.get(f"/meetings/{event_id}/count", headers=ENGLISH | as_member(sam)))
    assert [one.get_text(" ", strip=True) for one in shown.select("#count h2")] == [
        "Expected to attend 6",
        "Entitled to vote 4",
        "Not counted at this meeting 1",
        "Base of the yearly grade “excellent” 5",
    ]
    told = " ".join(shown.select_one("#count").get_text().split())
    assert "俞备" in told
    assert "4 with a vote; at least 2 of them must come; 3 in favour carry it" in told
    assert "3 with a vote; at least 2 of them must come" in told  # about one person: Alice is not counted
    assert "Bedridden by age or long illness" in told
    assert "consent 机关党委12号 of 6 Nov" in told


def test_what_the_meeting_takes_over_only_later_is_entered_anew(client, database, given, sam, dora, alice, bob):
    event_id = given(make_meeting, sam)

    def shown():
        read = page(client.get(f"/meetings/{event_id}/count", headers=ENGLISH | as_member(sam)))
        choices = {one.get_text() for one in read.select("[name=member_id] option")}
        return read.select("#count h2")[2].get_text(" ", strip=True), alice.name in choices

    given(second_out, dora, given(leave_out, sam, event_id, alice, adopted=False))
    assert (n(database, event_id, Matter.ELECTION), *shown()) == (4, "Not counted at this meeting 0", True)
    anew, sent = new_id(), {"consent": "机关党委12号"}
    for _ in range(2):  # twice is once
        given(leave_out, sam, event_id, alice, id=anew, **sent)
    assert n(database, event_id, Matter.ELECTION) == 4  # two people say so
    given(second_out, dora, anew)
    assert (n(database, event_id, Matter.ELECTION), *shown()) == (3, "Not counted at this meeting 1", False)
    with pytest.raises(service.WaitsAlreadyError), database.write() as session:
        leave_out(session, dora, event_id, alice)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_who_was_left_out_by_mistake_counts_again_when_one_of_the_two_says_so(
    client, database, given, branch, sam, dora, alice, bob, oscar, headers, status
):
    other = given(make_member, branch, "欧组", roles=(Role.ORGANISATION,))
    event_id = given(make_meeting, sam)
    left_out_id = given(leave_out, sam, event_id, alice)
    address = f"/meetings/left-out/{left_out_id}/take-back"
    assert client.post(address, headers=as_member(sam)).status_code == 409  # it does not count yet
    given(second_out, dora, left_out_id)
    for one, buttons in ((sam, 1), (dora, 1), (other, 0)):
        shown = page(client.get(f"/meetings/{event_id}/count", headers=as_member(one)))
        assert len(shown.select("form[action$=take-back]")) == buttons
    assert n(database, event_id, Matter.ELECTION) == 4
    for one, refused in ((other, 404), (oscar, 404), (alice, 403)):
        assert client.post(address, headers=as_member(one)).status_code == refused
    assert client.post(address, headers=headers | as_member(dora)).status_code == status
    assert n(database, event_id, Matter.ELECTION) == 5
    given(second_out, dora, given(leave_out, sam, event_id, bob))
    given(second_out, dora, given(leave_out, sam, event_id, alice))  # entered anew
    assert n(database, event_id, Matter.ELECTION) == 3


def test_the_calendar_asks_for_half_of_those_who_have_a_vote_that_day(session, branch, sam, dora, alice, bob):
    faye = make_member(session, branch, "范晔", roles=(Role.DISCIPLINE,))
    event_id = make_meeting(session, sam)

    def is_held(*there):
        away = {one for one in (sam, dora, faye, alice, bob) if one not in there}
        tick(session, sam, event_id, but=dict.fromkeys(away, Mark.SICK))
        return "11月6日" in standing(session, branch.id, 2026, FRIDAY).line

    assert is_held(sam, dora, bob)
    assert not is_held(sam, dora)  # of five
    ended = rest(session, sam, bob, ends_on=FRIDAY - timedelta(days=1))
    second(session, faye, ended)
    assert not is_held(sam, dora)
    second(session, faye, rest(session, sam, bob, starts_on=FRIDAY))
    assert is_held(sam, dora)  # of four
    assert not is_held(sam, bob)  # who comes, and has none


def test_whose_rights_rest_only_two_people_read_and_everybody_else_a_number(
    client, database, given, sam, dora, faye, alice, bob, olga, oscar
):
    event_id = given(make_meeting, sam)
    given(second, faye, given(rest, sam, bob))
    assert n(database, event_id) == 4
    for one in (sam, faye):
        assert "包波" in page(client.get("/meetings/rights", headers=as_member(one))).get_text()
    for one in (dora, bob, alice, olga):
        assert client.get("/meetings/rights", headers=as_member(one)).status_code in (403, 404)
    assert "包波" not in page(client.get("/meetings/rights", headers=as_member(oscar))).get_text()
    counts = page(client.get(f"/meetings/{event_id}/count", headers=ENGLISH | as_member(dora)))
    assert "Rights at rest −1" in " ".join(counts.get_text(" ", strip=True).split())
    assert "市纪" not in counts.get_text()
    names = [one.get_text() for one in counts.select("details p")]
    assert all("包波" in one for one in names)  # in both lists of names, as if nothing were
    assert client.get(f"/meetings/{event_id}/count", headers=as_member(oscar)).status_code == 404
    assert client.get(f"/meetings/{event_id}/count", headers=as_member(alice)).status_code == 403
    with database.read() as session:
        mine, others = own_data.as_json(session, bob.actor), own_data.as_json(session, alice.actor)
    assert ("市纪" in mine.decode(), "市纪" in others.decode()) == (True, False)


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_one_enters_and_the_other_confirms(client, database, given, sam, dora, faye, alice, bob, headers, status):
    event_id, form_id = given(make_meeting, sam), str(new_id())
    form = {"id": form_id, "member_id": str(bob.id), "rests": "suspended", "starts_on": "2026-02-01", "document": "3号"}
    for _ in range(2):  # twice is once
        assert client.post("/meetings/rights", data=form, headers=headers | as_member(sam)).status_code == status
    assert n(database, event_id) == 5  # it waits
    assert [one["href"] for one in page(client.get("/", headers=as_member(faye))).select("a[href='/meetings/rights']")]
    assert not page(client.get("/", headers=as_member(dora))).select("a[href='/meetings/rights']")
    said = {"second": "confirm"}
    refused = client.post(f"/meetings/rights/{form_id}/decide", data=said, headers=ENGLISH | as_member(sam))
    assert "the other one of you confirms it" in page(refused, 403).get_text()
    assert client.post(f"/meetings/rights/{form_id}/decide", data=said, headers=as_member(dora)).status_code == 404
    answer = client.post(f"/meetings/rights/{form_id}/decide", data=said, headers=headers | as_member(faye))
    assert answer.status_code in (status, 204)
    assert n(database, event_id) == 4
    own = client.post(
        "/meetings/rights", data=form | {"id": str(new_id()), "member_id": str(sam.id)}, headers=as_member(sam)
    )
    assert own.status_code == 403
    out = {
        "id": str(new_id()),
        "member_id": str(alice.id),
        "reason": "6",
        "consent": "12号",
        "consented_on": "2026-11-05",
    }
    address = f"/meetings/{event_id}/count"
    late = client.post(address, data=out | {"consented_on": "2026-11-07"}, headers=ENGLISH | as_member(sam))
    assert "given before the meeting" in page(late, 422).get_text()
    assert client.post(address, data=out | {"adopted": "yes"}, headers=headers | as_member(sam)).status_code == status
    answer = client.post(f"/meetings/left-out/{out['id']}/decide", data=said, headers=headers | as_member(dora))
    assert answer.status_code in (status, 204)
    found = {matter: n(database, event_id, matter) for matter in (Matter.ORDINARY, Matter.ADMISSION, Matter.ELECTION)}
    assert list(found.values()) == [4, 4, 3]  # the sixth reason holds for elections alone


def test_an_end_is_a_new_row_that_two_people_say(database, given, sam, faye, bob):
    first = given(rest, sam, bob)
    given(second, faye, first)
    event_id = given(make_meeting, sam)
    ended = given(rest, faye, bob, replaces_id=first, ends_on=FRIDAY - timedelta(days=1))
    assert n(database, event_id) == 4
    given(second, sam, ended)
    assert n(database, event_id) == 5


def test_two_who_came_about_by_one_hand_are_no_two(database, given, sam, faye, bob):
    suspension_id = given(rest, sam, bob)

    def print_slip(session):
        row = session.get_one(Member, faye.id)
        row.opened_by_id, row.opened_at = sam.id, row.created_at

    given(print_slip)
    with pytest.raises(BoundError), database.write() as session:
        second(session, faye, suspension_id)


def test_two_who_decide_at_one_moment_decide_once(database, given, sam, dora, alice, branch):
    event_id = given(make_meeting, sam)
    other = given(make_member, branch, "欧组", roles=(Role.ORGANISATION,))
    left_out_id = given(leave_out, sam, event_id, alice)

    def decide(number):
        with database.write() as session:
            second_out(session, (dora, other)[number], left_out_id, (Second.CONFIRM, Second.DECLINE)[number])

    found = race(2, decide)
    assert [getattr(one, "code", None) for one in found].count("step_refused") == 1


def test_the_database_refuses_one_person_alone(database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(leave_out, sam, event_id, alice)
    out = {"event_id": event_id, "member_id": dora.id, "reason": Reason.WILL, "consent": "1", "consented_on": FRIDAY}
    out |= {"adopted": True, "entered_by_id": sam.id}
    decided = {"stands": Stands.CONFIRMED, "decided_at": AFTERWARDS}
    rows = {
        "not_about_oneself": lambda: LeftOut(**out | {"member_id": sam.id}),
        "decided_by_another": lambda: LeftOut(**out, **decided, decided_by_id=sam.id),
        "decided_by_iff_decided": lambda: LeftOut(**out | {"stands": Stands.CONFIRMED}),
        "uq_left_out_once|left_out.event_id": lambda: LeftOut(**out | {"member_id": alice.id}),
        "has_document": lambda: Suspension(
            member_id=alice.id, entered_by_id=sam.id, rests=Rests.PROBATION, starts_on=FRIDAY, document=" "
        ),
    }
    for name, row in rows.items():
        with pytest.raises(DatabaseError, match=name), database.write() as session:
            session.add(row())


def test_a_committee_and_a_lecture_have_numbers_of_their_own(client, given, sam, faye):
    committee, lecture = given(make_meeting, sam, Kind.COMMITTEE), given(make_meeting, sam, Kind.LECTURE)
    shown = page(client.get(f"/meetings/{committee}/count", headers=ENGLISH | as_member(sam))).get_text(" ")
    assert "Members of the committee 3" in " ".join(shown.split())
    shown = page(client.get(f"/meetings/{lecture}/count", headers=ENGLISH | as_member(sam))).get_text()
    assert "Nothing is voted on here" in shown
