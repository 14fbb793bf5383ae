"""The third quarter of 2026 is over: Sam and Dora publicise it on Monday 28 September's next working days."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from app.features.ledger.rules import FactType
from tests.features.scores.makers import make_facts

OPENED = datetime(2026, 10, 9, 2, 0, tzinfo=UTC)
"""Friday; the quarter is over, and the first working day after the holidays was Thursday the 8th."""


@pytest.fixture
def october():
    with time_machine.travel(OPENED, tick=False) as clock:
        yield clock


@pytest.fixture
def facts(given, alice, bob, sam):
    """What the ledger says of the quarter."""
    given(make_facts, alice, FactType.ATTENDANCE_ABSENT, date(2026, 8, 5), note="孩子住院")
    given(make_facts, alice, FactType.ATTENDANCE_ABSENT_KEY, date(2026, 9, 2))
    given(make_facts, alice, FactType.ATTENDANCE_PRIVATE_LEAVE, date(2026, 7, 3))
    given(make_facts, bob, FactType.APPRAISAL_QUARTER, date(2026, 9, 30), grade="poor")
    given(make_facts, bob, FactType.STUDY_TRAINING_DAY, date(2026, 8, 10), quantity=150)
    given(make_facts, bob, FactType.TASK_URGENT, date(2026, 8, 11), quantity=200, matter="防汛抢险")
    given(make_facts, bob, FactType.LEAVE_UNREPORTED, date(2026, 8, 20), note="未报告")
    given(make_facts, bob, FactType.REVIEW_RESULT, date(2026, 9, 30), quantity=525)
    given(make_facts, sam, FactType.PLEDGE_KEPT, date(2026, 6, 30))
