"""A poster of Li Garden, the key that seals, and what a resident types."""

import pytest

from app.core import sealing
from tests.features.wishes.residents.makers import TYPED, make_poster, make_submission


@pytest.fixture(autouse=True)
def key():
    """Something to seal with."""
    if not sealing.has_key():
        sealing.make_key()


@pytest.fixture
def poster(given, community, cora) -> str:
    """The address of the form."""
    return f"/c/{given(make_poster, community, cora)}"


@pytest.fixture
def typed():
    """What the resident types; tests change it."""
    return dict(TYPED)


@pytest.fixture
def submission(given, community, poster):
    """A wish that waits to be read."""
    return given(make_submission, community)
