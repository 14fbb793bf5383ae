"""Votes: the three rules against people counted one by one, and who is left out of those who should come."""

from datetime import date
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
    Need,
    NotCounted,
    VoteOutcome,
    Written,
    elect,
    entitled,
    first_day_of_conversion,
    left_out,
    need,
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
        return (VoteOutcome.ELECTED if carried else VoteOutcome.NOT_ELECTED) if held else VoteOutcome.NO_QUORUM
    if matter in ABOUT_ONE_PERSON:
        held, carried = share > HALF, Fraction(yes + written, n) > HALF
    else:
        held, carried = share >= HALF, Fraction(yes, n) > HALF
    return (VoteOutcome.CARRIED if carried else VoteOutcome.NOT_CARRIED) if held else VoteOutcome.NO_QUORUM


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


def ballots_of(people, collected=None, too_many=0):
    return Ballots(people, people if collected is None else collected, too_many)


def test_the_example_of_a_tie():
    """Domain, meetings §13: A and B are elected, C and D are voted on again for one seat, E is out."""
    votes = {"A": 10, "B": 8, "C": 7, "D": 7, "E": 4}
    found = elect(entitled_people=12, present=12, seats=3, votes=votes, ballots=ballots_of(12))
    assert (found.candidates_needed, found.needs, found.vacant) == (4, 7, 0)
    assert (list(found.elected), list(found.tied), found.tied_for) == (["A", "B"], ["C", "D"], 1)


@pytest.mark.parametrize(
    ("present", "collected", "yes", "held", "elected"),
    [
        (8, 8, 5, True, ["A"]),  # four fifths of ten; more than half of those who came
        (8, 8, 4, True, []),
        (7, 7, 7, False, []),
        (8, 9, 5, True, []),  # more ballots than were given out
    ],
)
def test_four_fifths_must_come_and_more_than_half_of_them_agree(present, collected, yes, held, elected):
    found = elect(entitled_people=10, present=present, seats=1, votes={"A": yes}, ballots=Ballots(present, collected))
    assert (found.held, found.void, list(found.elected)) == (held, collected > present, elected)
    assert found.vacant == 1 - len(elected)
    assert found.valid_ballots == (0 if found.void else collected)


def test_one_alone_elects_for_one_seat():
    found = elect(entitled_people=1, present=1, seats=1, votes={"A": 1}, ballots=ballots_of(1))
    assert (found.held, list(found.elected), found.needs) == (True, ["A"], 1)


def test_invalid_ballots_hold_no_votes_and_lower_no_need():
    found = elect(entitled_people=10, present=10, seats=1, votes={"A": 6}, ballots=ballots_of(10, too_many=4))
    assert (found.valid_ballots, found.needs, list(found.elected)) == (6, 6, ["A"])
    full = elect(entitled_people=10, present=10, seats=2, votes={"A": 10, "B": 10}, ballots=ballots_of(10))
    assert list(full.elected) == ["A", "B"]


@pytest.mark.parametrize(
    "said",
    [
        {"seats": 0},
        {"entitled_people": 0, "present": 0, "ballots": ballots_of(0), "votes": {}},
        {"present": 11},
        {"ballots": ballots_of(11)},
        {"ballots": ballots_of(10, 5, 6)},
        {"votes": {"A": 11}},
        {"votes": {"A": 7}, "ballots": ballots_of(10, too_many=4)},
        {"votes": {"A": 6, "B": 5}},
    ],
)
def test_an_election_that_does_not_add_up_is_refused(said):
    usual = {"entitled_people": 10, "present": 10, "seats": 1, "votes": {"A": 6}, "ballots": ballots_of(10)}
    assert elect(**usual).elected
    with pytest.raises(ImpossibleError):
        elect(**usual | said)


@pytest.mark.parametrize(
    ("n", "ordinary", "admission", "yes", "election"),
    [(4, 2, 3, 3, 4), (5, 3, 3, 3, 4), (7, 4, 4, 4, 6), (9, 5, 5, 5, 8), (15, 8, 8, 8, 12), (20, 10, 11, 11, 16),
     (24, 12, 13, 13, 20)],
)  # fmt: skip
def test_the_table_of_needs(n, ordinary, admission, yes, election):
    """Domain, meetings §13."""
    assert need(Matter.ORDINARY, n=n, present=n) == (Need(n, ordinary, yes))
    assert need(Matter.COMMITTEE, n=n, present=n) == (Need(n, ordinary, yes))
    for matter in ABOUT_ONE_PERSON:
        assert need(matter, n=n, present=n) == Need(n, admission, yes)
    assert need(Matter.ELECTION, n=n, present=election) == Need(n, election, election // 2 + 1)


@pytest.mark.parametrize(
    ("said", "n"),
    [
        ({"full": 16}, 16),
        ({"full": 12, "no_rights": 1}, 11),
        ({"full": 1}, 1),
        ({"full": 2, "no_rights": 1}, 1),
        ({"full": 0}, None),
        ({"full": 2, "no_rights": 2}, None),
        ({"full": 2, "no_rights": 3}, None),
        ({"full": 3, "no_rights": 1, "not_counted": [NotCounted(1, "3号", adopted=True, count=1)]}, 1),
        ({"full": 3, "no_rights": 1, "not_counted": [NotCounted(1, "3号", adopted=True, count=2)]}, None),
        ({"full": 3, "no_rights": 1, "not_counted": [NotCounted(1, count=3)]}, None),
    ],
)
def test_who_is_entitled(said, n):
    if n is None:
        with pytest.raises(ImpossibleError):
            entitled(Matter.ELECTION, **said)
    else:
        assert entitled(Matter.ELECTION, **said) == n


@pytest.mark.parametrize(
    ("months", "first"),
    [
        (0, date(2027, 3, 1)),
        (6, date(2027, 9, 1)),
        (12, date(2028, 3, 1)),
        (5, None),
        (13, None),
    ],
)
def test_probation_lasts_a_year_and_six_to_twelve_months_longer_once(months, first):
    if first is None:
        with pytest.raises(ImpossibleError):
            first_day_of_conversion(date(2026, 3, 1), months)
    else:
        assert first_day_of_conversion(date(2026, 3, 1), months) == first
