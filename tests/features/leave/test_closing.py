"""Closing on return, early or late; what was missed is an officer's word: confirmed, waived, or taken back."""

from datetime import date

import pytest

from app.core import clock, holidays, workdays
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.leave import findings, queries, service
from app.features.leave.errors import (
    DayNotPastError,
    NotDueError,
    NotLateBackError,
    NotStandingError,
    OverlapsError,
    OwnLeaveError,
    ReopenOverError,
    ReportedError,
    ReturnDayError,
    SaidAlreadyError,
)
from app.features.leave.life import End, Finding, LeaveDecision, State
from app.features.leave.models import Leave, LeaveFinding
from app.features.leave.rules import Half, LeaveType, covers
from app.features.ledger import queries as ledger
from app.features.members.models import Member, RoleTerm
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.reviews.errors import LaterThanRecordError
from tests.features.leave.makers import approved, ask, at, days
from tests.makers import make_branch, make_member
from tests.races import race

BACK_BY = date(2026, 3, 19)


def facts(session, person):
    rows = ledger.facts(session, person.id, since=date(2026, 1, 1), until=date(2026, 12, 1))
    return [(row.fact_type.value, row.occurred_on, row.quantity) for row in rows]


def missed(session, officer):
    return [leave.id for leave in queries.missed(session, officer.actor, clock.today())]


def say(session, officer, leave_id, finding=Finding.UNCLOSED, verdict=LeaveDecision.CONFIRMED):
    return findings.say(session, officer.actor, leave_id=leave_id, finding=finding, verdict=verdict)


@pytest.mark.parametrize(
    ("last", "due"),
    [((4, 30), (5, 6)), ((5, 8), (5, 9)), ((9, 19), (9, 20)), ((9, 30), (10, 8)), ((2, 14), (2, 24))],
)
def test_the_closing_day_is_stored_when_it_is_approved(session, time, alice, sam, last, due):
    time.move_to(at(2, 10))
    leave_id = approved(session, alice, sam, days((2, 11), last), LeaveType.SECONDMENT)
    assert session.get(Leave, leave_id).due_on == date(2026, *due)


def test_it_is_counted_with_the_list_that_is_loaded(session, time, alice, sam):
    session.add(holidays.HolidayList(year=2026))
    session.flush()
    session.add(holidays.Holiday(day=BACK_BY, year=2026, kind=workdays.DayKind.OFF))
    session.flush()
    holidays.forget(session)
    leave_id = approved(session, alice, sam)
    assert session.get(Leave, leave_id).due_on == date(2026, 3, 20)
    time.move_to(at(3, 20, 12))
    assert missed(session, sam) == []


def test_approved_after_its_end_there_is_still_a_day_to_close_it(session, time, alice, sam):
    leave_id = ask(session, alice)
    time.move_to(at(3, 26))
    reviews.approve(session, sam.actor, [leave_id])
    assert session.get(Leave, leave_id).due_on == date(2026, 3, 27)


def test_decided_again_the_day_moves_only_later(session, time, alice, sam):
    leave_id = ask(session, alice)
    decision = reviews.approve(session, sam.actor, [leave_id]).decision_id
    session.get(Leave, leave_id).due_on = date(2026, 3, 25)  # by a calendar that was known better
    reviews.undo(session, sam.actor, decision_id=decision)
    reviews.approve(session, sam.actor, [leave_id])
    assert session.get(Leave, leave_id).due_on == date(2026, 3, 25)


def test_alice_closes_on_the_day_after_with_one_tap(session, time, alice, sam):
    leave_id = approved(session, alice, sam)
    time.move_to(at(3, 19, 8))
    assert queries.card(session, alice.actor, leave_id).state is State.TO_CLOSE
    assert service.close(session, alice.actor, leave_id=leave_id) is End.CLOSED
    assert service.close(session, alice.actor, leave_id=leave_id) is End.CLOSED
    row = session.get(Leave, leave_id)
    assert (row.ended_on, row.returned_on, row.ended_by_id) == (BACK_BY, date(2026, 3, 18), alice.id)


