"""Li Garden, which the first branch looks after and leads in, its collector Cora, and a wish on the board."""

import pytest

from tests.features.wishes.makers import Made, make_collector, make_community, make_wish
from tests.makers import Person, Place


@pytest.fixture
def community(given, branch) -> Place:
    made: Place = given(make_community, branch)
    return made


@pytest.fixture
def cora(given, community) -> Person:
    made: Person = given(make_collector, community)
    return made


@pytest.fixture
def wish(given, community, branch, cora, sam) -> Made:
    made: Made = given(make_wish, community, branch, cora, sam)
    return made
