"""A joint event of four branches: recorded once by the host; what it brings stands in each one's own branch."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy.exc import DatabaseError

from app.core.errors import NotFoundError
from app.features.leave.rules import LeaveType
from app.features.ledger import service as ledger
from app.features.ledger.models import Fact
from app.features.meetings.asked.queries import standing
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import partners, service
from app.features.meetings.events.models import MeetingBranch
from app.features.meetings.events.rules import BegunAlreadyError, Joins, JointKindsError
from app.features.meetings.planner.papers import tables
from app.features.meetings.resolutions.rules import JointError
from app.features.meetings.resolutions.service import ready
from app.features.meetings.ticks import queries as ticks
from app.features.meetings.ticks.rules import Mark
from app.features.meetings.votes.rules import Matter
from app.features.members import service as members
from app.features.members.models import Organisation
from app.features.members.rules import Role
from app.features.reviews import proof
from app.features.reviews import service as reviews
from app.features.reviews.rules import ReviewStatus
from tests.features.leave.makers import approved, days
from tests.features.meetings.gatherings.makers import (
    AFTERWARDS,
    BEFORE,
    FRIDAY,
    confirm,
    facts_of,
    form,
    make_meeting,
    names,
    review_of,
    tick,
)
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_member
from tests.page import errors, page

pytestmark = pytest.mark.usefixtures("english")
BOTH = pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])


def invite(session, by, *kinds, branches="第二党支部", **said):
    return make_meeting(session, by, *(kinds or (Kind.LECTURE,)), branches=branches, **said)


def joined(session, by, others, *kinds, **said):
    """A joint event to which all have said that they come."""
    event_id = invite(session, by, *kinds, branches="\n".join(one.branch_name for one in others), **said)
    for one in others:
        partners.answer(session, one.actor, event_id=event_id, joins=True)
    return event_id


@pytest.fixture
def others(session):
    """Secretary and member of two more branches."""
    made = []
    for name in ("第五党支部", "第六党支部"):
        place = make_branch(session, name)
        made.append(
            (make_member(session, place, f"{name}书记", roles=(Role.SECRETARY,)), make_member(session, place, "员"))
        )
    return made


def test_four_branches_one_record_each_with_its_own_facts_and_calendar(
    session, committee, branch, other_branch, sam, dora, alice, bob, olga, oscar, others
):
    for place in session.query(Organisation):
        place.created_at = datetime(2026, 11, 1, tzinfo=UTC)
    (fred, finn), (gina, gus) = others
    event_id = joined(session, sam, [oscar, fred, gina], Kind.THEME_DAY, study=True)
    assert {alice.id, olga.id, finn.id, gus.id} < names(session, event_id, sam)
    away = {finn: Mark.ABSENT, gus: Mark.ABSENT, gina: Mark.ABSENT}
    tick(session, sam, event_id, but=away)
    assert set(confirm(session, dora, event_id)) == {"own_record", "not_found"}
    for person, place in ((alice, branch), (bob, branch), (olga, other_branch), (oscar, other_branch)):
        rows = session.query(Fact).where(Fact.member_id == person.id)
        assert {(row.fact_type.value, row.branch_id) for row in rows} == {
            ("attendance.present", place.id),
            ("study.session", place.id),
        }
    assert facts_of(session, finn) == facts_of(session, gus) == []  # nobody of their own has said it
    assert review_of(session, event_id, finn).branch_id == finn.branch_id
    assert set(confirm(session, fred, event_id)) == {"not_found"}  # what is of others is none of his
    assert facts_of(session, finn) == [("attendance.absent", FRIDAY)]
    assert session.query(Fact.branch_id).where(Fact.member_id == finn.id).scalar() == finn.branch_id
    assert facts_of(session, gus) == []
    assert list(proof.mismatches(session)) == []
    for place, held in ((branch, True), (other_branch, True), (fred, True), (gina, False)):
        place_id = place.branch_id if hasattr(place, "branch_id") else place.id
        said = standing(session, place_id, 2026, FRIDAY).line
        assert ("Theme Party day held 6 Nov" in said) is held, said
    assert [row[1] for row in tables(session, oscar.actor, 2026)[0].rows] == ["Theme Party day"]


def test_who_confirms_holds_the_ledgers_in_which_it_counts_and_no_other(session, monkeypatch, sam, dora, olga, oscar):
    """Hosts that confirm each other's members would else wait for each other for ever."""
    event_id = joined(session, sam, [oscar], Kind.THEME_DAY)
    tick(session, sam, event_id)
    held, hold = [], ledger.hold
    monkeypatch.setattr(ledger, "hold", lambda session, branches: hold(session, held.extend(branches) or branches))
    decided = reviews.approve(session, dora.actor, [review_of(session, event_id, olga).id])
    reviews.undo(session, dora.actor, decision_id=decided.decision_id)
    assert set(held) == {olga.branch_id}
    assert facts_of(session, olga) == []


