"""A real Chromium against a real server."""

import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests.browser.chromium import DESK, PHONE, launch_options
from tests.browser.helpers import PATIENCE_MS
from tests.browser.network import Network
from tests.browser.offline import Colleagues, let_in, make_colleagues, wait_for_shell
from tests.browser.profile import KeptPhone
from tests.makers import Person
from tests.server import Server

RUNS_THE_OLDEST = (platform.system(), platform.machine()) == ("Linux", "x86_64")
"""Chromium 86 was built for these machines alone; where changes are judged none is left out, and elsewhere it fails."""
NO_NETWORK = ("Failed to load resource", "htmx: htmx:error: Failed to fetch")
"""What a browser and htmx say of a server that is away."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if item.path.name == "test_oldest_browser.py" and not (RUNS_THE_OLDEST or os.environ.get("CI")):
            item.add_marker(pytest.mark.skip(reason="Chromium 86 runs on Linux x86-64 alone"))


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
    furnished = Server(tmp_path_factory.mktemp("demo"), is_born=True)
    furnished.furnish()
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
    """A phone with nothing on it, always on line: no worker lays pages aside, as on those of ``pocket``.

    The test fails if a script of the page fails or the page's policy is broken.
    """
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


@pytest.fixture(scope="session")
def _stoppable(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _running(demo, tmp_path_factory.mktemp("stoppable"))


@pytest.fixture
def stoppable(_stoppable: Server) -> Server:
    """One server for tests that stop it; each finds it running, with what others have recorded in their branches."""
    if not _stoppable.is_running:
        _stoppable.start()
    return _stoppable


@pytest.fixture
def colleagues(stoppable: Server) -> Colleagues:
    """People of a new branch on ``stoppable``."""
    return make_colleagues(stoppable)


@pytest.fixture
def alice(colleagues: Colleagues) -> Person:
    return colleagues.alice


@pytest.fixture
def bob(colleagues: Colleagues) -> Person:
    return colleagues.bob


@pytest.fixture
def sam(colleagues: Colleagues) -> Person:
    return colleagues.sam


@pytest.fixture
def network(stoppable: Server) -> Iterator[Network]:
    """Another way to ``stoppable``, through a network that can be bad."""
    network = Network(stoppable.port)
    yield network
    network.close()


@pytest.fixture
def pocket(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Takes out a phone on which somebody has signed in: ``pocket(alice)``; everything it needs offline is on it.

    Unless a ``url`` is said, it is that of ``stoppable``. The test fails if a script of a page fails or a page's
    policy is broken.
    """
    broken: list[str] = []
    contexts: list[BrowserContext] = []

    def take_out(person: Person | None, url: str = "", **options: Any) -> Page:
        url = url or request.getfixturevalue("stoppable").url
        context = browser.new_context(base_url=url, **PHONE | options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", lambda page: _listen(page, broken))
        page = context.new_page()
        if person:
            let_in(context, person, url)
            page.goto("/")
            if options.get("service_workers") != "block":
                wait_for_shell(page)
        return page

    yield take_out
    for context in contexts:
        context.close()
    assert not broken, "\n".join(broken)


@pytest.fixture
def kept_phone(playwright: Playwright, tmp_path: Path) -> Iterator[KeptPhone]:
    """A phone whose app is killed and opened again."""
    phone = KeptPhone(playwright, tmp_path / "profile")
    yield phone
    phone.close()


def _running(demo: Path, folder: Path) -> Iterator[Server]:
    server = Server(folder, is_born=True)
    server.furnish(demo)
    server.start()
    yield server
    server.stop()


def _page(browser: Browser, server: Server, options: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url, service_workers="block", **options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    broken: list[str] = []
    _listen(page, broken)
    yield page
    context.close()
    assert not broken, "\n".join(broken)


def _listen(page: Page, broken: list[str]) -> None:
    """Note what goes wrong in the scripts of ``page``; that it cannot reach the network is nothing wrong."""

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(NO_NETWORK):
            broken.append(f"{page.url}: {said.text}")

    page.on("pageerror", lambda error: broken.append(f"{page.url}: {error}"))
    page.on("console", hear)
