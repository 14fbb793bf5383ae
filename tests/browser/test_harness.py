"""What the browser tests look for can be found: each look is shown a page with that fault."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import PHONE
from tests.browser.helpers import axe, overflow, small_targets

GOOD = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>学习</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="script-src 'none'"></head>
<body><main><h1>学习</h1><button style="width:60px;height:60px;color:#000;background:#fff">记录</button></main>
</body></html>"""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**PHONE)
    yield context.new_page()
    context.close()


def test_a_good_page_is_good(blank):
    blank.set_content(GOOD)
    axe(blank)
    assert overflow(blank) == []
    assert small_targets(blank) == []


def test_axe_sees_what_cannot_be_read(blank):
    blank.set_content(GOOD.replace("color:#000", "color:#eee"))
    with pytest.raises(AssertionError, match="color-contrast"):
        axe(blank)


def test_a_page_that_scrolls_sideways_is_seen(blank):
    blank.set_content(GOOD.replace("width:60px", "width:600px"))
    assert overflow(blank)


def test_a_button_for_small_fingers_is_seen(blank):
    blank.set_content(GOOD.replace("height:60px", "height:30px"))
    assert small_targets(blank)
    assert small_targets(blank, least=24) == []
