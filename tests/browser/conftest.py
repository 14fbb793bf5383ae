"""A real Chromium against a real server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser import stand_in
from tests.browser.chromium import DESK, PHONE, launch_options
from tests.server import Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(**launch_options())
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file full of demo people, to be copied."""
    furnished = Server(tmp_path_factory.mktemp("demo"))
    if "demo" in furnished.run("--help"):
        furnished.furnish()
    else:
        stand_in.furnish(furnished)
    return furnished.database


@pytest.fixture(scope="session")
def server(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that leave it running and do not mind what others recorded."""
    yield from _running(demo, tmp_path_factory.mktemp("server"))


@pytest.fixture
def own_server(demo: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of this test alone, to be stopped, killed and started again."""
    yield from _running(demo, tmp_path)


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Page]:
    """A phone with nothing on it. The test fails if a script of the page fails or the page's policy is broken."""
    yield from _page(browser, server, PHONE)


@pytest.fixture
def other_phone(browser: Browser, server: Server) -> Iterator[Page]:
    """A second phone, for a second person."""
    yield from _page(browser, server, PHONE)


@pytest.fixture
def plain_phone(browser: Browser, server: Server) -> Iterator[Page]:
    """A phone that runs no scripts at all."""
    yield from _page(browser, server, PHONE | {"java_script_enabled": False})


@pytest.fixture
def desk(browser: Browser, server: Server) -> Iterator[Page]:
    """The wide screen of an officer."""
    yield from _page(browser, server, DESK)


def _running(demo: Path, folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.furnish(demo)
    server.start()
    yield server
    server.stop()


def _page(browser: Browser, server: Server, options: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url, **options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: broken.append(f"{page.url}: {said.text}") if "Content Security Policy" in said.text else None,
    )
    yield page
    context.close()
    assert not broken, "\n".join(broken)
