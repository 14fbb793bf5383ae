"""Which Chromium is driven, and how: as a phone in a member's hand or as the desk of an officer."""

import os
import shutil
from pathlib import Path
from typing import Any, Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OLDEST: Final = Path(__file__).with_name("oldest") / "node_modules" / "chromium"
KNOWS_NO_BADGES: Final = "--disable-blink-features=Badging"
"""Chromium 86 without a window ends a page that sets a badge; the one with a window does not."""
IS_VISIBLE: Final = """(() => {
    const isDrawn = function () { return this.getClientRects().length > 0; };
    if (!("checkVisibility" in Element.prototype)) Element.prototype.checkVisibility = isDrawn;
    return { query: () => null, queryAll: () => [] };
})()"""
"""What Playwright asks of an element and Chromium 86 cannot tell. As a selector it comes into the tests' own world:
a page that asks the same still fails."""
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36",
}
DESK: Final[dict[str, Any]] = {
    "viewport": {"width": 1280, "height": 900},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}


def launch_options() -> dict[str, Any]:
    """What Playwright needs to start the system's Chromium.

    Raises:
        AssertionError: there is none. The browser tests never skip: `make test` installs one.
    """
    named = os.environ.get("SANLIANG_TEST_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    assert found, "no Chromium on the PATH: run `make test`, or name one in SANLIANG_TEST_CHROMIUM"
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": found, "args": [*FLAGS, *as_root]}


def oldest_options() -> dict[str, Any]:
    """What Playwright needs to start Chromium 86, the oldest that is promised.

    Raises:
        AssertionError: `make test-browser` has not fetched it.
    """
    assert OLDEST.exists(), "no Chromium 86: run `make test-browser`, which fetches it"
    options = launch_options()
    return options | {"executable_path": OLDEST, "args": [*options["args"], KNOWS_NO_BADGES]}
