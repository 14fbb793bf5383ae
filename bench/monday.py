"""Monday 9:00: people sign in, open the page of today, and their phones send, all within a minute.

Run with ``python -m bench.monday``. The house is that of ``bench.scale``; what it can bear at most is found by asking
for more and more until somebody in twenty waits longer than a second.
"""

import argparse
import http.client
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import insert, select

from app.core import clock, passwords
from app.core.db import Database
from app.core.ids import new_id
from app.features.members.models import Member
from app.features.sign_in.models import Credential
from app.features.streams import announce
from bench.furnish import PASSWORD
from bench.load import sign_in
from bench.pages import Home
from bench.processes import memory_of
from bench.scale import KEPT, home_at_scale
from bench.servers import PRODUCT, serving

PEOPLE: Final = 300
MINUTE: Final = 60.0
SHORT: Final = 15.0
"""How long each try for the most that can be borne lasts, in seconds."""
BEARABLE_S: Final = 1.0
"""What p95 may be."""
ALONE: Final = 60
"""Requests of a kind, one after the other, of which its CPU is the mean."""
KINDS: Final = ("sign-in", "today", "sync")
VISITORS: Final = 120
TIMES: Final = (1, 2, 3, 4, 6, 8, 12, 16)
RIGHT: Final = {"sign-in": 303, "today": 200, "sync": 200}


@dataclass
class Visitor:
    """Somebody with a password, and with a phone that is signed in."""

    member_id: UUID
    phone: str
    cookie: str = ""

    def ask(self, port: int, kind: str) -> int:
        """The status of the answer; 0 without one."""
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "zh-CN"}
        try:
            if kind == "sign-in":
                form = urlencode({"login": self.phone, "password": PASSWORD})
                line.request("POST", "/sign-in", form, headers | {"Content-Type": "application/x-www-form-urlencoded"})
            elif kind == "today":
                line.request("GET", "/", headers=headers | {"Cookie": self.cookie})
            else:
                cookie = {"Cookie": self.cookie, "Content-Type": "application/json"}
                line.request("POST", "/sync", json.dumps(self._batch()), headers | cookie)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        else:
            return answer.status
        finally:
            line.close()

    def _batch(self) -> dict[str, object]:
        now = clock.local_time(clock.now()).isoformat(timespec="milliseconds")
        study = {"title": f"学习材料 {new_id()}", "minutes": 30, "takeaway": None}
        item = {"id": str(new_id()), "kind": "study.record", "payload": study, "occurred_at": now, "seq": 1}
        item |= {"depends_on": None, "made_offline": False, "would_be_refused": None}
        who = {"device_id": f"monday-{self.member_id}", "member_id": str(self.member_id)}
        return who | {"sent_at": now, "app_version": "0.1.0", "items": [item]}


