"""A branch of two officers and two members, its year 2026 over and publicised."""

from datetime import date

import pytest

from app.features.ledger.rules import FactType
from app.features.scores.archive import signing
from tests.features.scores.archive.makers import YEAR, make_publicity, noon
from tests.features.scores.makers import make_facts


@pytest.fixture
def settled(given, branch, sam, dora, alice, bob):
    """20 January 2027: Alice has a lecture and an absence, Bob a wish; the days for objections are over."""
    given(make_facts, alice, FactType.BONUS_LECTURE, date(2026, 3, 9))
    given(make_facts, alice, FactType.ATTENDANCE_ABSENT, date(2026, 5, 10))
    given(make_facts, bob, FactType.SERVICE_WISH_REALISED, date(2026, 9, 9))
    given(make_publicity, branch, sam, dora)
    with noon(2027, 1, 20) as time:
        yield time


@pytest.fixture
def asked(settled, given, sam):
    """Everybody of the branch was asked to sign, until the 27th."""
    given(signing.ask, sam.actor, year=YEAR)
    return settled
