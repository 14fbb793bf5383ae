"""A day on which the publicity of the first quarter is open, and a fact of Alice that Sam recorded."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from app.features.ledger.rules import FactType
from app.features.scores.service import pin_rules
from tests.features.scores.makers import make_facts
from tests.features.scores.objections.makers import open_publicity

APRIL = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def april(given, branch, sam, dora):
    given(pin_rules, year=2026, version="2026.1")
    given(open_publicity, branch, sam, dora, date(2026, 4, 1))
    with time_machine.travel(APRIL, tick=False) as traveller:
        yield traveller


@pytest.fixture
def absence(april, given, alice, sam):
    """Recorded by Sam: Dora answers."""
    day = date(2026, 3, 9)
    return given(make_facts, alice, FactType.ATTENDANCE_ABSENT, day, recorded_by_id=sam.id, note="三月党员大会")[0]
