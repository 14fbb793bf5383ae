"""What pledges ask of a member: ten minutes in January, a tap in the last month of a quarter, a word at the end."""

from datetime import date

import pytest
import time_machine

from app.core.ids import new_id
from app.features.members.exemptions import service as exemptions
from app.features.members.rules import ExemptionKind
from app.features.reviews import service as reviews
from app.features.shows.pledges import progress
from app.features.shows.pledges.due import Ask, due, due_for_all
from app.features.shows.pledges.rules import Progress
from tests.features.shows.pledges.makers import (
    DECEMBER,
    JANUARY,
    MARCH,
    make_approved,
    make_draft,
    make_ended,
    make_submitted,
)


def asked(session, person, at):
    with time_machine.travel(at, tick=False):
        return [(one.ask, one.year, one.number, one.until) for one in due(session, person.id)]


def test_in_january_pledges_are_to_be_written(session, alice):
    assert asked(session, alice, JANUARY) == [(Ask.WRITE, 2026, 0, date(2026, 1, 31))]
    assert asked(session, alice, "2026-02-03 10:00:00+08:00") == []
    with time_machine.travel(JANUARY, tick=False):
        make_submitted(session, alice)
    assert asked(session, alice, JANUARY) == []


def test_who_is_exempt_is_not_asked(session, alice, sam):
    exemptions.exempt_member(
        session, sam.actor, member_id=alice.id, kind=ExemptionKind.ILLNESS, starts_on=date(2026, 1, 1)
    )
    assert asked(session, alice, JANUARY) == []


def test_what_came_back_is_to_be_corrected(session, alice, sam):
    with time_machine.travel(JANUARY, tick=False):
        pledge_id, _other = make_submitted(session, alice)
        reviews.return_to_member(session, sam.actor, [pledge_id], reason="写明数量")
    assert asked(session, alice, "2026-02-03 10:00:00+08:00") == [(Ask.CORRECT, 2026, 1, date(2026, 12, 31))]


def test_a_tap_in_the_last_month_of_a_quarter(session, alice, sam):
    one, other = make_approved(session, alice, sam)
    assert asked(session, alice, "2026-02-27 10:00:00+08:00") == []
    assert asked(session, alice, MARCH) == [(Ask.PROGRESS, 2026, 2, date(2026, 3, 31))]
    with time_machine.travel(MARCH, tick=False):
        for pledge_id in (one, other):
            progress.report_progress(session, alice.actor, id=new_id(), pledge_id=pledge_id, state=Progress.ON_TRACK)
    assert asked(session, alice, MARCH) == []
    assert asked(session, alice, "2026-06-03 10:00:00+08:00") == [(Ask.PROGRESS, 2026, 2, date(2026, 6, 30))]


def test_in_december_and_january_the_end_is_asked_for_and_nothing_else(session, alice, sam):
    make_approved(session, alice, sam)
    assert asked(session, alice, DECEMBER) == [(Ask.ENDING, 2026, 2, date(2027, 1, 31))]
    assert asked(session, alice, "2027-01-08 10:00:00+08:00") == [
        (Ask.ENDING, 2026, 2, date(2027, 1, 31)),
        (Ask.WRITE, 2027, 0, date(2027, 1, 31)),
    ]
    assert asked(session, alice, "2027-02-08 10:00:00+08:00") == []


def test_what_was_said_is_not_asked_for_again(session, alice, sam):
    make_ended(session, alice, sam)
    assert asked(session, alice, DECEMBER) == [(Ask.ENDING, 2026, 1, date(2027, 1, 31))]


def test_a_passed_date_asks_for_the_end(session, alice, sam):
    with time_machine.travel(JANUARY, tick=False):
        make_draft(session, alice, due_on=date(2026, 5, 20))
        reviews.approve(session, sam.actor, make_submitted(session, alice, "走访 2 户"))
    assert asked(session, alice, "2026-05-19 10:00:00+08:00") == []
    assert asked(session, alice, "2026-05-20 10:00:00+08:00") == [(Ask.ENDING, 2026, 1, date(2027, 1, 31))]


def test_what_is_shown_for_comment_is_not_asked_about(session, alice, sam):
    with time_machine.travel(DECEMBER, tick=False):
        reviews.approve(session, sam.actor, make_submitted(session, alice))
    assert asked(session, alice, "2026-12-17 10:00:00+08:00") == []
    assert len(asked(session, alice, "2026-12-18 10:00:00+08:00")) == 1


def test_all_at_once_is_one_statement_and_says_the_same(session, statements, alice, bob, olga, sam):
    make_approved(session, alice, sam)
    people = (alice, bob, olga, sam)
    with time_machine.travel("2027-01-08 10:00:00+08:00", tick=False):
        statements.clear()
        everybody = due_for_all(session, date(2027, 1, 8))
        assert len(statements) == 1
        for person in people:
            assert [one for one in everybody if one.member_id == person.id] == due(session, person.id)


@pytest.mark.parametrize(
    ("one", "other", "same"), [("2026-03-02", "2026-03-30", True), ("2026-03-30", "2026-06-02", False)]
)
def test_a_matter_keeps_its_name_while_it_lasts(session, alice, sam, one, other, same):
    make_approved(session, alice, sam)
    names = [due(session, alice.id, date.fromisoformat(day))[0].subject_id for day in (one, other)]
    assert (names[0] == names[1]) is same


def test_it_leads_to_the_page_of_its_year(session, alice):
    assert due(session, alice.id, date(2026, 1, 9))[0].href == "/shows/pledges?year=2026"
