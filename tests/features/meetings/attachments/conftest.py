"""Around the Friday evening of the meetings: the second branch is the host, with two officers."""

import pytest
import time_machine

from app.features.members.rules import Role
from tests.features.meetings.gatherings.makers import AFTERWARDS
from tests.makers import make_member


@pytest.fixture(autouse=True)
def friday():
    """The clock stands at ``AFTERWARDS``; a test may move it."""
    with time_machine.travel(AFTERWARDS, tick=False) as traveller:
        yield traveller


@pytest.fixture
def otto(request, other_branch):
    """The second officer of Oscar's branch."""
    said = {"branch": other_branch, "name": "欧陶", "roles": (Role.DEPUTY,)}
    if "session" in request.fixturenames:
        return make_member(request.getfixturevalue("session"), **said)
    return request.getfixturevalue("given")(make_member, **said)
