"""Alice takes part in Oscar's branch: expected there, never counted and never absent; her facts stand in her own."""

from datetime import timedelta

import pytest

from app.features.ledger.models import Fact
from app.features.meetings.attachments import service
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events import expected, queries
from app.features.meetings.events.rules import Capacity
from app.features.meetings.ticks.queries import numbers
from app.features.meetings.ticks.rules import Mark, MarkNotOfferedError
from app.features.members import service as members
from app.features.members.rules import Role
from app.features.reviews import proof
from tests.features.meetings.attachments.makers import attached
from tests.features.meetings.gatherings.codes import BEGINS, check_in, code_of
from tests.features.meetings.gatherings.makers import (
    AFTERWARDS,
    BEFORE,
    FRIDAY,
    confirm,
    facts_of,
    make_meeting,
    names,
    tick,
)
from tests.features.sync.makers import send, words
from tests.makers import ENGLISH, as_member, make_branch, make_member
from tests.page import page


def belongs(session, event_id, by):
    return expected.current(session, queries.whole(session, by.actor, event_id))


def test_she_is_expected_there_and_counted_nowhere_there(session, oscar, otto, sam, alice):
    attached(session, alice, sam, oscar)
    event_id = make_meeting(session, oscar, Kind.MEMBERS_MEETING, Kind.LECTURE)
    there = belongs(session, event_id, oscar)[alice.id]
    assert (there.capacity, there.is_full, there.own_branch_id) == (Capacity.ATTACHED, False, alice.branch_id)
    with pytest.raises(MarkNotOfferedError):
        tick(session, oscar, event_id, but={alice: Mark.ABSENT})
    tick(session, oscar, event_id)
    assert [(row.expected, row.present) for row in numbers(session, event_id).values()] == [(3, 3)]  # not Alice


def test_what_the_host_confirms_stands_in_the_own_branch_once_and_the_proof_agrees(
    session, oscar, otto, sam, dora, alice, branch
):
    attached(session, alice, sam, oscar)
    event_id = make_meeting(session, oscar, Kind.LECTURE)
    tick(session, oscar, event_id)
    assert confirm(session, otto, event_id) == ["own_record"]  # Otto's own line
    facts = session.query(Fact).where(Fact.member_id == alice.id).order_by(Fact.fact_type).all()
    assert [(fact.fact_type.value, fact.branch_id) for fact in facts] == [
        ("attendance.present", branch.id),
        ("study.session", branch.id),
    ]
    assert list(proof.mismatches(session)) == []
    home = make_meeting(session, sam, Kind.LECTURE)
    tick(session, sam, home, but={alice: Mark.OFFICIAL})
    confirm(session, dora, home)
    assert len(facts_of(session, alice)) == 2


def test_at_home_who_took_part_there_is_on_official_leave(client, given, oscar, otto, sam, dora, alice):
    given(attached, alice, sam, oscar)
    home = given(make_meeting, sam)

    def line():
        shown = page(client.get(f"/meetings/{home}/attendance", headers=ENGLISH | as_member(sam)))
        row = next(row for row in shown.select("li[data-find]") if alice.name in row.get_text())
        return row.select_one("option[selected]")["value"], row.small.get_text()

    assert line() == ("present", "attached to 第二党支部, not seen there lately")
    there = given(make_meeting, oscar, Kind.THEME_DAY, day=FRIDAY - timedelta(days=3), reason="补")
    given(tick, oscar, there)
    given(confirm, otto, there)
    assert line()[0] == "official"
    assert "there on" in line()[1]


@pytest.mark.parametrize("moves_on", [BEFORE, AFTERWARDS], ids=["before", "after"])
def test_who_moves_is_attached_by_the_branch_of_the_day(
    session, friday, committee, branch, other_branch, oscar, otto, sam, alice, moves_on
):
    """Agreed between two branches, it says nothing of a third; what was before the move stays where it was."""
    root = make_member(session, other_branch, "管理员", roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)
    third = make_branch(session, "第三党支部")
    friday.move_to(BEFORE - timedelta(days=1))
    attached(session, alice, sam, oscar)
    event_id = make_meeting(session, oscar, Kind.LECTURE)
    friday.move_to(moves_on + timedelta(days=1))
    members.move_member(session, root.actor, member_id=alice.id, branch_id=third.id)
    session.flush()
    friday.move_to(AFTERWARDS + timedelta(days=2))
    there = belongs(session, event_id, oscar)
    assert (alice.id in there) is (moves_on == AFTERWARDS)
    if alice.id in there:
        tick(session, oscar, event_id)
        confirm(session, otto, event_id)
        assert {fact.branch_id for fact in session.query(Fact).where(Fact.member_id == alice.id)} == {branch.id}


def test_from_the_day_after_its_end_she_is_expected_no_more(session, friday, oscar, sam, alice):
    attachment_id = attached(session, alice, sam, oscar)
    friday.move_to(BEFORE)
    today = make_meeting(session, oscar, day=BEFORE.date())
    event_id = make_meeting(session, oscar)
    service.end(session, oscar.actor, attachment_id=attachment_id)
    assert alice.id in names(session, today, oscar)
    friday.move_to(AFTERWARDS)
    assert alice.id not in names(session, event_id, oscar)


def test_the_code_of_the_room_says_of_her_only_that_she_was_there(client, database, given, oscar, otto, sam, alice):
    given(attached, alice, sam, oscar)
    event_id = given(make_meeting, oscar, Kind.LECTURE)
    late = BEGINS + timedelta(minutes=45)
    item = check_in(event_id, given(code_of, event_id, late), late)
    assert words(send(client, alice, item)) == [("accepted", "late")]
    assert given(confirm, otto, event_id) == []
    with database.read() as session:
        assert facts_of(session, alice) == [("attendance.present", FRIDAY), ("study.session", FRIDAY)]
