"""The wall shows the pledges of the year that it is; those of the tests are of 2026."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.features.shows.pledges.makers import DECEMBER


@pytest.fixture(autouse=True)
def in_december() -> Iterator[None]:
    with time_machine.travel(DECEMBER, tick=False):
        yield
