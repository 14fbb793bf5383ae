"""All these tests happen on the Friday of the meeting, after it."""

import pytest
import time_machine

from app.features.members.rules import MemberStatus
from tests.features.ballots.makers import DURING
from tests.makers import make_member


@pytest.fixture(autouse=True)
def friday():
    """The clock stands at ``DURING``."""
    with time_machine.travel(DURING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def paul(given, branch):
    """A probationary member."""
    return given(make_member, branch, "包培", status=MemberStatus.PROBATIONARY)
