"""Days and people of the sheet's tests."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from app.features.ledger.rules import FactType, shape
from app.features.scores.service import pin_rules
from tests.features.scores.makers import make_examples, make_facts

IN_NOVEMBER = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
AFTER_THE_YEAR = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def all_kept(given, olga):
    """An installation in which every type of fact is recorded: by somebody elsewhere, years ago."""
    for kind in FactType:
        for_grade = {"grade": shape(kind).grades[0]} if shape(kind).grades else {}
        given(make_facts, olga, kind, date(2020, 3, 9), quantity=shape(kind).highest, **for_grade)


@pytest.fixture
def november(all_kept):
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield


@pytest.fixture
def year_over(all_kept):
    with time_machine.travel(AFTER_THE_YEAR, tick=False):
        yield


@pytest.fixture
def examples(given, branch, dora, sam):
    given(pin_rules, year=2026, version="2026.1")
    return given(make_examples, branch, dora, sam)
