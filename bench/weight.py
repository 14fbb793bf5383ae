"""What a worker weighs: when it has started, when every page was opened by every post, and when all are opened again.

Run by ``make bench``. Everything stays on this machine, and ends by itself.
"""

import argparse
import http.client
import re
import sys
from collections import deque
from pathlib import Path
from typing import Final

from bench.furnish import MEMBER, PASSWORD, SECRETARY
from bench.load import SECONDS, sign_in
from bench.pages import Home, homes_of
from bench.servers import PRODUCT, serving

GOAL_MB: Final = 120
"""What a worker may have of the memory, after everything was opened."""
PEOPLE: Final = (MEMBER, SECRETARY, *(f"138000090{post}" for post in ("01", "11", "12", "13", "21")))
"""A member, a secretary, an officer of the committee, three administrators, and a community's worker."""
A_PERSON: Final = 150
"""Pages one person opens at most: lists lead to things without an end."""
ALIKE: Final = 1
"""Addresses that are opened of those that differ in ids, numbers and what is asked for alone."""
LINK: Final = re.compile(rb'href="(/[^"#]*)"')
ONE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|=[^&]*")


def weigh(pid: int) -> tuple[float, float]:
    """Megabytes of a process: all that is in the memory, and what is in it for this one alone."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    said = {name: int(size) / 1024 for name, size in re.findall(r"^(\w+): +(\d+) kB$", rollup, re.MULTILINE)}
    return said["Rss"], said["Private_Clean"] + said["Private_Dirty"]


def walk(port: int, login: str) -> int:
    """Open what links lead to, from the first page on; gives the number of pages and files."""
    cookie = sign_in(port, login, PASSWORD)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    ways, opened = deque(["/", "/me", "/system"]), 0
    seen, alike = set(ways), dict.fromkeys(ways, 1)
    while ways and opened < A_PERSON:
        way = ways.popleft()
        connection.request("GET", way, headers={"Cookie": cookie, "Accept-Language": "zh-CN"})
        answer = connection.getresponse()
        page = answer.read()
        opened += 1
        if answer.status >= 500:
            raise RuntimeError(f"{way}: {answer.status}")
        for found in LINK.findall(page) if answer.getheader("content-type", "").startswith("text/html") else ():
            link = found.decode().replace("&amp;", "&")
            kind = ONE.sub("*", link)
            if link not in seen and alike.get(kind, 0) < ALIKE and not link.startswith("/assets/"):
                seen.add(link)
                alike[kind] = alike.get(kind, 0) + 1
                ways.append(link)
    connection.close()
    return opened


def measure(home: Home) -> float:
    """Print what one worker on this database weighs; gives the most."""
    with serving(PRODUCT, home.url, home.folder, workers=1) as (port, pid):
        most = _say(home.name, "started", 0, pid)
        for name in ("walked", "once more"):
            opened = sum(walk(port, login) for login in PEOPLE)
            most = _say(home.name, name, opened, pid)
        return most


def _say(home: str, name: str, opened: int, pid: int) -> float:
    rss, own = weigh(pid)
    print(f"{home:12}{name:12}{opened:7}{rss:9.1f}{own:9.1f}", flush=True)
    return rss


def main() -> None:
    """Measure, and end with 1 where a worker weighs more than ``GOAL_MB``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("both", "sqlite", "postgres"), default="both")
    wanted = parser.parse_args()
    print("MB of one worker: in the memory (RSS), and its own alone (USS).\n")
    print("database    when          pages      RSS      USS")
    with homes_of(wanted.database) as homes:
        most = max([measure(home) for home in homes])
    print(f"\nMost: {most:.0f} MB; the goal is {GOAL_MB} MB.")
    sys.exit(most > GOAL_MB)


if __name__ == "__main__":
    main()
