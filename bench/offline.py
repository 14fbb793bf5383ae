"""How long a phone takes until one can type: first visit on slow 3G, later ones, without a network, in a lift.

``python -m bench.offline [--rounds N]``. A real Chromium whose processor is slowed down four times. A phone's app is
opened anew for each round, so that its worker starts too. It ends with 1 where a goal is missed.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, Playwright, sync_playwright

from app.core import built
from bench.installation import Installation, installation
from bench.slow_line import SLOW_3G, SlowLine
from tests.browser.offline import NEW, let_in, wait_for_shell
from tests.browser.profile import KeptPhone

SLOWER: Final = 4
"""Times a phone's processor is slower than this machine's."""
READY_GOAL: Final = 0.8
LIE_FI_GOAL: Final = 3.0
"""Seconds until one can type."""
SCRIPT_GOAL, WORKER_GOAL = 25_000, 8_000
"""Bytes, brotli."""
WATCH: Final = """customElements.whenDefined("capture-form").then(() => { globalThis.readyAt = performance.now(); });"""
TIMES: Final = """async () => {
    while (!globalThis.readyAt || !performance.getEntriesByName("first-contentful-paint").length) {
        await new Promise((go) => setTimeout(go, 20));
    }
    return [performance.getEntriesByName("first-contentful-paint")[0].startTime, globalThis.readyAt];
}"""


@dataclass(frozen=True)
class Load:
    """One opening of a page: seconds from the tap, bytes and requests until it was quiet."""

    paint: float
    ready: float
    received: int
    requests: int


@dataclass(frozen=True)
class Way:
    """One way to open a page."""

    name: str
    page: str
    goal: float | None


COLD: Final = Way("first visit, slow 3G", NEW, None)
WARM: Final = Way("later visit, slow 3G", NEW, READY_GOAL)
OFFLINE: Final = Way("no network", NEW, READY_GOAL)
LIE_FI: Final = Way("a network that never answers", NEW, READY_GOAL)
COPY: Final = Way("the same, today's last copy", "/", LIE_FI_GOAL)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="of each way; 5 by default")
    rounds = parser.parse_args().rounds
    missed = False
    print(f"Chromium, processor {SLOWER} times slower, {rounds} rounds; seconds: median (worst)")
    print(f"{'':32}{'first paint':>16}{'ready to type':>16}{'goal':>7}{'bytes':>9}{'requests':>10}")
    with (
        tempfile.TemporaryDirectory(prefix="sanliang-bench-") as folder,
        installation(Path(folder), "sqlite", members=1) as here,
        sync_playwright() as playwright,
    ):
        for way, loads in _measure(Path(folder), here, playwright, rounds):
            missed |= _print(way, loads)
    for name, size, goal in _sizes():
        missed |= size > goal
        print(f"{name:32}{size:>9} B brotli, goal {goal}")
    print("A goal was missed" if missed else "Every goal was reached")
    sys.exit(missed)


def _measure(folder: Path, here: Installation, playwright: Playwright, rounds: int) -> Iterator[tuple[Way, list[Load]]]:
    here.server.start()
    line = SlowLine(here.server.port, SLOW_3G)

    def visit(name: str) -> "_Visits":
        return _Visits(KeptPhone(playwright, folder / name), here, line)

    yield COLD, [visit(f"cold{number}").open(COLD.page) for number in range(rounds)]
    regular = visit("regular")
    regular.prepare()
    yield WARM, [regular.open(WARM.page) for _round in range(rounds)]
    line.is_silent = True
    yield LIE_FI, [regular.open(LIE_FI.page) for _round in range(rounds)]
    yield COPY, [regular.open(COPY.page) for _round in range(rounds)]
    line.is_silent = False
    here.server.stop()
    yield OFFLINE, [regular.open(OFFLINE.page) for _round in range(rounds)]
    line.close()


class _Visits:
    """A phone on which the app is opened again and again."""

    def __init__(self, phone: KeptPhone, here: Installation, line: SlowLine) -> None:
        self._phone, self._here, self._line = phone, here, line

    def prepare(self) -> None:
        """Sign in, and let the worker fetch what it needs."""
        with self._app() as page:
            page.goto("/")
            wait_for_shell(page)

    def open(self, address: str) -> Load:
        """Start the app and open one page."""
        with self._app() as page:
            page.add_init_script(WATCH)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            received, requests = self._line.received, self._line.requests
            page.goto(address)
            paint, ready = page.evaluate(TIMES)
            return Load(paint / 1000, ready / 1000, self._line.received - received, self._line.requests - requests)

    @contextmanager
    def _app(self) -> Iterator[Page]:
        page = self._phone.open(self._line.url)
        page.set_default_timeout(120_000)
        let_in(page.context, self._here.people.alice, self._line.url)
        yield page
        self._phone.close()


def _print(way: Way, loads: list[Load]) -> bool:
    """Print one line; whether its goal was missed."""

    def column(value: Callable[[Load], float]) -> str:
        values = [value(load) for load in loads]
        return f"{statistics.median(values):.2f} ({max(values):.2f})"

    received, requests = (
        int(statistics.median(values))
        for values in zip(*[(load.received, load.requests) for load in loads], strict=True)
    )
    goal = f"{way.goal:.1f}" if way.goal else ""
    print(
        f"{way.name:32}{column(lambda load: load.paint):>16}{column(lambda load: load.ready):>16}"
        f"{goal:>7}{received:>9}{requests:>10}",
        flush=True,
    )
    return way.goal is not None and statistics.median(load.ready for load in loads) > way.goal


def _sizes() -> Iterator[tuple[str, int, int]]:
    script = built.DIST_DIR / Path(built.asset("main.js")).name
    for name, file, goal in (
        ("script of the capture page", script, SCRIPT_GOAL),
        ("worker", built.DIST_DIR / "worker.js", WORKER_GOAL),
    ):
        yield name, file.with_name(f"{file.name}.br").stat().st_size, goal


if __name__ == "__main__":
    main()
