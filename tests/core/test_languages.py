"""Which language a visitor gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.i18n import LANGUAGES, preferred_language


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "zh_CN"),
        ("", "zh_CN"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh-CN;q=0.8", "en"),
        ("en;q=0.1,zh-CN;q=0.9", "zh_CN"),
        ("zh-TW;q=0.5, EN ; q=0.7", "en"),
        ("fr,de;q=0.8,en;q=0.2", "en"),
        ("fr", "zh_CN"),
        ("zh;q=0,en;q=0.1", "en"),
        ("en;q=0", "zh_CN"),
        ("zh,en", "zh_CN"),
        ("en,zh", "en"),
        ("en;q=high,zh;q=0.2", "zh_CN"),
        ("en;level=1;q=0.4,zh;q=0.3", "en"),
    ],
)
def test_the_one_the_browser_wants_most(accept, language):
    assert preferred_language(None, accept) == language


def test_a_choice_made_here_comes_before_the_browser_s():
    assert preferred_language("en", "zh-CN") == "en"
    assert preferred_language("tlh", "en") == "en"


@given(st.text(max_size=80) | st.lists(st.sampled_from(["zh", "en", ";", "q=", ",", "0.5", "9", "-CN"])).map("".join))
def test_whatever_is_asked_for_somebody_speaks(accept):
    assert preferred_language(None, accept) in LANGUAGES
