"""A duty comes again: on its day, in its period, and exactly once."""

from datetime import date
from time import sleep

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.shows.duties import queries, recurrence, service
from app.features.shows.duties.models import Duty
from app.features.shows.duties.recurrence import due_day, is_time, period_begins
from app.features.shows.duties.rules import DutySource, Repeat
from tests.features.shows.duties.makers import decide, make_duty, report
from tests.races import race


@pytest.mark.parametrize(
    ("first", "repeat", "place", "due"),
    [
        (date(2026, 1, 31), Repeat.MONTHLY, 1, date(2026, 2, 28)),
        (date(2026, 1, 31), Repeat.MONTHLY, 2, date(2026, 3, 31)),
        (date(2026, 11, 30), Repeat.QUARTERLY, 1, date(2027, 2, 28)),
        (date(2024, 2, 29), Repeat.YEARLY, 1, date(2025, 2, 28)),
        (date(2024, 2, 29), Repeat.YEARLY, 4, date(2028, 2, 29)),
        (date(2026, 12, 15), Repeat.MONTHLY, 1, date(2027, 1, 15)),
    ],
)
def test_the_day_of_the_month_stays(first, repeat, place, due):
    assert due_day(first, repeat, place) == due


@for_all(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from([Repeat.MONTHLY, Repeat.QUARTERLY, Repeat.YEARLY]),
    st.integers(0, 50),
)
def test_every_period_has_one(first, repeat, place):
    this, following = due_day(first, repeat, place), due_day(first, repeat, place + 1)
    assert period_begins(this, repeat) <= this < period_begins(following, repeat) <= following


def test_it_is_time_when_the_former_has_ended_or_the_period_begins():
    due_on = date(2026, 4, 20)
    assert not is_time(due_on, Repeat.MONTHLY, former_ended=False, today=date(2026, 3, 31))
    assert is_time(due_on, Repeat.MONTHLY, former_ended=False, today=date(2026, 4, 1))
    assert is_time(due_on, Repeat.MONTHLY, former_ended=True, today=date(2026, 3, 9))
    assert not is_time(due_on, Repeat.NONE, former_ended=True, today=date(2026, 5, 1))


def test_the_sweep_makes_what_has_begun_and_no_more(session, alice, bob, monday):
    make_duty(session, alice, repeat=Repeat.MONTHLY, helper_ids=(bob.id,))
    assert recurrence.continue_series(session) == 0
    monday.move_to("2026-04-01 01:00:00Z")
    assert recurrence.continue_series(session) == 1
    assert recurrence.continue_series(session) == 0
    _first, second = queries.mine(session, alice.actor).overdue + queries.mine(session, alice.actor).later
    assert (second.due_on, second.source, second.helpers) == (date(2026, 4, 20), DutySource.REPEATED, (bob.name,))


def test_a_sweep_that_was_forgotten_is_made_up(session, alice, monday):
    make_duty(session, alice, repeat=Repeat.MONTHLY)
    monday.move_to("2026-07-01 01:00:00Z")
    assert recurrence.continue_series(session) == 4
    days = session.scalars(select(Duty.due_on).order_by(Duty.due_on)).all()
    assert days == [date(2026, month, 20) for month in (3, 4, 5, 6, 7)]


def test_an_approval_brings_the_next_and_once(session, alice, sam):
    duty_id = make_duty(session, alice, repeat=Repeat.QUARTERLY)
    review = report(session, alice, duty_id)
    decision = reviews.approve(session, sam.actor, [review.id]).decision_id
    reviews.undo(session, sam.actor, decision_id=decision)
    decide(session, sam, review)
    assert recurrence.continue_series(session) == 0
    (following,) = queries.mine(session, alice.actor).later
    assert following.due_on == date(2026, 6, 20)


def test_a_moved_due_day_moves_only_itself(session, alice, monday):
    duty_id = make_duty(session, alice, repeat=Repeat.MONTHLY)
    service.move_due_day(session, alice.actor, duty_id=duty_id, due_on=date(2026, 3, 30))
    monday.move_to("2026-04-01 01:00:00Z")
    recurrence.continue_series(session)
    assert [duty.due_on for duty in queries.mine(session, alice.actor).later] == [date(2026, 4, 20)]


def test_the_next_belongs_to_who_has_taken_it_over_for_good(session, alice, bob, sam, monday):
    for_good = make_duty(session, alice, repeat=Repeat.MONTHLY, matter="值班表")
    for_a_while = make_duty(session, alice, repeat=Repeat.MONTHLY, matter="学习简报")
    for duty_id, ends_on in ((for_good, None), (for_a_while, date(2026, 4, 5))):
        service.hand_over(
            session, sam.actor, duty_id=duty_id, to_id=bob.id, starts_on=date(2026, 3, 9), ends_on=ends_on
        )
    monday.move_to("2026-04-01 01:00:00Z")
    recurrence.continue_series(session)
    new = session.scalars(select(Duty).where(Duty.series_place == 1).order_by(Duty.matter)).all()
    assert {duty.matter: duty.member_id for duty in new} == {"值班表": bob.id, "学习简报": alice.id}


def test_a_series_can_be_stopped(session, alice, monday):
    duty_id = make_duty(session, alice, repeat=Repeat.MONTHLY)
    service.stop_repeating(session, alice.actor, duty_id=duty_id)
    monday.move_to("2026-05-01 01:00:00Z")
    assert recurrence.continue_series(session) == 0


@pytest.mark.race
def test_two_sweeps_at_one_moment_make_one_duty(database, given, alice, monday):
    for _ in range(5):
        given(make_duty, alice, repeat=Repeat.MONTHLY)
    monday.move_to("2026-04-01 01:00:00Z")

    def sweep(_number):
        with database.write() as session:
            return recurrence.continue_series(session)

    assert sum(race(4, sweep)) == 5
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Duty)) == 10


@pytest.mark.race
def test_two_reports_at_one_moment_are_one(database, given, alice, sam):
    duty_id = given(make_duty, alice)

    def say_done(number):
        with database.write() as session:
            return report(session, (alice, sam)[number % 2], duty_id).id

    results = race(4, say_done)
    refused = [result for result in results if isinstance(result, Exception)]
    assert len(refused) == 3
    assert {error.code for error in refused} == {"already_reported"}


@pytest.mark.race
def test_of_two_ends_that_two_officers_approve_at_one_moment_one_is_a_fact(database, given, alice, sam, dora):
    duty_id = given(make_duty, alice)
    first = given(report, alice, duty_id)
    given(decide, sam, first, reason="写明做多少")
    second = given(report, alice, duty_id)
    waits = {"status": "pending", "decided_by_id": None, "decided_at": None, "decision_id": None, "reason": None}
    given(lambda session: session.execute(update(Review).where(Review.id == first.id), waits))  # however it came to

    def approve(number):
        with database.write() as session:
            found = reviews.approve(session, (sam, dora)[number].actor, [(first, second)[number].id], acknowledged=True)
            sleep(0.2)  # both have asked before one has decided
            return found

    found = race(2, approve)
    assert sorted(type(outcome).__name__ for outcome in found) == ["EndedOnceError", "TapOutcome"], found