def people_of(url: str, number: int) -> list[Visitor]:
    """So many people of the house, spread over its branches; who has no password gets one."""
    database = Database(url)
    with database.write() as session:
        everybody = session.execute(select(Member.id, Member.phone).order_by(Member.phone)).all()
        chosen = everybody[2 :: max(1, len(everybody) // number)][:number]
        known = set(session.scalars(select(Credential.member_id)))
        digest = passwords.hash_password(PASSWORD)  # that of all: each check of it takes as long
        missing = [{"member_id": id_, "password_hash": digest} for id_, _phone in chosen if id_ not in known]
        if missing:
            session.execute(insert(Credential), missing)
    database.close()
    return [Visitor(id_, phone or "") for id_, phone in chosen]


def rush(port: int, visitors: Sequence[Visitor], *, seconds: float) -> tuple[dict[str, list[float]], Counter[str]]:
    """Everybody does each thing once at a moment of their own; how long they waited from then on, and what went wrong.

    Nobody waits for another: who comes while the server is slow counts the whole of it.
    """
    chance = random.Random(9)
    plan = sorted((chance.uniform(0, seconds), kind, one) for kind in KINDS for one in range(len(visitors)))
    waits: dict[str, list[float]] = defaultdict(list)
    wrong: Counter[str] = Counter()
    coming, taking = iter(plan), threading.Lock()
    began = time.perf_counter()

    def visit() -> None:
        while True:
            with taking:
                turn = next(coming, None)
            if turn is None:
                return
            at, kind, one = turn
            time.sleep(max(0.0, began + at - time.perf_counter()))
            status = visitors[one].ask(port, kind)
            waited = time.perf_counter() - began - at
            with taking:
                waits[kind].append(waited)
                if status != RIGHT[kind]:
                    wrong[f"{kind} {status}"] += 1

    threads = [threading.Thread(target=visit) for _ in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits, wrong


def _part(waits: Sequence[float], share: float) -> float:
    return sorted(waits)[min(len(waits) - 1, int(len(waits) * share))]


def _say(name: str, waits: dict[str, list[float]], wrong: Counter[str], cpu: float, own: float) -> None:
    for kind in KINDS:
        p50, p95, most = _part(waits[kind], 0.5), _part(waits[kind], 0.95), max(waits[kind])
        print(f"{name}: {kind:8} p50 {p50:.3f} s  p95 {p95:.3f} s  longest {most:.3f} s")
    print(
        f"{name}: wrong {dict(wrong) or 'none'}; CPU server and database {cpu:.1f} s, visitors {own:.1f} s", flush=True
    )


def alone(home: Home, port: int, pid: int, visitors: Sequence[Visitor]) -> dict[str, float]:
    """The CPU of one of each kind in ms, server and database together."""
    found = {}
    for kind in KINDS:
        for visitor in visitors[:8]:
            visitor.ask(port, kind)
        began = home.cpu_seconds(pid)
        for number in range(ALONE):
            visitors[number % len(visitors)].ask(port, kind)
        found[kind] = (home.cpu_seconds(pid) - began) / ALONE * 1000
    return found


def measure(home: Home, *, workers: int, knee: bool) -> bool:
    """Print Monday for so many workers; whether all were served, in bearable time."""
    visitors = people_of(home.url, PEOPLE * max(TIMES))
    with serving(PRODUCT, home.url, home.folder, workers=workers) as (port, pid):
        for visitor in visitors[:PEOPLE]:
            visitor.cookie = sign_in(port, visitor.phone, PASSWORD)
        costs = alone(home, port, pid, visitors[:PEOPLE])
        name = f"{home.name}, {workers} worker(s)"
        print(f"{name}: one alone costs " + ", ".join(f"{kind} {ms:.1f} ms" for kind, ms in costs.items()), flush=True)
        cpu, own = home.cpu_seconds(pid), time.process_time()
        waits, wrong = rush(port, visitors[:PEOPLE], seconds=MINUTE)
        _say(f"{name}, a minute", waits, wrong, home.cpu_seconds(pid) - cpu, time.process_time() - own)
        print(f"{name}: memory MB (resident, own share) {memory_of(pid)}", flush=True)
        good = not wrong and all(_part(waits[kind], 0.95) < BEARABLE_S for kind in KINDS)
        for times in TIMES if knee else ():
            cpu, own = home.cpu_seconds(pid), time.process_time()
            seconds = SHORT
            crowd = [visitors[number % PEOPLE] for number in range(int(PEOPLE * times * seconds / MINUTE))]
            waits, wrong = rush(port, crowd, seconds=seconds)
            _say(f"{name}, {times} times as many", waits, wrong, home.cpu_seconds(pid) - cpu, time.process_time() - own)
            if wrong or max(_part(waits[kind], 0.95) for kind in KINDS) > BEARABLE_S:
                break
    return good


def main() -> int:
    """Measure; ends with 1 where somebody was not served, or p95 is above a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--members", type=int, default=99_990)
    parser.add_argument("--workers", type=int, nargs="+", default=(1, 2, 4))
    parser.add_argument("--kept", type=Path, default=KEPT)
    parser.add_argument("--knee", action="store_true", help="also: how many more could come")
    asked = parser.parse_args()
    announce()
    with home_at_scale(asked.engine, members=asked.members, kept=asked.kept) as home:
        good = [measure(home, workers=workers, knee=asked.knee) for workers in asked.workers]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
