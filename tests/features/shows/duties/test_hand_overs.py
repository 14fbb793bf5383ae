"""Somebody else is responsible from a day on; every day keeps its holder."""

from datetime import date

import pytest

from app.core.errors import NotFoundError
from app.features.shows.duties import queries, service
from app.features.shows.duties.errors import (
    DueTooEarlyError,
    HandedOverLateError,
    NotHolderError,
    NotInBranchError,
    OwnDutyError,
    OwnLateDutyError,
    SameHolderError,
    WrongDayError,
    WrongSpanError,
)
from app.features.shows.duties.rules import DutyResult, DutySource, DutyState, HandOver, holder_on, keeper_on
from tests.features.shows.duties.makers import decide, facts_of, make_duty, report

MARCH = [date(2026, 3, day) for day in range(1, 32)]


def holders(hand_overs):
    return "".join(holder_on("a", hand_overs, day) for day in MARCH)


def test_the_last_word_for_a_day_counts():
    away = HandOver("b", date(2026, 3, 5), date(2026, 3, 10))
    assert holders([away]) == "aaaa" + "bbbbbb" + "a" * 21
    for_good = HandOver("c", date(2026, 3, 8), None)
    assert holders([away, for_good]) == "aaaa" + "bbb" + "c" * 24
    assert holders([for_good, away]) == "aaaa" + "bbbbbb" + "c" * 21
    back_early = HandOver("a", date(2026, 3, 7), None)
    assert holders([away, back_early]) == "aaaa" + "bb" + "a" * 25
    assert keeper_on("a", [away], date(2026, 3, 7)) == "a"
    assert keeper_on("a", [for_good, away], date(2026, 3, 9)) == "c"


def hand_over(session, officer, duty_id, to, starts_on=date(2026, 3, 9), ends_on=None):
    service.hand_over(session, officer.actor, duty_id=duty_id, to_id=to.id, starts_on=starts_on, ends_on=ends_on)


def test_while_alice_is_away_bob_does_it_and_has_the_fact(session, alice, bob, sam, monday):
    duty_id = make_duty(session, alice, by=sam)
    hand_over(session, sam, duty_id, bob, ends_on=date(2026, 3, 13))
    with pytest.raises(NotHolderError):
        report(session, alice, duty_id)
    decide(session, sam, report(session, bob, duty_id))
    assert (facts_of(session, alice), facts_of(session, bob)) == ([], [("duty.kept", date(2026, 3, 9))])


def test_a_day_that_has_not_come_is_that_day_s_fault_and_not_bob_s(session, alice, bob, sam, monday):
    duty_id = make_duty(session, alice, by=sam)
    hand_over(session, sam, duty_id, bob, ends_on=date(2026, 3, 13))
    with pytest.raises(WrongDayError) as refused:
        report(session, bob, duty_id, ended_on=date(2026, 3, 20))
    assert "1月1日到今天之间" in refused.value.sentence


def test_after_a_while_it_goes_back_by_itself(session, alice, bob, sam, monday):
    duty_id = make_duty(session, alice, by=sam)
    hand_over(session, sam, duty_id, bob, ends_on=date(2026, 3, 13))
    assert [duty.id for duty in queries.mine(session, bob.actor).later] == [duty_id]
    monday.move_to("2026-03-14 02:00:00Z")
    assert queries.mine(session, bob.actor).is_empty
    decide(session, sam, report(session, alice, duty_id))
    assert facts_of(session, alice) == [("duty.kept", date(2026, 3, 14))]


def test_what_fell_due_with_alice_stays_with_alice(session, alice, bob, sam, dora, monday):
    duty_id = make_duty(session, alice, by=sam, due_on=date(2026, 3, 10))
    monday.move_to("2026-03-12 02:00:00Z")
    hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 12))
    decide(session, dora, report(session, sam, duty_id, DutyResult.NOT_DONE))
    assert (facts_of(session, alice), facts_of(session, bob)) == ([("duty.missed", date(2026, 3, 10))], [])


