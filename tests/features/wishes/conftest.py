"""Li Garden, which the first branch looks after and leads in, its collector Cora, and a wish on the board."""

import pytest

from tests.features.wishes.makers import Made, make_collector, make_community, make_wish
from tests.makers import Person, Place


@pytest.fixture
def community(given, branch) -> Place:
    return given(make_community, branch)


@pytest.fixture
def cora(given, community) -> Person:
    return given(make_collector, community)


@pytest.fixture
def wish(given, community, branch, cora, sam) -> Made:
    return given(make_wish, community, branch, cora, sam)
