"""The cycle: working days after each step, two closings of a year, and who is scored."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import workdays
from app.core.errors import ImpossibleError
from app.features.ledger.periods import month_until_archived
from app.features.scores.cycle.rules import Filed, deadlines, exempt_days, may_publish_rules, scored

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(opened=DAYS, days=st.integers(3, 10), later=st.integers(0, 40), silent=st.booleans())
def test_every_step_ends_on_a_working_day_after_the_one_before(opened, days, later, silent):
    found = deadlines(opened, days, Filed(opened + timedelta(days=later), silent=silent))
    for day in (found.ends, found.objections_until, found.branch_answers_by, found.committee_answers_by):
        assert workdays.is_working_day(day)
    assert opened < found.ends < found.objections_until
    assert found.filed_in_time == (opened + timedelta(days=later) <= found.objections_until)
    assert found.branch_answers_by <= found.escalate_from < found.committee_answers_by
    assert (found.escalate_until is None) == silent


@pytest.mark.parametrize(
    "filed",
    [
        Filed(date(2026, 6, 30)),
        Filed(date(2026, 7, 2), date(2026, 7, 1)),
        Filed(date(2026, 7, 2), date(2026, 7, 3), silent=True),
        Filed(date(2026, 7, 2), date(2026, 7, 3), date(2026, 7, 2)),
        Filed(date(2026, 7, 2), escalated_on=date(2026, 7, 9), silent=True),
    ],
)
def test_steps_in_an_order_that_cannot_be_are_refused(filed):
    with pytest.raises(ImpossibleError):
        deadlines(date(2026, 7, 1), 3, filed)


def test_what_is_about_a_period_counts_in_it_until_the_archive():
    eve = date(2026, 12, 31)
    assert month_until_archived(eve, date(2027, 3, 31)) == date(2026, 12, 1)
    assert month_until_archived(eve, date(2027, 4, 1)) == date(2027, 4, 1)
    assert month_until_archived(eve, date(2027, 3, 2), date(2027, 3, 1)) == date(2027, 3, 1)


@given(st.lists(st.tuples(DAYS, st.integers(0, 400)), max_size=3))
def test_exempt_on_the_last_day_or_for_more_than_half_the_year_has_no_score(spans):
    days = [(first, first + timedelta(days=length)) for first, length in spans]
    assert scored(2026, days) == (
        exempt_days(2026, days) <= 182 and not any(first <= date(2026, 12, 31) <= last for first, last in days)
    )


def test_a_rule_set_is_not_published_for_a_year_that_is_already_public():
    opened = date(2026, 4, 1)
    assert may_publish_rules(2026, date(2026, 3, 31), opened)
    assert not may_publish_rules(2026, opened, opened)
    assert not may_publish_rules(2026, date(2027, 4, 1), None)