def test_what_the_host_may_not_know_waits_in_the_own_branch(client, database, given, sam, dora, alice, olga, oscar):
    """Why somebody of another branch is on leave: the host reads and saves only that somebody is."""
    event_id = given(joined, sam, [oscar])
    given(approved, olga, oscar, days((11, 5), (11, 6)), LeaveType.SICK)
    address = f"/meetings/{event_id}/attendance"
    shown = page(client.get(address, headers=ENGLISH | as_member(sam)))
    row = next(row for row in shown.select("li[data-find]") if olga.name in row.get_text())
    assert row.select_one("option[selected]")["value"] == "leave"
    assert "sick" not in row.small.get_text()
    said = {"seen": "1", "member_ids": [str(olga.id), str(alice.id)], "marks": ["leave", "present"]}
    assert client.post(address, data=said, headers=as_member(sam)).status_code == 303
    with database.read() as session:
        last = ticks.last_ticks(session, event_id)
        assert (last[olga.id].mark, last[olga.id].decided_in) == (Mark.SICK, olga.branch_id)
        assert last[alice.id].decided_in == alice.branch_id
    for reader, reads in ((sam, False), (dora, False), (oscar, True)):
        people = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(reader))).select_one("#people")
        assert ("sick leave" in people.get_text(" ", strip=True)) is reads
    assert "艾莉" not in people.get_text()  # Oscar reads of his own people alone
    given(tick, sam, event_id, but={alice: Mark.SICK})
    for reader, reads in ((sam, True), (oscar, False)):
        record = page(client.get(f"/meetings/{event_id}/record", headers=ENGLISH | as_member(reader))).get_text()
        assert ("艾莉 (sick leave)" in record) is reads, record
    facts = page(client.get(f"/meetings/{event_id}", headers=ENGLISH | as_member(oscar))).select_one("dl").get_text(" ")
    assert facts.count("present") == 2, facts  # his own and all together
    answer = client.post(f"/meetings/{event_id}/confirm", data={"seen": "3"}, headers=as_member(oscar))
    assert answer.status_code == 303
    with database.read() as session:
        assert ticks.last_ticks(session, event_id)[olga.id].status is ReviewStatus.APPROVED


@BOTH
def test_a_branch_is_invited_says_that_it_comes_and_reads_it_everywhere(
    client, database, given, friday, sam, oscar, olga, alice, headers, status
):
    friday.move_to(BEFORE)
    said = form(Kind.LECTURE, day="2026-11-06", branches="第二")
    for _twice in range(2):
        assert client.post("/meetings", data=said, headers=as_member(sam)).status_code == 303
    address = f"/meetings/{said['id']}"
    assert client.get(address, headers=as_member(olga)).status_code == 404
    assert "Joint events to answer" in page(client.get("/", headers=ENGLISH | as_member(oscar))).get_text()
    agenda = page(client.get("/meetings", headers=ENGLISH | as_member(oscar)))
    assert "Another branch invites ours" in agenda.select_one(f"a[href='{address}']").get_text()
    for stranger in (olga, alice, sam):
        assert client.post(f"{address}/joins", data={"joins": "yes"}, headers=as_member(stranger)).status_code == 404
    for _twice in range(2):
        answer = client.post(f"{address}/joins", data={"joins": "yes"}, headers=headers | as_member(oscar))
        assert answer.status_code == status
    assert page(client.get("/", headers=ENGLISH | as_member(olga))).select_one(f"a[href='{address}']")
    shown = page(client.get(address, headers=ENGLISH | as_member(olga))).get_text(" ", strip=True)
    assert "Host 第一党支部" in shown
    assert "Jointly with 第二党支部" in shown
    assert client.get(f"{address}/attendance", headers=as_member(oscar)).status_code == 404
    assert client.post(f"{address}/joins", data={"joins": "no"}, headers=as_member(oscar)).status_code == 303
    assert client.get(address, headers=as_member(olga)).status_code == 404
    wrong = form(Kind.COMMITTEE, branches="第二")
    answer = client.post("/meetings", data=wrong, headers=ENGLISH | as_member(sam))
    assert "kinds" in errors(page(answer, 409))


