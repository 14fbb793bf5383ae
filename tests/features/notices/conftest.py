"""Each test of reminders begins with nothing due."""

from collections.abc import Iterator

import pytest

from tests.features.notices import makers


@pytest.fixture(autouse=True)
def nothing_due() -> Iterator[None]:
    """What a test made due is over with it."""
    yield
    makers.due.clear()
