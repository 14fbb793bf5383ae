"""Votes: the three rules against people counted one by one, and who is left out of those who should come."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import ImpossibleError
from app.features.meetings.votes.rules import (
    ABOUT_ONE_PERSON,
    Ballots,
    Count,
    Matter,
    NotCounted,
    Outcome,
    Written,
    elect,
    entitled,
    left_out,
    verdict,
)
from tests.tries import answer

HALF, FOUR_FIFTHS = Fraction(1, 2), Fraction(4, 5)
BRANCH_MATTERS = [matter for matter in Matter if matter is not Matter.COMMITTEE]


def by_hand(matter, n, present, yes, written):
    """The rule as the statute puts it, in fractions of people."""
    share = Fraction(present, n)
    if matter is Matter.ELECTION:
        held, carried = share >= FOUR_FIFTHS, present > 0 and Fraction(yes, present) > HALF
        return (Outcome.ELECTED if carried else Outcome.NOT_ELECTED) if held else Outcome.NO_QUORUM
    if matter in ABOUT_ONE_PERSON:
        held, carried = share > HALF, Fraction(yes + written, n) > HALF
    else:
        held, carried = share >= HALF, Fraction(yes, n) > HALF
    return (Outcome.CARRIED if carried else Outcome.NOT_CARRIED) if held else Outcome.NO_QUORUM


@pytest.mark.parametrize("matter", [*BRANCH_MATTERS, Matter.COMMITTEE])
def test_every_number_of_people_up_to_sixty(matter):
    for n in range(1, 61):
        for present in range(n + 1):
            for yes in range(present + 1):
                for wrote in {0, min(1, n - present), n - present}:
                    found = verdict(matter, n=n, present=present, count=Count(yes), written=Written(yes=wrote))
                    assert found.outcome is by_hand(matter, n, present, yes, wrote)
                    assert found.held == (present >= found.need.present)


@given(
    matter=st.sampled_from(BRANCH_MATTERS),
    full=st.integers(1, 60),
    people=st.lists(st.builds(NotCounted, st.integers(1, 6), st.sampled_from(["", "3号"]), st.booleans()), max_size=4),
)
def test_only_consent_and_the_meeting_leave_somebody_out(matter, full, people):
    if len(people) >= full:
        return
    n = entitled(matter, full=full, not_counted=people)
    reasons = range(1, 7) if matter is Matter.ELECTION else range(1, 6) if matter in ABOUT_ONE_PERSON else ()
    assert n == full - sum(one.adopted and one.consent != "" and one.reason in reasons for one in people)


@given(votes=st.lists(st.integers(0, 12), min_size=1, max_size=7), seats=st.integers(1, 5))
def test_nobody_is_elected_without_more_than_half_and_no_seat_is_given_twice(votes, seats):
    names = {f"{number}": yes for number, yes in enumerate(votes)}
    if sum(votes) > 12 * seats:
        return
    found = elect(entitled_people=12, present=12, seats=seats, votes=names, ballots=Ballots(12, 12))
    assert all(names[name] > 6 for name in (*found.elected, *found.tied))
    assert len(found.elected) + found.tied_for + found.vacant == seats
    assert len({names[name] for name in found.tied}) <= 1
    assert not found.tied or len(found.tied) > found.tied_for > 0
    left = [yes for name, yes in names.items() if name not in (*found.elected, *found.tied) and yes > 6]
    assert all(yes <= min(names[name] for name in (*found.elected, *found.tied)) for yes in left)


def test_more_ballots_than_were_given_out_void_the_election():
    found = elect(entitled_people=10, present=10, seats=1, votes={"Alice": 11}, ballots=Ballots(10, 11))
    assert (found.void, list(found.elected)) == (True, [])


@pytest.mark.parametrize(
    "numbers",
    [
        {"present": 4, "count": Count(3, 1, 1)},
        {"present": 6, "count": Count(1)},
        {"present": 4, "count": Count(4), "written": Written(yes=2)},
    ],
)
def test_numbers_that_do_not_add_up_are_refused_with_the_sum(numbers):
    with pytest.raises(ImpossibleError) as refusal:
        verdict(Matter.ADMISSION, n=5, **numbers)
    assert refusal.value.sentence


def test_a_near_tie_keeps_its_outcome_and_points_to_the_constitution():
    told = answer("votes", {"matter": "ordinary", "full": 9, "present": 9, "yes": 5, "no": 4})
    assert (told["outcome"], told["hint"]) == ("carried", "constitution_17")
    assert answer("votes", {"matter": "ordinary", "full": 9, "present": 9, "yes": 6, "no": 3})["hint"] is None


@pytest.mark.parametrize(
    ("matter", "reason", "number"),
    [
        (Matter.ELECTION, 1, 1),
        (Matter.ELECTION, 6, 1),
        (Matter.ADMISSION, 5, 1),
        (Matter.ADMISSION, 6, 0),
        (Matter.CANCELLATION, 1, 1),
        (Matter.ORDINARY, 1, 0),
        (Matter.COMMITTEE, 1, 0),
    ],
)
def test_who_is_left_out_by_the_matter_and_the_reason(matter, reason, number):
    assert left_out(matter, [NotCounted(reason, consent="3号", adopted=True)]) == number
    assert left_out(matter, [NotCounted(reason, consent=" ", adopted=True), NotCounted(reason, consent="3号")]) == 0


@pytest.mark.parametrize("reason", [0, 7])
def test_a_reason_that_there_is_not_is_refused(reason):
    with pytest.raises(ImpossibleError):
        left_out(Matter.ELECTION, [NotCounted(reason, consent="3号", adopted=True)])