def test_back_early_frees_the_days_after(session, time, alice, sam):
    leave_id = approved(session, alice, sam)
    time.move_to(at(3, 17, 8))
    service.close(session, sam.actor, leave_id=leave_id)
    shown = queries.card(session, alice.actor, leave_id)
    assert (shown.state, shown.returned_on, shown.ended_by) == (State.CLOSED, date(2026, 3, 17), sam.name)
    ask(session, alice, days((3, 18), (3, 18)), LeaveType.PERSONAL)
    with pytest.raises(OverlapsError):
        service.reopen(session, sam.actor, leave_id=leave_id)


def test_closing_what_has_not_begun_cancels_it(session, alice, sam):
    leave_id = approved(session, alice, sam)
    assert service.close(session, alice.actor, leave_id=leave_id) is End.CANCELLED
    assert queries.card(session, alice.actor, leave_id).state is State.CANCELLED
    service.cancel(session, alice.actor, leave_id=leave_id)


def test_what_has_begun_is_closed_and_not_cancelled(session, time, alice, bob, sam):
    leave_id = approved(session, alice, sam)
    time.move_to(at(3, 16))
    with pytest.raises(NotStandingError):
        service.cancel(session, alice.actor, leave_id=leave_id)
    for day in (date(2026, 3, 15), date(2026, 3, 17)):
        with pytest.raises(ReturnDayError):
            service.close(session, alice.actor, leave_id=leave_id, returned_on=day)
    with pytest.raises(NotFoundError):
        service.close(session, bob.actor, leave_id=leave_id)


def test_what_waits_is_not_closed(session, time, alice):
    leave_id = ask(session, alice)
    time.move_to(at(3, 17))
    with pytest.raises(NotStandingError):
        service.close(session, alice.actor, leave_id=leave_id)


def test_a_closing_by_a_slip_is_taken_back_on_the_same_day(session, time, alice, sam):
    leave_id = approved(session, alice, sam)
    time.move_to(at(3, 17))
    service.close(session, alice.actor, leave_id=leave_id)
    with pytest.raises(ReopenOverError):
        service.reopen(session, sam.actor, leave_id=leave_id)
    service.reopen(session, alice.actor, leave_id=leave_id)
    service.reopen(session, alice.actor, leave_id=leave_id)
    assert queries.card(session, alice.actor, leave_id).state is State.AWAY
    service.close(session, alice.actor, leave_id=leave_id)
    time.move_to(at(3, 18))
    with pytest.raises(ReopenOverError):
        service.reopen(session, alice.actor, leave_id=leave_id)


def test_with_an_undone_closing_the_extension_waits_again(session, time, alice, sam, dora):
    leave_id = approved(session, alice, sam)
    longer = days((3, 16), (3, 20))
    time.move_to(at(3, 17))
    service.cancel(session, alice.actor, leave_id=ask(session, alice, longer, extends_id=leave_id))  # by itself
    waits = ask(session, alice, longer, extends_id=leave_id)
    service.close(session, alice.actor, leave_id=leave_id)
    assert queries.card(session, alice.actor, waits).ended_by == alice.name
    assert not service.reopen(session, alice.actor, leave_id=leave_id)
    assert queries.card(session, alice.actor, leave_id).extension_id == waits
    service.close(session, alice.actor, leave_id=leave_id)
    time.move_to(at(3, 17, 10))
    assert service.reopen(session, alice.actor, leave_id=leave_id)  # too late for it
    assert queries.card(session, alice.actor, leave_id).extension_id is None
    waits = ask(session, sam, longer, extends_id=leave_id, member_id=alice.id)
    assert reviews.approve(session, dora.actor, [waits]).refused == ()


