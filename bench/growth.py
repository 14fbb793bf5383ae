"""Which pages grow with the house: each page that links lead to, by each post, with few branches and with many.

Run with ``python -m bench.growth``. The demo of each size is made once and kept outside the repository: 50 branches in
three minutes, 400 in half an hour. The product runs in this process, so that CPU is this process's.
"""

import argparse
import asyncio
import gc
import os
import subprocess
import tempfile
import time
from collections import Counter, deque
from pathlib import Path
from typing import Final, NamedTuple

from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import event

from app.core.settings import settings
from app.main import create_app
from bench.furnish import PASSWORD
from bench.servers import SANLIANG
from bench.weight import LINK, ONE, PEOPLE

KEPT: Final = Path(tempfile.gettempdir()) / "sanliang-bench-growth"
ROUNDS: Final = 3
POSTS: Final = (*PEOPLE, *(f"138000000{number}" for number in ("13", "15", "16", "17")))
"""Those of ``bench.weight``, a group leader, and the organiser, publicity and discipline of a branch."""
FROM: Final = ("/", "/me", "/system", "/approvals", "/quarter", "/slips", "/organisations/board", "/wishes/year")
GROWS: Final = 1.5
"""Times what it costs in the smallest house, from where a page is shown."""


class Cost(NamedTuple):
    """What a page costs somebody: the best of rounds."""

    ms: float
    statements: int
    kilobytes: float


def home(branches: int) -> dict[str, str]:
    """The settings of an installation of so many branches, made if it is not there, with today's schema."""
    folder = KEPT / str(branches)
    folder.mkdir(parents=True, exist_ok=True)
    own = {"SANLIANG_DATABASE_URL": f"sqlite:///{folder / 'sanliang.db'}", "SANLIANG_DATA_DIR": str(folder)}
    demo = ("demo", "--if-empty", "--branches", str(branches))
    for command in (("migrate",), ("contacts", "new-key", "--if-missing"), demo):
        subprocess.run([SANLIANG, *command], env=os.environ | own, check=True, stdout=subprocess.DEVNULL)
    return own


async def _cost(visitor: AsyncClient, way: str, asked: Counter[str]) -> tuple[Cost | None, bytes]:
    answer = await visitor.get(way)
    best: Cost | None = None
    for _ in range(ROUNDS if answer.status_code == 200 else 0):
        asked.clear()
        began = time.process_time()
        await visitor.get(way)
        cost = Cost((time.process_time() - began) * 1000, asked.total(), len(answer.content) / 1000)
        best = min(best or cost, cost)
    return best, answer.content


async def _walk(visitor: AsyncClient, login: str, asked: Counter[str]) -> dict[str, Cost]:
    """The cost of one page of each kind that links lead ``login`` to."""
    form = {"login": login, "password": PASSWORD}
    await visitor.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    ways, costs = deque(FROM), dict[str, Cost]()
    seen = {ONE.sub("*", way) for way in ways}
    while ways:
        way = ways.popleft()
        cost, body = await _cost(visitor, way, asked)
        if cost:
            costs[ONE.sub("*", way)] = cost
        for found in LINK.findall(body) if body.startswith(b"<!doctype html") else ():
            link = found.decode().replace("&amp;", "&")
            if (kind := ONE.sub("*", link)) not in seen and not link.startswith("/assets/"):
                seen.add(kind)
                ways.append(link)
    return costs


async def _measure() -> dict[str, Cost]:
    """The dearest that a page of each kind is to anybody."""
    app, asked, dearest = create_app(), Counter[str](), dict[str, Cost]()
    for engine in {app.state.database.reader, app.state.database.writer}:
        event.listen(engine, "before_cursor_execute", lambda *said: asked.update([said[2]]))
    gc.freeze()
    for login in POSTS:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as visitor:
            visitor.headers["Accept-Language"] = "zh-CN"
            for kind, cost in (await _walk(visitor, login, asked)).items():
                dearest[kind] = max(cost, dearest.get(kind, cost))
    app.state.database.close()
    return dearest


def main() -> None:
    """Print what grows, most first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--branches", type=int, nargs="+", default=[3, 50])
    wanted = parser.parse_args()
    sizes = []
    for branches in wanted.branches:
        os.environ.update(home(branches))
        settings.cache_clear()
        sizes.append(asyncio.run(_measure()))
    print("page".ljust(50), *(f"{branches:>6} branches" for branches in wanted.branches), "  ratio")
    for kind in sorted(sizes[0].keys() & sizes[-1].keys(), key=lambda kind: -sizes[-1][kind].ms / sizes[0][kind].ms):
        costs = [size.get(kind, Cost(0, 0, 0)) for size in sizes]
        if (ratio := costs[-1].ms / costs[0].ms) >= GROWS:
            cells = (f"{cost.ms:6.1f}{cost.statements:4}{cost.kilobytes:5.0f}" for cost in costs)
            print(kind.ljust(50), *cells, f"{ratio:7.1f}", flush=True)


if __name__ == "__main__":
    main()
