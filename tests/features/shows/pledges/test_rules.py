"""Where a pledge stands, and on which days what is asked of it."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.ledger.rules import FactType
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges import calendar
from app.features.shows.pledges.errors import (
    DueOutsideYearError,
    EvaluatedError,
    InPublicityError,
    NotApprovedError,
    NothingToSubmitError,
    OtherYearError,
    OutcomeWaitsError,
    ReasonMissingError,
    TooFewPledgesError,
    TooManyPledgesError,
)
from app.features.shows.pledges.rules import (
    APPROVED_STATES,
    Ending,
    PledgeFacts,
    PledgeState,
    check_due,
    check_outcome,
    check_progress,
    check_room,
    check_submission,
    check_year,
    day_of_fact,
    fact_type_of,
    is_open_to_peers,
    state_of,
)

APPROVED_ON = date(2026, 1, 12)
JUNE = date(2026, 6, 1)


def state(review, today=JUNE, **other):
    return state_of(PledgeFacts(year=2026, review=review, decided_on=APPROVED_ON, **other), today=today)


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (None, PledgeState.DRAFT),
        (ReviewStatus.PENDING, PledgeState.SUBMITTED),
        (ReviewStatus.RETURNED, PledgeState.RETURNED),
        (ReviewStatus.WITHDRAWN, PledgeState.WITHDRAWN),
        (ReviewStatus.APPROVED, PledgeState.IN_PROGRESS),
    ],
)
def test_a_pledge_stands_where_its_review_does(review, expected):
    assert state(review) is expected


def test_publicity_ends_by_itself_after_three_working_days():
    assert calendar.last_day_of_publicity(APPROVED_ON) == date(2026, 1, 15)
    assert state(ReviewStatus.APPROVED, date(2026, 1, 15)) is PledgeState.PUBLICITY
    assert state(ReviewStatus.APPROVED, date(2026, 1, 16)) is PledgeState.IN_PROGRESS


def test_publicity_counts_the_working_days_of_the_calendar():
    # 14 February 2026 is a Saturday on which people work; the Spring Festival follows until the 23rd
    assert calendar.last_day_of_publicity(date(2026, 2, 12)) == date(2026, 2, 24)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (Ending.DONE, PledgeState.DONE),
        (Ending.NOT_MET, PledgeState.NOT_MET),
        (Ending.EXCUSED, PledgeState.EXCUSED),
    ],
)
def test_what_is_said_of_the_end_waits(ending, expected):
    assert state(ReviewStatus.APPROVED, outcome=ending, outcome_review=ReviewStatus.PENDING) is expected


def test_what_came_back_or_was_taken_back_runs_on():
    for review in (ReviewStatus.RETURNED, ReviewStatus.WITHDRAWN):
        assert state(ReviewStatus.APPROVED, outcome=Ending.DONE, outcome_review=review) is PledgeState.IN_PROGRESS


def test_evaluated_is_archived_with_its_year():
    def at(day):
        return state(ReviewStatus.APPROVED, day, outcome=Ending.DONE, outcome_review=ReviewStatus.APPROVED)

    assert at(date(2027, 1, 14)) is PledgeState.EVALUATED
    assert at(date(2027, 1, 15)) is PledgeState.ARCHIVED


@given(
    review=st.sampled_from([None, *ReviewStatus]),
    ending=st.sampled_from([None, *Ending]),
    outcome_review=st.sampled_from([None, *ReviewStatus]),
    today=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
)
def test_nothing_is_evaluated_without_two_decisions(review, ending, outcome_review, today):
    found = state(review, today, outcome=ending, outcome_review=outcome_review)
    if found in (PledgeState.EVALUATED, PledgeState.ARCHIVED):
        assert (review, outcome_review) == (ReviewStatus.APPROVED, ReviewStatus.APPROVED)
    assert (found in APPROVED_STATES) == (review is ReviewStatus.APPROVED)


def test_two_to_five_are_handed_in():
    check_submission(drafts=2, handed_in=0)
    check_submission(drafts=1, handed_in=4)
    with pytest.raises(TooFewPledgesError):
        check_submission(drafts=1, handed_in=0)
    with pytest.raises(TooManyPledgesError):
        check_submission(drafts=2, handed_in=4)
    with pytest.raises(NothingToSubmitError):
        check_submission(drafts=0, handed_in=3)
    check_room(4)
    with pytest.raises(TooManyPledgesError):
        check_room(5)


def test_they_are_written_for_the_running_year_and_due_in_it():
    check_year(2026, today=JUNE)
    with pytest.raises(OtherYearError):
        check_year(2025, today=JUNE)
    check_due(date(2026, 12, 31), year=2026)
    with pytest.raises(DueOutsideYearError):
        check_due(date(2027, 1, 1), year=2026)


def test_progress_is_told_of_what_runs():
    for told in (PledgeState.PUBLICITY, PledgeState.IN_PROGRESS, PledgeState.DONE):
        check_progress(told)
    for waits in (PledgeState.DRAFT, PledgeState.SUBMITTED, PledgeState.RETURNED, PledgeState.WITHDRAWN):
        with pytest.raises(NotApprovedError):
            check_progress(waits)
    for over in (PledgeState.EVALUATED, PledgeState.ARCHIVED):
        with pytest.raises(EvaluatedError):
            check_progress(over)


@pytest.mark.parametrize(
    ("found", "error"),
    [
        (PledgeState.SUBMITTED, NotApprovedError),
        (PledgeState.PUBLICITY, InPublicityError),
        (PledgeState.DONE, OutcomeWaitsError),
        (PledgeState.EXCUSED, OutcomeWaitsError),
        (PledgeState.EVALUATED, EvaluatedError),
    ],
)
def test_the_end_is_said_once_and_after_the_publicity(found, error):
    with pytest.raises(error):
        check_outcome(found, Ending.DONE, None, public_until=APPROVED_ON)


def test_an_objective_reason_has_a_name():
    check_outcome(PledgeState.IN_PROGRESS, Ending.DONE, None, public_until=None)
    check_outcome(PledgeState.IN_PROGRESS, Ending.EXCUSED, "对口单位撤并", public_until=None)
    with pytest.raises(ReasonMissingError):
        check_outcome(PledgeState.IN_PROGRESS, Ending.EXCUSED, None, public_until=None)


def test_a_fact_belongs_to_the_year_of_its_pledge():
    due = date(2026, 12, 20)
    assert day_of_fact(said_on=date(2026, 6, 1), due_on=due) == date(2026, 6, 1)
    assert day_of_fact(said_on=date(2027, 1, 20), due_on=due) == due
    assert [fact_type_of(ending) for ending in Ending] == [
        FactType.PLEDGE_KEPT,
        FactType.PLEDGE_MISSED,
        FactType.PLEDGE_EXCUSED,
    ]


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), 1),
        (date(2026, 3, 31), 1),
        (date(2026, 4, 1), 2),
        (date(2026, 12, 31), 4),
        (date(2027, 1, 3), 4),
        (date(2025, 12, 31), 1),
    ],
)
def test_each_day_has_its_quarter(day, quarter):
    assert calendar.quarter_of(day, 2026) == quarter


def test_quarters_end_when_they_end():
    assert [calendar.last_day_of_quarter(2026, quarter).isoformat() for quarter in calendar.QUARTERS] == [
        "2026-03-31",
        "2026-06-30",
        "2026-09-30",
        "2026-12-31",
    ]


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_the_first_day_in_publicity_is_the_first(today):
    first = calendar.first_day_in_publicity(today)
    assert first > today or calendar.last_day_of_publicity(first) >= today
    before = date.fromordinal(first.toordinal() - 1)
    assert calendar.last_day_of_publicity(before) < today


def test_a_leap_day_goes_over_into_the_next_year():
    assert calendar.next_year(date(2028, 2, 29)) == date(2029, 2, 28)
    assert calendar.next_year(date(2026, 12, 20)) == date(2027, 12, 20)


def test_colleagues_speak_when_the_end_is_said_or_the_year_ends():
    for found, month in product(PledgeState, (6, 12)):
        expected = found in (PledgeState.DONE, PledgeState.NOT_MET, PledgeState.EXCUSED) or (
            found is PledgeState.IN_PROGRESS and month == 12
        )
        assert is_open_to_peers(found, 2026, date(2026, month, 1)) is expected
