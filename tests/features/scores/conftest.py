"""What the tests of quantified management share."""

import pytest

from app.core.i18n import DEFAULT_LANGUAGE, use_language


@pytest.fixture
def english():
    use_language("en")
    yield
    use_language(DEFAULT_LANGUAGE)
