"""Days and people of the sheet's tests."""

from datetime import UTC, datetime

import pytest
import time_machine

from app.features.scores.service import pin_rules
from tests.features.scores.makers import make_examples

IN_NOVEMBER = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
AFTER_THE_YEAR = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def november():
    with time_machine.travel(IN_NOVEMBER, tick=False):
        yield


@pytest.fixture
def year_over():
    with time_machine.travel(AFTER_THE_YEAR, tick=False):
        yield


@pytest.fixture
def examples(given, branch, dora, sam):
    given(pin_rules, year=2026, version="2026.1")
    return given(make_examples, branch, dora, sam)