def test_what_cannot_be_is_refused(session, friday, sam, oscar, alice):
    with pytest.raises(JointKindsError):
        invite(session, sam, Kind.GROUP)
    event_id = joined(session, sam, [oscar], Kind.MEMBERS_MEETING)
    tick(session, sam, event_id)
    with pytest.raises(JointError):
        ready(session, sam.actor, event_id, Matter.ORDINARY)
    with pytest.raises(BegunAlreadyError):
        partners.answer(session, oscar.actor, event_id=event_id, joins=False)
    with pytest.raises(NotFoundError):
        partners.answer(session, oscar.actor, event_id=make_meeting(session, sam), joins=True)


def test_who_said_no_makes_no_joint_one_of_a_meeting_at_which_the_host_has_voted(client, given, friday, sam, oscar):
    friday.move_to(BEFORE)
    event_id = given(invite, sam, Kind.MEMBERS_MEETING)
    for joins in (False, True, False):  # before it begins a branch may think again
        given(partners.answer, oscar.actor, event_id=event_id, joins=joins)
    friday.move_to(AFTERWARDS)
    given(tick, sam, event_id)
    told = client.post(f"/meetings/{event_id}/joins", data={"joins": "yes"}, headers=ENGLISH | as_member(oscar))
    assert "had said that it does not take part" in page(told, 409).get_text()
    given(ready, sam.actor, event_id, Matter.ORDINARY)
    offered = page(client.get(f"/meetings/{event_id}", headers=as_member(oscar)))
    assert not offered.select("[action$='/joins']")


def test_another_plan_keeps_the_answers_and_lets_go_who_is_invited_no_more(session, friday, sam, oscar, olga, others):
    friday.move_to(BEFORE)
    (fred, finn), _gina = others
    event_id = joined(session, sam, [oscar, fred])
    plan = {"kinds": [Kind.LECTURE], "day": FRIDAY, "begins": time(15), "ends": time(16)}
    service.change_meeting(session, sam.actor, event_id=event_id, branches="第五党支部", **plan)
    assert [(row.name, row.answer) for row in partners.partners(session, event_id)] == [("第五党支部", Joins.JOINED)]
    there = names(session, event_id, sam)
    assert finn.id in there
    assert olga.id not in there


@pytest.mark.parametrize("moves_on", [BEFORE, AFTERWARDS], ids=["before", "after"])
def test_who_moves_between_two_of_them_brings_it_to_the_branch_of_the_day(
    session, friday, committee, branch, other_branch, sam, dora, alice, oscar, moves_on
):
    root = make_member(session, other_branch, "管理员", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    friday.move_to(BEFORE)
    event_id = joined(session, sam, [oscar])
    friday.move_to(moves_on + timedelta(days=1))
    members.move_member(session, root.actor, member_id=alice.id, branch_id=other_branch.id)
    session.flush()
    friday.move_to(AFTERWARDS + timedelta(days=2))
    tick(session, sam, event_id)
    confirm(session, dora, event_id)
    place = other_branch if moves_on < AFTERWARDS else branch
    assert {fact.branch_id for fact in session.query(Fact).where(Fact.member_id == alice.id)} == {place.id}


def test_the_database_refuses_an_answer_of_nobody(database, given, sam, oscar):
    event_id = given(invite, sam)
    with pytest.raises(DatabaseError, match="by_whom_iff_answered"), database.write() as session:
        session.get(MeetingBranch, (event_id, oscar.branch_id)).answer = Joins.JOINED
