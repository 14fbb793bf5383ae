"""Real threads at one moment: a year holds five, and how a pledge ended is said once."""

from time import sleep

import pytest
import time_machine
from sqlalchemy import update

from app.core.ids import new_id
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.shows.pledges import progress, queries
from app.features.shows.pledges.errors import OutcomeWaitsError, TooManyPledgesError
from app.features.shows.pledges.rules import Ending, PledgeState
from tests.features.shows.pledges.makers import DECEMBER, JANUARY, make_approved, make_draft, make_ended
from tests.races import race

pytestmark = pytest.mark.race


def in_own_unit(database, act):
    def run(number):
        with database.write() as session:
            return act(session, number)

    return run


def test_ten_drafts_at_one_moment_are_five(database, alice):
    def write(session, number):
        return make_draft(session, alice, text=f"走访 {number} 户")

    with time_machine.travel(JANUARY, tick=False):
        found = race(10, in_own_unit(database, write))
        with database.read() as session:
            assert len(queries.of_member(session, alice.id, 2026)) == 5
    assert sum(isinstance(outcome, TooManyPledgesError) for outcome in found) == 5


def test_of_alice_and_sam_one_says_how_it_ended(database, given, alice, sam):
    pledge_id, _other = given(make_approved, alice, sam)

    def say(session, number):
        ending = (Ending.DONE, Ending.NOT_MET)[number % 2]
        actor = (alice, sam)[number % 2].actor
        return progress.report_outcome(session, actor, id=new_id(), pledge_id=pledge_id, outcome=ending)

    with time_machine.travel(DECEMBER, tick=False):
        found = race(8, in_own_unit(database, say))
        with database.read() as session:
            assert queries.one(session, alice.actor, pledge_id).state in (PledgeState.DONE, PledgeState.NOT_MET)
    assert sum(isinstance(outcome, OutcomeWaitsError) for outcome in found) == 7


def test_of_two_ends_that_two_officers_approve_at_one_moment_one_is_a_fact(database, given, alice, sam, dora):
    waits = {"status": "pending", "decided_by_id": None, "decided_at": None, "decision_id": None, "reason": None}
    pledge_id, first = given(make_ended, alice, sam)
    second = new_id()

    def say_anew(session):
        reviews.return_to_member(session, sam.actor, [first], reason="写明做多少")
        progress.report_outcome(session, alice.actor, id=second, pledge_id=pledge_id, outcome=Ending.DONE)
        session.execute(update(Review).where(Review.id == first), waits)  # however it came to wait again

    def approve(session, number):
        found = reviews.approve(session, (sam, dora)[number].actor, [(first, second)[number]], acknowledged=True)
        sleep(0.2)  # both have asked before one has decided
        return found

    with time_machine.travel(DECEMBER, tick=False):
        given(say_anew)
        found = race(2, in_own_unit(database, approve))
    assert sorted(type(outcome).__name__ for outcome in found) == ["EndedOnceError", "TapOutcome"], found
