"""A new version of the app arrives while records wait on the phone. Source: docs/sync.md, "On the phone"."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.helpers import PROJECT_DIR
from tests.browser.offline import NEW, network_returns, record, rows, titles, until, wait_for_queue, wait_for_shell

OF_THE_APP = ("app", "migrations", "alembic.ini", "web")
BUILT = shutil.ignore_patterns("node_modules", "dist", "__pycache__")
MARK = 'document.documentElement.dataset.version = "next";\n'
ONLY_THE_NEW_SHELL = """async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith("shell-"));
    const kept = names.length === 1 && (await caches.match("/study/new", { cacheName: names[0] }));
    return Boolean(kept) && (await kept.text()).includes("data-next");
}"""


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    """The app with another script and another capture page, built."""
    folder = tmp_path / "next"
    folder.mkdir()
    for name in OF_THE_APP:
        source = PROJECT_DIR / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=BUILT)
        else:
            shutil.copy(source, folder / name)
    web = folder / "web"
    (web / "node_modules").symlink_to(PROJECT_DIR / "web" / "node_modules")
    script, page = web / "scripts" / "main.js", web / "templates" / "study" / "capture.html"
    script.write_text(script.read_text("utf-8") + MARK, "utf-8")
    page.write_text(page.read_text("utf-8").replace('id="capture"', 'id="capture" data-next'), "utf-8")
    subprocess.run(["node", "build.mjs"], cwd=web, check=True, capture_output=True)
    return folder


def test_a_new_version_takes_over_and_the_queue_stays(pocket, alice, stoppable, next_version):
    phone = pocket(alice)
    phone.goto(NEW)
    stoppable.stop()
    record(phone, "旧版本记的")
    phone.context.route("**/sync", lambda route: route.abort())
    stoppable.start(environment={"PYTHONPATH": str(next_version)})
    other = phone.context.new_page()
    other.goto("/")
    expect(other.locator("html")).to_have_attribute("data-version", "next")
    until(other, ONLY_THE_NEW_SHELL)  # the browser lets the old worker end what it is at
    record(phone, "旧页面上接着记")  # the page that was open goes on with its own script
    stoppable.stop()

    phone.reload()
    expect(phone.locator("html")).to_have_attribute("data-version", "next")
    expect(rows(phone, "waiting")).to_have_count(2)
    record(phone, "新版本记的")
    expect(rows(phone, "waiting")).to_have_count(3)
    phone.context.unroute("**/sync")
    stoppable.start()
    network_returns(phone)
    wait_for_queue(phone)
    assert titles(stoppable, alice) == ["旧版本记的", "旧页面上接着记", "新版本记的"]
    wait_for_shell(phone)