def test_the_day_after_the_due_day_the_officer_is_asked_and_nothing_is_posted(session, time, alice, sam, oscar, carl):
    leave_id = approved(session, alice, sam)
    time.move_to(at(3, 19, 12))
    assert missed(session, sam) == []
    with pytest.raises(NotDueError):
        say(session, sam, leave_id)
    time.move_to(at(3, 20, 12))
    assert missed(session, sam) == [leave_id]
    assert [missed(session, person) for person in (oscar, carl, alice)] == [[], [], []]
    assert facts(session, alice) == []


def test_confirmed_it_is_one_fact_and_taken_back_none(session, time, alice, sam, dora):
    leave_id = approved(session, alice, sam)
    time.move_to(at(3, 20, 12))
    finding_id = say(session, sam, leave_id)
    assert say(session, sam, leave_id) == finding_id
    assert facts(session, alice) == [("leave.unclosed", BACK_BY, 100)]
    with pytest.raises(SaidAlreadyError):
        say(session, dora, leave_id, verdict=LeaveDecision.WAIVED)
    for _again in range(2):
        findings.take_back(session, dora.actor, finding_id=finding_id)
    assert facts(session, alice) == []
    assert missed(session, dora) == [leave_id]
    say(session, dora, leave_id, verdict=LeaveDecision.WAIVED)
    assert (missed(session, sam), facts(session, alice)) == ([], [])


def test_closed_late_it_is_still_the_officers_question(session, time, alice, sam):
    leave_id = approved(session, alice, sam)
    time.move_to(at(3, 20, 12))
    service.close(session, alice.actor, leave_id=leave_id, returned_on=date(2026, 3, 18))
    assert missed(session, sam) == [leave_id]
    with pytest.raises(NotLateBackError):
        say(session, sam, leave_id, Finding.OVERDUE)


def test_back_late_without_a_reason_is_only_an_officers_word(session, time, alice, sam):
    leave_id = approved(session, alice, sam)
    time.move_to(at(3, 19, 12))
    service.close(session, alice.actor, leave_id=leave_id, returned_on=BACK_BY)
    assert missed(session, sam) == []
    say(session, sam, leave_id, Finding.OVERDUE)
    assert facts(session, alice) == [("leave.overdue", BACK_BY, 100)]


def test_nobody_says_it_about_oneself_nor_from_elsewhere(session, time, alice, bob, sam, dora, oscar):
    leave_id = approved(session, sam, dora)
    time.move_to(at(3, 20, 12))
    assert missed(session, sam) == []
    with pytest.raises(OwnLeaveError):
        say(session, sam, leave_id)
    for person in (bob, oscar, alice):
        with pytest.raises(NotFoundError):
            say(session, person, leave_id)
    say(session, dora, leave_id)
    with pytest.raises(OwnLeaveError):
        findings.take_back(session, sam.actor, finding_id=session.query(LeaveFinding.id).scalar())


def test_in_a_branch_with_one_officer_the_committee_stands_in(session, time, carl):
    branch = make_branch(session, "第四党支部")
    lena = make_member(session, branch, "凌南", roles=(Role.SECRETARY,))
    leave_id = approved(session, lena, carl)
    time.move_to(at(3, 20, 12))
    assert missed(session, carl) == [leave_id]
    finding_id = say(session, carl, leave_id)
    assert facts(session, lena) == [("leave.unclosed", BACK_BY, 100)]
    findings.take_back(session, carl.actor, finding_id=finding_id)
    assert facts(session, lena) == []


def test_who_became_an_officer_later_decides_on_no_officers_leave(session, time, sam, dora, alice):
    leave_id = approved(session, sam, dora)
    time.move_to(at(3, 20, 12))
    term = session.query(RoleTerm).filter_by(member_id=dora.id).one()
    term.given_at = at(3, 19)
    session.flush()
    with pytest.raises(LaterThanRecordError):
        say(session, dora, leave_id)


