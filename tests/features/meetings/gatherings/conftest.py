"""All these tests happen around one Friday evening."""

import pytest
import time_machine

from tests.features.meetings.gatherings.makers import AFTERWARDS


@pytest.fixture(autouse=True)
def friday():
    """The clock stands at ``AFTERWARDS``; a test may move it."""
    with time_machine.travel(AFTERWARDS, tick=False) as traveller:
        yield traveller