def test_who_takes_a_late_duty_over_and_does_it_has_done_it(session, alice, bob, sam, dora, monday):
    duty_id = make_duty(session, alice, by=sam, due_on=date(2026, 3, 10))
    monday.move_to("2026-03-12 02:00:00Z")
    hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 12))
    decide(session, dora, report(session, bob, duty_id))
    assert (facts_of(session, alice), facts_of(session, bob)) == ([], [("duty.kept", date(2026, 3, 12))])


def test_who_handed_a_late_duty_over_does_not_decide_on_its_end(session, alice, bob, sam, dora, monday):
    duty_id = make_duty(session, alice, by=sam, due_on=date(2026, 3, 10))
    monday.move_to("2026-03-12 02:00:00Z")
    hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 12))
    end = report(session, bob, duty_id)
    with pytest.raises(HandedOverLateError):
        decide(session, sam, end)
    with pytest.raises(HandedOverLateError):
        decide(session, sam, end, reason="再核一下")
    assert facts_of(session, bob) == []
    decide(session, dora, end)
    assert facts_of(session, bob) == [("duty.kept", date(2026, 3, 12))]


def test_who_handed_it_over_in_time_decides_as_before(session, alice, bob, sam, monday):
    duty_id = make_duty(session, alice, by=sam, due_on=date(2026, 3, 10))
    hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 10))
    monday.move_to("2026-03-12 02:00:00Z")
    decide(session, sam, report(session, bob, duty_id))
    assert facts_of(session, bob) == [("duty.kept", date(2026, 3, 12))]


def test_sam_hands_a_duty_he_took_on_for_its_very_due_day(session, bob, sam, monday):
    duty_id = make_duty(session, sam, due_on=date(2026, 3, 10))
    hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 10))
    monday.move_to("2026-03-10 02:00:00Z")
    assert [duty.id for duty in queries.mine(session, bob.actor).soon] == [duty_id]


@pytest.mark.parametrize("source", [DutySource.ASSIGNED, DutySource.IMPORTED, DutySource.REPEATED])
@pytest.mark.parametrize("day", [9, 10, 11])
def test_what_was_given_to_an_officer_another_one_hands_over(session, bob, sam, dora, monday, source, day):
    """Not for its very due day, nor before or after it, nor when the officer wrote it down for the own person."""
    for by in (dora, sam):
        duty_id = make_duty(session, sam, by=by, source=source, due_on=date(2026, 3, 10))
        for ends_on in (None, date(2026, 3, day)):
            with pytest.raises(OwnDutyError):
                hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, day), ends_on=ends_on)
        hand_over(session, dora, duty_id, bob, starts_on=date(2026, 3, 9))
        assert queries.card(session, bob.actor, duty_id).responsible_id == bob.id


def test_what_comes_back_on_its_day_is_still_the_officers_own(session, alice, bob, sam, dora):
    """Bob does it for a while: Sam neither hands it on meanwhile, nor moves its day, nor strikes it."""
    duty_id = make_duty(session, sam, by=dora, due_on=date(2026, 3, 20))
    hand_over(session, dora, duty_id, bob, ends_on=date(2026, 3, 11))
    with pytest.raises(OwnDutyError):
        hand_over(session, sam, duty_id, alice, starts_on=date(2026, 3, 12))
    with pytest.raises(OwnDutyError):
        service.move_due_day(session, sam.actor, duty_id=duty_id, due_on=date(2026, 4, 1))
    with pytest.raises(OwnDutyError):
        service.cancel(session, sam.actor, duty_id=duty_id, reason="算了")
    hand_over(session, dora, duty_id, alice, starts_on=date(2026, 3, 12))


