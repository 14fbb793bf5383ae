"""It is Monday, 9 March 2026, in the morning; a test lets time pass."""

import pytest
import time_machine

from tests.features.leave.makers import at


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(at(3, 9), tick=False) as travel:
        yield travel
