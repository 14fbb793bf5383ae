import pytest

from app.core.pace import Pace
from app.features.api.v1 import door
from app.features.members.rules import Role
from tests.features.members.makers import make_business_administrator
from tests.makers import make_member


@pytest.fixture(autouse=True)
def fresh_pace(monkeypatch):
    monkeypatch.setattr(door, "_pace", Pace())


@pytest.fixture
def sylvia(given, branch, committee):
    """She looks after the machine, and sees nothing of people's records."""
    return given(make_member, branch, "习文", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)


@pytest.fixture
def bea(given, branch, committee):
    return given(make_business_administrator, branch, committee)
