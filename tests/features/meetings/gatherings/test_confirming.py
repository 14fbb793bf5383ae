"""Another officer confirms: in the shared queue by meeting, or a whole meeting at once; nobody the own row."""

from datetime import time

import pytest

from app.features.meetings.attendance.rules import Kind
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark
from app.features.meetings.ticks.service import cancel_meeting
from app.features.members import service as members
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.reviews.rules import ReviewStatus
from tests.features.meetings.gatherings.codes import BEGINS, check_in, code_of
from tests.features.meetings.gatherings.makers import FRIDAY, confirm, facts_of, make_meeting, review_of, tick
from tests.features.members.makers import make_business_administrator
from tests.features.sync.makers import new_withdrawal, send
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_member
from tests.page import page
from tests.races import race

OPEN = "Meetings whose attendance is open"


def status_of(database, event_id):
    with database.read() as session:
        return {one: tick.status for one, tick in ticks.last_ticks(session, event_id).items()}


def test_the_queue_gathers_a_meeting_and_ticks_all_but_what_costs_points(
    client, database, given, sam, dora, alice, bob
):
    event_id = given(make_meeting, sam, title="第四次党员大会")
    given(tick, sam, event_id, but={alice: Mark.ABSENT})
    shown = page(client.get("/approvals", headers=ENGLISH | as_member(dora)))
    assert "第四次党员大会 · 6 Nov 14:30" in shown.select_one("h2.grp").get_text()
    rows = {row.select_one("b.t").get_text(): row for row in shown.select("[data-row]")}
    assert set(rows) == {"艾莉", "包波", "沈山"}  # the deputy's own row is another's to confirm
    assert next(iter(rows)) == "艾莉"
    assert "It costs points: ask why first" in rows["艾莉"].get_text()
    ticked = [box["value"] for box in shown.select("input[name=ids][checked]")]
    assert len(ticked) == 2
    said = {"decision": "approve", "ids": ticked}
    assert client.post("/approvals/decide", data=said, headers=as_member(dora)).status_code == 303
    assert status_of(database, event_id)[alice.id] is ReviewStatus.PENDING
    one = page(client.get(f"/approvals/{rows['艾莉'].select_one('input')['value']}", headers=ENGLISH | as_member(dora)))
    assert "absent without excuse" in one.get_text()


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_a_whole_meeting_is_confirmed_in_one_tap_but_its_losses(
    client, database, given, sam, dora, alice, bob, headers, status
):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={alice: Mark.ABSENT, bob: Mark.SICK})
    assert "Confirm" not in page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(sam))).get_text()
    shown = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(dora)))
    assert shown.select_one(f"form[action='/meetings/{event_id}/confirm']")
    for _ in range(2):
        answer = client.post(f"/meetings/{event_id}/confirm", data={"seen": "2"}, headers=headers | as_member(dora))
        assert answer.status_code in (status, 204)
    assert status_of(database, event_id) == {
        alice.id: ReviewStatus.PENDING,
        bob.id: ReviewStatus.APPROVED,
        sam.id: ReviewStatus.APPROVED,
        dora.id: ReviewStatus.PENDING,
    }
    with database.read() as session:
        assert facts_of(session, sam) == [("attendance.present", FRIDAY)]


def test_what_was_changed_after_it_was_read_is_not_confirmed_unread(client, database, given, sam, dora, alice):
    event_id = given(make_meeting, sam, Kind.LECTURE)
    given(tick, sam, event_id, but={alice: Mark.SICK})
    shown = page(client.get(f"/meetings/{event_id}", headers=as_member(dora)))
    read = {"seen": shown.select_one(f"form[action='/meetings/{event_id}/confirm'] input[name=seen]")["value"]}
    given(tick, sam, event_id, but={alice: Mark.PRESENT})
    answer = client.post(f"/meetings/{event_id}/confirm", data=read, headers=ENGLISH | as_member(dora))
    assert "Look at it once more" in page(answer, 409).get_text()
    assert client.post(f"/meetings/{event_id}/confirm", headers=as_member(dora)).status_code == 422  # read: nothing
    assert status_of(database, event_id)[alice.id] is ReviewStatus.PENDING


def test_a_correction_is_looked_at_by_itself_with_its_reason(client, database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={alice: Mark.ABSENT})
    given(confirm, dora, event_id)
    given(tick, sam, event_id, "她那天出差", but={alice: Mark.OFFICIAL})
    client.post(f"/meetings/{event_id}/confirm", data={"seen": "3"}, headers=as_member(dora))
    assert status_of(database, event_id)[alice.id] is ReviewStatus.PENDING
    queue = page(client.get("/approvals", headers=ENGLISH | as_member(dora)))
    assert "Read why it is corrected" in queue.get_text()
    assert not queue.select("input[name=ids][checked]")
    one = client.get(f"/approvals/{given(review_of, event_id, alice).id}", headers=ENGLISH | as_member(dora))
    assert "她那天出差" in page(one).get_text()


def test_a_returned_one_waits_for_the_organiser_not_for_the_member(client, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={alice: Mark.ABSENT})
    given(
        lambda session: (
            reviews.return_to_member(session, dora.actor, [review_of(session, event_id, alice).id], reason="她请过假")
            and None
        )
    )
    shown = page(client.get(f"/meetings/{event_id}/attendance", headers=ENGLISH | as_member(sam)))
    assert "given back: 她请过假" in shown.get_text()
    today = page(client.get("/", headers=ENGLISH | as_member(alice))).select_one("main").get_text(" ", strip=True)
    assert "Came back" not in today
    assert OPEN in page(client.get("/", headers=ENGLISH | as_member(sam))).get_text()


