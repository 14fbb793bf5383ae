"""Who brings in lists: Cora collects for Li Garden, Bea keeps all people."""

import pytest

from tests.features.members.makers import make_business_administrator
from tests.features.wishes.makers import make_collector, make_community
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
def admin(given, branch, committee) -> Person:
    made: Person = given(make_business_administrator, branch, committee)
    return made
