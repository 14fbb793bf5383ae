"""Which facts there are, what each may carry and when a year is closed: docs/domain.md §5 and §6."""

from datetime import date

import pytest

from app.core import i18n
from app.features.ledger import periods, quantities, rules
from app.features.ledger.rules import FactType, Shape

GRADES = ("good", "fairly_good", "average", "poor", "not_graded")
LEVELS = ("unit", "division", "department", "province", "nation")
SHAPES = {
    FactType.APPRAISAL_QUARTER: Shape(grades=GRADES, lowest=100, highest=100, step=100),
    FactType.STUDY_TRAINING_DAY: Shape(lowest=50, highest=6000, step=50, is_amount=True),  # half a day to 60 days
    FactType.REVIEW_RESULT: Shape(lowest=0, highest=1000, step=1),  # 0 to 10, in hundredths
    FactType.SERVICE_HALF_DAY: Shape(lowest=100, highest=6000, step=100, is_amount=True),
    FactType.TASK_URGENT: Shape(lowest=100, highest=200, step=100),
    FactType.BONUS_COMMENDATION: Shape(grades=LEVELS, lowest=100, highest=100, step=100, by_matter=True),
}


@pytest.mark.parametrize("fact_type", FactType)
def test_what_a_fact_may_carry(fact_type):
    once = Shape(grades=(), lowest=100, highest=100, step=100, by_matter=False)
    assert rules.shape(fact_type) == SHAPES.get(fact_type, once)


SAID = {
    (FactType.STUDY_TRAINING_DAY, 50): "0.5 days",
    (FactType.STUDY_TRAINING_DAY, 100): "1 day",
    (FactType.REVIEW_RESULT, 875): "mean of the votes 8.75",
    (FactType.SERVICE_HALF_DAY, 200): "2 half-days",
    (FactType.TASK_URGENT, 100): "1 point",
    (FactType.ATTENDANCE_PRESENT, 100): "",
}


@pytest.mark.parametrize(("fact_type", "quantity"), SAID)
def test_a_quantity_is_said_with_its_unit(fact_type, quantity):
    i18n.use_language("en")
    said = rules.shape(fact_type).said(quantity)
    i18n.use_language(i18n.DEFAULT_LANGUAGE)
    assert said == SAID[fact_type, quantity]


def test_limits():
    assert (rules.ONE, quantities.HUNDREDTHS, quantities.LARGEST) == (100, 100, 100_000_000)
    assert rules.MATTER_LENGTH == 100


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2027, 1, 14), date(2026, 1, 1)),
        (date(2027, 1, 15), date(2027, 1, 1)),
        (date(2027, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_year_is_closed_on_the_15th_of_january(today, first):
    assert periods.open_from(today) == first
