"""Bea and Ben keep the rules; Carl is an officer of the committee over everything."""

from datetime import UTC, datetime

import pytest
import time_machine

from app.features.members.rules import OrganisationKind, Role
from tests.makers import Place, make_member

IN_MAY = datetime(2026, 5, 20, 4, tzinfo=UTC)


@pytest.fixture
def keeper(given, committee, carl):
    """Makes a business administrator in the office's branch."""
    office = Place(carl.branch_id, carl.branch_name, OrganisationKind.BRANCH)
    return lambda name: given(make_member, office, name, roles=(Role.BUSINESS_ADMINISTRATOR,), at=committee)


@pytest.fixture
def bea(keeper):
    return keeper("贝雅")


@pytest.fixture
def ben(keeper):
    return keeper("卞本")


@pytest.fixture
def may():
    with time_machine.travel(IN_MAY, tick=False):
        yield
