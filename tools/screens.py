"""Takes the pictures that a phone shows before it installs the app, and those of the READMEs, after a redraw.

`make pictures`. They are pages of the demo: web/icons/screen-*.webp, which `core/pwa.py` names in the
manifest, and docs/pictures/*.webp.
"""

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import PHONE, launch_options
from tests.browser.helpers import MEMBER, SECRETARY, sign_in
from tests.server import Server

HOUSE = Path(__file__).parents[1]
ICONS = HOUSE / "web" / "icons"
PICTURES = HOUSE / "docs" / "pictures"
OF_THE_PHONE = {"today": "/", "record": "/study/new"}
OF_A_MEMBER = {"today": "/", "record": "/study/new", "shows": "/shows", "wishes": "/wishes", "sheet": "/sheet"}
OF_THE_SECRETARY = {"approvals": "/approvals"}
MOST_BYTES = 70_000


def main() -> None:
    """Take all of them.

    Raises:
        AssertionError: one weighs more than ``MOST_BYTES``.
    """
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server, sync_playwright() as driver:
        server.furnish()
        server.start()
        chromium = driver.chromium.launch(**launch_options())
        page = chromium.new_page(base_url=server.url, **PHONE)
        sign_in(page, MEMBER)
        take(page, {ICONS / f"screen-{name}.webp": address for name, address in OF_THE_PHONE.items()})
        take(page, {PICTURES / f"{name}.webp": address for name, address in OF_A_MEMBER.items()})
        page = chromium.new_context(base_url=server.url, **PHONE).new_page()
        sign_in(page, SECRETARY)
        take(page, {PICTURES / f"{name}.webp": address for name, address in OF_THE_SECRETARY.items()})
        chromium.close()


def take(page: Page, wanted: Mapping[Path, str]) -> None:
    """Each address as the file it is wanted for."""
    for file, address in wanted.items():
        page.goto(address, wait_until="networkidle")
        Image.open(io.BytesIO(page.screenshot(caret="initial"))).save(file, quality=75, method=6)
        assert file.stat().st_size < MOST_BYTES, file


if __name__ == "__main__":
    main()
