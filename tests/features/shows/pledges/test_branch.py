"""How far the branch's year has come: by group and name, never a ranking."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from app.core import clock
from app.core.ids import new_id
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.shows.pledges import progress, service
from app.features.shows.pledges.calendar import quarter_of
from app.features.shows.pledges.coverage import Stage, coverage, queues, stage_of, week
from app.features.shows.pledges.lines import lines
from app.features.shows.pledges.queries import of_member
from app.features.shows.pledges.rules import Ending, PledgeState, Progress
from app.features.shows.pledges.view import PAGE
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
from tests.makers import make_branch, make_member


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
        alice.id: Stage.APPROVED,
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
    assert due("2026-04-16 10:00:00+08:00") == [("上季度未填报", 1), ("有困难", 1)]
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


def test_the_text_for_the_chat_names_the_year_whose_results_are_asked_for(session, sam, english):
    assert [line for line in week(session, sam.actor, date(2027, 1, 8)) if "Results" in line] == [
        "Results of the pledges of 2026: to be handed in by 31 Jan 2027"
    ]


def test_other_branches_are_not_in_it(session, alice, olga, sam):
    make_submitted(session, olga)
    assert olga.id not in stages(session, sam)


def nothing(_session, _person, _sam, _day):
    """Has not begun."""


def drafts(session, person, _sam, _day):
    make_draft(session, person, due_on=clock.today())


def handed_in(session, person, _sam, day):
    make_draft(session, person, due_on=date(day.year, 12, 20), text="走访 2 户")
    make_draft(session, person, due_on=day, text="办结 3 件")
    return [review.id for review in service.submit(session, person.actor)]


def returned(session, person, sam, day):
    reviews.return_to_member(session, sam.actor, handed_in(session, person, sam, day), reason="写明数量")


def in_publicity(session, person, sam, day):
    reviews.approve(session, sam.actor, handed_in(session, person, sam, day))


def running(session, person, sam, _day):
    make_approved(session, person, sam)


def told(session, person, sam, _day):
    for pledge in make_approved(session, person, sam):
        for quarter in range(1, quarter_of(clock.today(), 2026) + 1):
            said = {"state": Progress.ON_TRACK, "quarter": quarter}
            progress.report_progress(session, person.actor, id=new_id(), pledge_id=pledge, **said)


def due_that_day(session, person, sam, day):
    with time_machine.travel(datetime(day.year, 1, 5, 2, tzinfo=UTC), tick=False):
        reviews.approve(session, sam.actor, handed_in(session, person, sam, day))


def ended(session, person, sam, _day):
    for pledge in make_approved(session, person, sam):
        progress.report_outcome(session, person.actor, id=new_id(), pledge_id=pledge, outcome=Ending.DONE)


def end_came_back(session, person, sam, _day):
    one, _other = make_approved(session, person, sam)
    review = progress.report_outcome(session, person.actor, id=new_id(), pledge_id=one, outcome=Ending.DONE)
    reviews.return_to_member(session, sam.actor, [review.id], reason="写明户数")


STATES = (nothing, drafts, handed_in, returned, in_publicity, running, told, due_that_day, ended, end_came_back)


@pytest.mark.parametrize(
    "day",
    ["2026-01-26", "2026-02-10", "2026-03-31", "2026-05-20", "2026-06-01", "2026-11-30", "2026-12-01", "2027-01-20"],
)
def test_the_officer_s_number_the_branch_s_list_and_the_members_lines_name_the_same_people(session, day):
    today = date.fromisoformat(day)
    with time_machine.travel(f"{day} 10:00:00+08:00", tick=False):
        branch = make_branch(session, "第九党支部")
        sam = make_member(session, branch, "沈山", roles=(Role.SECRETARY,))
        people = [make_member(session, branch, state.__name__) for state in STATES]
        for state, person in zip(STATES, people, strict=True):
            state(session, person, sam, today)
        session.flush()
        lists = {}
        for year in {today.year, today.year - (today.month == 1)}:
            covered = coverage(session, branch.id, year)
            lists[f"ended {year}"] = {one.name for one in covered.unended(today)}
            lists[f"told {year}"] = {one.name for one in covered.untold(today)}
            if year == today.year:
                lists[f"written {year}"] = set(covered.without)
                assert dict(covered.numbers).get(Stage.NONE.label, 0) == len(covered.without)
        found = {}
        for person in (*people, sam):
            for line in lines(session, person.actor, today):
                kind = "told" if line.taps else "ended" if "/ending" in line.address else "written"
                if "/correct" not in line.address:
                    year = today.year if kind == "written" else by_text(session, line, person, today)
                    found.setdefault(f"{kind} {year}", set()).add(person.name)
        expected = {what: names for what, names in lists.items() if names}
        assert found == {what: names for what, names in expected.items() if "written" not in what or today.month == 1}
        queued = sorted((queue.number, queue.address) for queue in queues(session, sam.actor, today))
        places = {"written": "", "told": "#untold", "ended": "#unended"}
        assert queued == sorted(
            (len(names), f"{PAGE}/branch{'' if year == str(today.year) else f'?year={year}'}{places[what]}")
            for (what, year), names in ((key.split(), names) for key, names in expected.items())
        )


def by_text(session, line, person, today):
    """The year of the pledge that a line is about."""
    years = [
        year
        for year in (today.year, today.year - 1)
        for one in of_member(session, person.id, year)
        if str(one.id) in line.address
    ]
    return years[0]