def test_who_holds_it_for_a_while_does_not_hand_it_on(session, alice, bob, sam, dora):
    duty_id = make_duty(session, alice, by=dora)
    hand_over(session, dora, duty_id, sam, ends_on=date(2026, 3, 11))
    with pytest.raises(OwnDutyError):
        hand_over(session, sam, duty_id, bob)
    hand_over(session, dora, duty_id, bob)


def test_nobody_hands_on_what_fell_due_with_them(session, bob, sam, dora, monday):
    """Not when its day has passed, nor before for a day after it, nor after somebody else has taken it for a while."""
    duty_id = make_duty(session, sam, due_on=date(2026, 3, 10))
    with pytest.raises(OwnLateDutyError):
        hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 11))
    monday.move_to("2026-03-12 02:00:00Z")
    with pytest.raises(OwnLateDutyError):
        hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 12))
    hand_over(session, dora, duty_id, bob, starts_on=date(2026, 3, 12), ends_on=date(2026, 3, 13))
    with pytest.raises(OwnLateDutyError):
        hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 12))
    decide(session, dora, report(session, sam, duty_id, DutyResult.NOT_DONE))
    assert facts_of(session, sam) == [("duty.missed", date(2026, 3, 10))]


def test_an_officer_who_goes_away_hands_over_before_its_day_what_was_taken_unasked(session, bob, sam):
    duty_id = make_duty(session, sam, due_on=date(2026, 3, 10))
    hand_over(session, sam, duty_id, bob)
    assert queries.card(session, bob.actor, duty_id).responsible_id == bob.id


def test_handing_over_twice_is_once(session, alice, bob, sam):
    duty_id = make_duty(session, alice)
    for _twice in range(2):
        hand_over(session, sam, duty_id, bob, ends_on=date(2026, 3, 13))
    hand_over(session, sam, duty_id, bob)
    with pytest.raises(SameHolderError):
        hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 20))


def test_what_a_hand_over_refuses(session, alice, bob, sam, olga):
    duty_id = make_duty(session, alice)
    with pytest.raises(NotInBranchError):
        hand_over(session, sam, duty_id, olga)
    with pytest.raises(WrongSpanError):
        hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 8))
    with pytest.raises(WrongSpanError):
        hand_over(session, sam, duty_id, bob, starts_on=date(2026, 3, 12), ends_on=date(2026, 3, 11))
    with pytest.raises(SameHolderError):
        hand_over(session, sam, duty_id, alice)
    with pytest.raises(NotFoundError):
        hand_over(session, alice, duty_id, bob)


def test_nobody_moves_a_day_of_their_own_that_was_given(session, alice, sam, dora):
    given = make_duty(session, alice, by=sam)
    officers_own = make_duty(session, sam, by=dora)
    for person, duty_id in ((alice, given), (sam, officers_own)):
        with pytest.raises(OwnDutyError):
            service.move_due_day(session, person.actor, duty_id=duty_id, due_on=date(2026, 4, 1))
        with pytest.raises(OwnDutyError):
            service.cancel(session, person.actor, duty_id=duty_id, reason="算了")
    service.move_due_day(session, dora.actor, duty_id=officers_own, due_on=date(2026, 4, 1))
    with pytest.raises(DueTooEarlyError):
        service.move_due_day(session, dora.actor, duty_id=officers_own, due_on=date(2026, 3, 8))


def test_who_took_it_may_let_it_go_while_there_is_time(session, alice, sam, monday):
    duty_id = make_duty(session, alice, due_on=date(2026, 3, 10))
    service.move_due_day(session, alice.actor, duty_id=duty_id, due_on=date(2026, 3, 11))
    monday.move_to("2026-03-12 02:00:00Z")
    with pytest.raises(OwnDutyError):
        service.cancel(session, alice.actor, duty_id=duty_id, reason="算了")
    for _twice in range(2):
        service.cancel(session, sam.actor, duty_id=duty_id, reason="事项已取消")
    assert queries.card(session, alice.actor, duty_id).state is DutyState.CANCELLED
