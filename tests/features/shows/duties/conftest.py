"""All these tests happen on one Monday."""

import pytest
import time_machine

from tests.features.shows.duties.makers import MORNING


@pytest.fixture(autouse=True)
def monday():
    """The clock stands at ``MORNING``; a test may move it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller
