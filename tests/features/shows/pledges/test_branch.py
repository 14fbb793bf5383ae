"""How far the branch's year has come: by group and name, never a ranking."""

import pytest
import time_machine

from app.core import clock
from app.core.ids import new_id
from app.features.reviews import service as reviews
from app.features.shows.pledges import progress
from app.features.shows.pledges.coverage import Stage, coverage, stage_of
from app.features.shows.pledges.rules import PledgeState, Progress
from tests.features.shows.pledges.makers import (
    DECEMBER,
    FEBRUARY,
    JANUARY,
    MARCH,
    make_approved,
    make_draft,
    make_ended,
    make_submitted,
)


@pytest.fixture(autouse=True)
def in_january():
    with time_machine.travel(JANUARY, tick=False):
        yield


def stages(session, person, year=2026):
    return {member.id: member.stage for member in coverage(session, person.branch_id, year).members}


def test_each_member_stands_where_the_slowest_pledge_does(session, alice, bob, sam, dora):
    make_approved(session, alice, sam)
    make_draft(session, alice)
    make_submitted(session, bob)
    make_approved(session, dora, sam)
    assert stages(session, sam) == {
        alice.id: Stage.DRAFT,
        bob.id: Stage.SUBMITTED,
        dora.id: Stage.APPROVED,
        sam.id: Stage.NONE,
    }


def test_returned_and_ended(session, alice, bob, sam):
    ids = make_submitted(session, alice)
    reviews.return_to_member(session, sam.actor, ids[:1], reason="写明数量")
    assert stages(session, sam)[alice.id] is Stage.RETURNED
    make_ended(session, bob, sam)
    with time_machine.travel(DECEMBER, tick=False):
        assert stages(session, sam)[bob.id] is Stage.APPROVED


@pytest.mark.parametrize("state", [state for state in PledgeState if state is not PledgeState.WITHDRAWN])
def test_every_state_has_a_stage_with_words(state):
    assert str(stage_of([state]).label)


def test_members_stand_by_group_and_name_whatever_they_did(session, alice, bob, sam):
    before = [member.name for member in coverage(session, sam.branch_id, 2026).members]
    make_approved(session, bob, sam)
    make_draft(session, alice)
    found = coverage(session, sam.branch_id, 2026)
    assert [member.name for member in found.members] == before
    assert sum(len(members) for _group, members in found.groups) == len(before)


def test_numbers_are_of_the_branch(session, alice, sam):
    make_approved(session, alice, sam)
    numbers = coverage(session, sam.branch_id, 2026).numbers
    assert numbers == [(Stage.NONE.label, 3), (Stage.APPROVED.label, 1)]


def test_what_is_due_are_numbers_of_pledges(session, alice, bob, sam):
    first, _second = make_approved(session, alice, sam)
    make_submitted(session, bob)

    def due(day):
        with time_machine.travel(day, tick=False):
            return [(str(label), n) for label, n in coverage(session, sam.branch_id, 2026).due(clock.today())]

    assert due(JANUARY) == []
    assert due(FEBRUARY) == []
    assert due(MARCH) == [("本季度未填报", 2)]
    with time_machine.travel(MARCH, tick=False):
        progress.report_progress(session, alice.actor, id=new_id(), pledge_id=first, state=Progress.IN_DIFFICULTY)
    assert due(MARCH) == [("本季度未填报", 1), ("有困难", 1)]
    assert due(DECEMBER) == [("有困难", 1), ("待提交践诺结果", 2)]


def test_who_has_told_nothing_this_quarter_is_named_in_one_place(session, alice, bob, sam):
    first, second = make_approved(session, alice, sam)
    make_approved(session, bob, sam)

    def untold(day):
        with time_machine.travel(day, tick=False):
            return [one.name for one in coverage(session, sam.branch_id, 2026).untold(clock.today())]

    assert (untold(FEBRUARY), untold(MARCH), untold(DECEMBER)) == ([], [alice.name, bob.name], [])
    with time_machine.travel(MARCH, tick=False):
        for pledge in (first, second):
            assert alice.name in untold(MARCH)
            progress.report_progress(session, alice.actor, id=new_id(), pledge_id=pledge, state=Progress.ON_TRACK)
    assert untold(MARCH) == [bob.name]


def test_other_branches_are_not_in_it(session, alice, olga, sam):
    make_submitted(session, olga)
    assert olga.id not in stages(session, sam)
