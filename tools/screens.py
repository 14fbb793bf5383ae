"""Takes the pictures that a phone shows before it installs the app: `python -m tools.screens`, after a redraw.

They are pages of the demo, as web/icons/screen-*.webp; `core/pwa.py` names them in the manifest.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.chromium import PHONE, launch_options
from tests.browser.helpers import MEMBER, sign_in
from tests.server import Server

ICONS = Path(__file__).parents[1] / "web" / "icons"
PAGES = {"today": "/", "record": "/study/new"}
MOST_BYTES = 60_000


def main() -> None:
    """Take all of them.

    Raises:
        AssertionError: one weighs more than ``MOST_BYTES``.
    """
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server, sync_playwright() as driver:
        server.furnish()
        server.start()
        chromium = driver.chromium.launch(**launch_options())
        page = chromium.new_page(base_url=server.url, **PHONE)
        sign_in(page, MEMBER)
        for name, address in PAGES.items():
            page.goto(address, wait_until="networkidle")
            file = ICONS / f"screen-{name}.webp"
            Image.open(io.BytesIO(page.screenshot(caret="initial"))).save(file, quality=75, method=6)
            assert file.stat().st_size < MOST_BYTES, name
        chromium.close()


if __name__ == "__main__":
    main()
