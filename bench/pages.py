"""What a page costs: CPU of server and database a request, and requests a second, beside the same page by hand.

Run by ``make bench``. Everything stays on this machine, and ends by itself.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.furnish import MEETING, MEMBER, PASSWORD, SECRETARY, furnish
from bench.load import ask, sign_in
from bench.processes import cpu_seconds
from bench.servers import BY_HAND, PRODUCT, serving
from tests.databases import postgres_server, scratch_folder

WARM_UP: Final = 60
CONNECTIONS: Final = 8
ROUNDS: Final = 5
GOAL: Final = 2.0
"""Times the CPU of the page by hand."""


@dataclass(frozen=True)
class Page:
    """A page and who opens it."""

    name: str
    path: str
    phone: str


@dataclass(frozen=True)
class Cost:
    """What one page costs on one server."""

    cpu_ms: float
    """Of the server and the database together, for one request."""
    requests_per_second: float


PAGES: Final = (
    Page("today", "/", MEMBER),
    Page("approvals, 50", "/approvals", SECRETARY),
    Page("sheet", "/sheet", MEMBER),
    Page("attendance, 50", f"/meetings/{MEETING}/attendance", SECRETARY),
    Page("meeting, 50", f"/meetings/{MEETING}", SECRETARY),
)
HEADINGS: Final = (
    "CPU in ms a request, server and database together; rate in requests a second over 8 connections.\n\n"
    "database   workers  page            CPU hand CPU ours   ratio rate hand rate ours"
)
Server = tuple[int, int]
"""Port and process."""
HELLO: Final = Page("hello", "/hello", MEMBER)


@dataclass(frozen=True)
class Home:
    """A furnished database, and the process of its engine if it has one."""

    name: str
    url: str
    engine_pid: int | None
    folder: Path

    def cpu_seconds(self, server_pid: int) -> float:
        """Of a server and this database together, so far."""
        return cpu_seconds(server_pid) + (cpu_seconds(self.engine_pid) if self.engine_pid else 0)

    def own_cpu(self) -> float:
        """Seconds of this process and this database together, so far."""
        return time.process_time() + (cpu_seconds(self.engine_pid) if self.engine_pid else 0)


@contextmanager
def homes_of(wanted: str) -> Iterator[Iterator[Home]]:
    """The databases that are ``wanted``, furnished when their turn comes."""
    with scratch_folder() as folder:
        yield _homes(folder, wanted)


def _homes(folder: Path, wanted: str) -> Iterator[Home]:
    if wanted in ("both", "sqlite"):
        url = f"sqlite:///{folder / 'bench.db'}"
        furnish(url, folder)
        yield Home("SQLite", url, None, folder)
    if wanted in ("both", "postgres"):
        with postgres_server(folder) as engine:
            url = engine.create("bench")
            furnish(url, folder)
            pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
            yield Home("PostgreSQL", url, pid, folder)


def costs(home: Home, page: Page, servers: Sequence[Server], cookie: str, *, workers: int, requests: int) -> list[Cost]:
    """What ``page`` costs on each of ``servers``: the best of rounds in turn, which is the one least disturbed."""
    for port, _pid in servers:
        ask(port, page.path, cookie, requests=WARM_UP * workers, connections=CONNECTIONS)
    rounds: list[list[Cost]] = [[] for _ in servers]
    for _ in range(ROUNDS):
        for (port, pid), found in zip(servers, rounds, strict=True):
            before = home.cpu_seconds(pid)
            seconds = ask(port, page.path, cookie, requests=requests, connections=CONNECTIONS)
            found.append(Cost((home.cpu_seconds(pid) - before) * 1000 / requests, requests / seconds))
    return [
        Cost(min(cost.cpu_ms for cost in found), max(cost.requests_per_second for cost in found)) for found in rounds
    ]


def compare(home: Home, pages: Sequence[Page], *, workers: int, requests: int) -> list[Sequence[Cost]]:
    """Print the costs on one database; gives those by hand and ours of each page."""
    with (
        serving(BY_HAND, home.url, home.folder, workers=workers) as by_hand,
        serving(PRODUCT, home.url, home.folder, workers=workers) as ours,
    ):
        cookies = {phone: sign_in(ours[0], phone, PASSWORD) for phone in {MEMBER, *(page.phone for page in pages)}}
        ask(ours[0], "/sheet", cookies[MEMBER], requests=1, connections=1)  # the first look pins the year's rules
        (bare,) = costs(home, HELLO, [by_hand], cookies[MEMBER], workers=workers, requests=requests)
        _say(home.name, workers, HELLO.name, hand=bare)
        all_found: list[Sequence[Cost]] = []
        for page in pages:
            found = costs(home, page, [by_hand, ours], cookies[page.phone], workers=workers, requests=requests)
            _say(home.name, workers, page.name, *found)
            all_found.append(found)
        return all_found


def _say(home: str, workers: int, page: str, hand: Cost, ours: Cost | None = None) -> None:
    line = f"{home:11}{workers:7}  {page:14}{hand.cpu_ms:9.2f}"
    if ours:
        line += f"{ours.cpu_ms:9.2f}{ours.cpu_ms / hand.cpu_ms:8.2f}"
        line += f"{hand.requests_per_second:10.0f}{ours.requests_per_second:10.0f}"
    else:
        line += f"{hand.requests_per_second:27.0f}"
    print(line, flush=True)


def main() -> None:
    """Measure, and end with 1 where a page costs more than ``GOAL`` times the one by hand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100, help=f"of each page in each of {ROUNDS} rounds")
    parser.add_argument("--database", choices=("both", "sqlite", "postgres"), default="both")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    wanted = parser.parse_args()
    print(HEADINGS)
    with homes_of(wanted.database) as homes:
        worst = max(
            ours.cpu_ms / hand.cpu_ms
            for home in homes
            for workers in wanted.workers
            for hand, ours in compare(home, PAGES, workers=workers, requests=wanted.requests)
        )
    print(f"\nHighest ratio {worst:.2f}; the goal is at most {GOAL:.0f}.")
    sys.exit(worst > GOAL)


if __name__ == "__main__":
    main()
