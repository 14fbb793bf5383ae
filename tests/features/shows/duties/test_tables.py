"""Limits and tables of the duty list, written out once with the numbers of docs/domain.md §3.1 and §6 (rule A2)."""

from datetime import timedelta

import pytest

from app.features.ledger.rules import FactType
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties import queries, rules
from app.features.shows.duties.rules import DutyResult, DutyState, Progress, Repeat, state_of


def test_limits():
    assert (rules.MATTER_LENGTH, rules.BASIS_LENGTH, rules.SENTENCE_LENGTH) == (100, 120, 200)
    assert (rules.MOST_HELPERS, rules.YEARS_AHEAD) == (20, 3)
    assert timedelta(days=7) == rules.SOON  # on the page of today
    assert timedelta(days=30) == queries.FORGOTTEN  # after that nobody is reminded


def test_words_are_kept_as_they_are():
    assert [kind.value for kind in rules.DutyKind] == ["work", "party"]
    assert [source.value for source in rules.DutySource] == ["assigned", "taken", "imported", "repeated"]
    assert [repeat.value for repeat in Repeat] == ["none", "monthly", "quarterly", "yearly"]
    assert [tap.value for tap in rules.Tap] == ["started", "in_difficulty", "done"]


def test_what_an_outcome_is_in_the_ledger():
    """An objective reason leaves the denominator."""
    assert {result: rules.fact_type_of(result) for result in DutyResult} == {
        DutyResult.DONE: FactType.DUTY_KEPT,
        DutyResult.NOT_DONE: FactType.DUTY_MISSED,
        DutyResult.OBJECTIVE: FactType.DUTY_EXCUSED,
    }


def test_what_is_still_to_be_done():
    assert {state.value for state in rules.OPEN_STATES} == {"open", "started", "in_difficulty"}


STANDS = [
    (None, None, None, DutyState.OPEN),
    (Progress.STARTED, None, None, DutyState.STARTED),
    (Progress.IN_DIFFICULTY, None, None, DutyState.IN_DIFFICULTY),
    (Progress.STARTED, DutyResult.DONE, ReviewStatus.PENDING, DutyState.REPORTED),
    (Progress.STARTED, DutyResult.DONE, ReviewStatus.RETURNED, DutyState.STARTED),
    (None, DutyResult.DONE, ReviewStatus.WITHDRAWN, DutyState.OPEN),
    (None, DutyResult.DONE, ReviewStatus.APPROVED, DutyState.KEPT),
    (None, DutyResult.NOT_DONE, ReviewStatus.APPROVED, DutyState.MISSED),
    (None, DutyResult.OBJECTIVE, ReviewStatus.APPROVED, DutyState.EXCUSED),
]


@pytest.mark.parametrize(("progress", "result", "decided", "state"), STANDS)
def test_where_a_duty_stands(progress, result, decided, state):
    assert state_of(is_cancelled=False, progress=progress, result=result, decided=decided) is state
    assert state_of(is_cancelled=True, progress=progress, result=result, decided=decided) is DutyState.CANCELLED