@pytest.mark.parametrize("why", ["cancelled", "moved"])
def test_the_desk_counts_no_meeting_of_which_nothing_can_be_said_again(
    client, given, committee, other_branch, sam, dora, alice, why
):
    event_id = given(make_meeting, sam)
    send(client, alice, check_in(event_id, given(code_of, event_id, BEGINS), BEGINS))
    if why == "moved":
        given(tick, sam, event_id)
    hers = given(review_of, event_id, alice).id
    given(lambda session: reviews.return_to_member(session, dora.actor, [hers], reason="她没来") and None)
    assert OPEN in page(client.get("/", headers=ENGLISH | as_member(sam))).get_text()
    if why == "cancelled":
        given(cancel_meeting, sam.actor, event_id=event_id, reason="会场停电")
    else:
        bea = given(make_business_administrator, other_branch, committee)
        given(members.move_member, bea.actor, member_id=alice.id, branch_id=other_branch.id)
        given(tick, sam, event_id)
    assert OPEN not in page(client.get("/", headers=ENGLISH | as_member(sam))).get_text()


def test_in_a_branch_with_one_officer_the_supervising_member_or_the_committee_confirms(session, committee, carl):
    small = make_branch(session, "小支部", parent=committee)
    sole = make_member(session, small, "独书记", roles=(Role.SECRETARY,))
    named = make_member(session, small, "监督员", roles=(Role.SUPERVISOR,))
    one, other = (make_member(session, small, name) for name in ("甲", "乙"))
    event_id = make_meeting(session, sole)
    tick(session, sole, event_id, but={one: Mark.ABSENT})
    assert set(confirm(session, sole, event_id)) == {"own_record"}
    assert confirm(session, named, event_id) == ["own_record"]  # the own row goes to the committee above
    assert facts_of(session, sole) == [("attendance.present", FRIDAY)]
    assert facts_of(session, one) == [("attendance.absent", FRIDAY)]
    assert confirm(session, carl, event_id) == []
    assert facts_of(session, named) == [("attendance.present", FRIDAY)]
    assert facts_of(session, other) == [("attendance.present", FRIDAY)]


def test_nobody_alone_says_that_somebody_was_not_expected_of_whom_it_is_asked(session, sam, dora, alice):
    event_id = make_meeting(session, sam, Kind.ORG_LIFE)
    tick(session, sam, event_id, but={sam: Mark.NOT_EXPECTED, alice: Mark.NOT_EXPECTED})
    assert [review_of(session, event_id, one).status for one in (sam, alice)] == [ReviewStatus.PENDING] * 2
    assert confirm(session, sam, event_id) == ["own_record"] * 4
    assert confirm(session, dora, event_id) == ["own_record"]
    assert facts_of(session, sam) == []


def test_a_member_takes_no_absence_back_with_the_phone(client, database, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={alice: Mark.ABSENT})
    with database.read() as session:
        tick_id = review_of(session, event_id, alice).id
    send(client, alice, new_withdrawal(str(tick_id)))
    assert status_of(database, event_id)[alice.id] is ReviewStatus.PENDING
    given(confirm, dora, event_id)
    with database.read() as session:
        assert facts_of(session, alice) == [("attendance.absent", FRIDAY)]


def test_a_returned_one_is_not_read_as_true_in_the_list(client, given, sam, dora, alice):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id, but={alice: Mark.ABSENT})
    said = {"decision": "return", "ids": [str(given(review_of, event_id, alice).id)], "reason": "她请过假"}
    client.post("/approvals/decide", data=said, headers=as_member(dora))
    row = page(client.get("/meetings", headers=ENGLISH | as_member(alice))).select_one(
        f"a[href='/meetings/{event_id}']"
    )
    assert row.select_one(".who").get_text(" ", strip=True) == "absent without excuse · not confirmed yet"


def test_an_officer_of_another_branch_confirms_nothing(database, given, sam, alice, oscar):
    event_id = given(make_meeting, sam)
    given(tick, sam, event_id)
    with pytest.raises(Exception, match="not_found"), database.write() as session:
        confirm(session, oscar, event_id)
    with database.read() as session:
        assert facts_of(session, alice) == []


@pytest.mark.race
def test_two_officers_who_confirm_linked_meetings_at_one_moment_leave_one_loss(
    database, given, branch, sam, dora, alice
):
    org = given(make_member, branch, "组织委员", roles=(Role.ORGANISATION,))
    first = given(make_meeting, sam, Kind.MEMBERS_MEETING, begins=time(14), ends=time(15))
    second = given(make_meeting, sam, Kind.REVIEW, begins=time(15), ends=time(17), linked_to_id=first)
    for event_id in (first, second):
        given(tick, sam, event_id, but={alice: Mark.ABSENT})

    def act(number):
        with database.write() as session:
            return confirm(session, (dora, org)[number], (first, second)[number])

    assert race(2, act) == [["own_record"], ["own_record"]]
    with database.read() as session:
        assert facts_of(session, alice) == [("attendance.absent_key", FRIDAY)]