def test_away_without_a_report_is_only_an_officers_word(session, time, alice, bob, sam, dora):
    time.move_to(at(3, 20, 12))
    finding_id = new_id()
    for _again in range(2):
        findings.say_unreported(session, sam.actor, id=finding_id, member_id=alice.id, day=date(2026, 3, 14))
    assert facts(session, alice) == [("leave.unreported", date(2026, 3, 14), 100)]
    for officer, refusal in ((dora, SaidAlreadyError), (alice, NotFoundError), (bob, NotFoundError)):
        with pytest.raises(refusal):
            findings.say_unreported(session, officer.actor, id=new_id(), member_id=alice.id, day=date(2026, 3, 14))
    with pytest.raises(OwnLeaveError):
        findings.say_unreported(session, sam.actor, id=new_id(), member_id=sam.id, day=date(2026, 3, 14))
    with pytest.raises(DayNotPastError):
        findings.say_unreported(session, sam.actor, id=new_id(), member_id=bob.id, day=date(2026, 3, 20))
    findings.take_back(session, dora.actor, finding_id=finding_id)
    assert facts(session, alice) == []
    findings.say_unreported(session, dora.actor, id=new_id(), member_id=alice.id, day=date(2026, 3, 14))
    assert facts(session, alice) == [("leave.unreported", date(2026, 3, 14), 100)]


def test_what_was_reported_is_not_unreported(session, time, alice, sam):
    ask(session, alice)
    time.move_to(at(3, 20, 12))
    with pytest.raises(ReportedError):
        findings.say_unreported(session, sam.actor, id=new_id(), member_id=alice.id, day=date(2026, 3, 17))


def test_attendance_reads_who_is_away(session, alice, bob, sam):
    ask(session, alice, days((3, 16), (3, 16), Half.PM), LeaveType.PERSONAL)
    approved(session, bob, sam, leave=LeaveType.SICK)
    found = queries.away(session, [alice.id, bob.id, sam.id], date(2026, 3, 16))
    at_three = {name: covers(found.get(name, ()), at(3, 16, 15)) for name in (alice.id, bob.id, sam.id)}
    assert at_three[alice.id][::2] == (LeaveType.PERSONAL, False)
    assert at_three[bob.id][::2] == (LeaveType.SICK, True)
    assert at_three[sam.id] is None
    assert covers(found[alice.id], at(3, 16, 11)) is None


def test_a_report_of_leaving_town_takes_nothing_from_the_secondment_around_it(session, alice, sam):
    approved(session, alice, sam, days((3, 10), (6, 30)), LeaveType.SECONDMENT)
    approved(session, alice, sam, days((3, 16), (3, 18)), LeaveType.REPORT_ONLY)
    approved(session, alice, sam, days((3, 19), (3, 19)), LeaveType.SICK)
    said = [queries.away(session, [alice.id], date(2026, 3, day))[alice.id] for day in (17, 19)]
    kinds = [covers(leaves, at(3, day, 15)).leave for leaves, day in zip(said, (17, 19), strict=True)]
    assert kinds == [LeaveType.SECONDMENT, LeaveType.SICK]


def test_nothing_is_said_about_days_after_somebody_left(session, time, alice, sam):
    approved(session, alice, sam)
    session.get(Member, alice.id).left_on = date(2026, 3, 19)
    session.flush()
    time.move_to(at(3, 23))
    assert missed(session, sam) == []
    with pytest.raises(NotFoundError):
        findings.say_unreported(session, sam.actor, id=new_id(), member_id=alice.id, day=date(2026, 3, 20))
    findings.say_unreported(session, sam.actor, id=new_id(), member_id=alice.id, day=date(2026, 3, 10))


@pytest.mark.race
def test_of_two_officers_at_one_moment_one_word_stands(database, time, alice, sam, dora):
    with database.write() as session:
        leave_id = approved(session, alice, sam)
    time.move_to(at(3, 20, 12))

    def act(number):
        verdict = (LeaveDecision.CONFIRMED, LeaveDecision.WAIVED)[number % 2]
        with database.write() as session:
            return say(session, (sam, dora)[number % 2], leave_id, verdict=verdict)

    results = race(6, act)
    assert sum(isinstance(result, SaidAlreadyError) for result in results) == 3
    with database.read() as session:
        assert session.query(LeaveFinding).count() == 1
