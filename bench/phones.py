"""Simulated phones: they capture, queue, send, and forget only what a verdict has named. Source: docs/sync.md."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.core import clock
from app.core.ids import new_id
from tests.makers import Person, as_member

BATCH: Final = 50
SETTLED: Final = frozenset({"accepted", "duplicate", "review", "held", "withdrawn"})
"""Verdicts after which the phone forgets an item."""
NEEDS_YOU: Final = frozenset({"conflict", "refused"})


@dataclass
class Act:
    """One captured item, and what the bench knows of it that the phone's clock does not say."""

    item: dict[str, Any]
    happened_at: datetime
    """True time."""
    withdraws: UUID | None = None
    verdicts: list[str] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """The id of the item."""
        return UUID(self.item["id"])


class Phone:
    """One member's phone with a wrong clock, a queue, and two tabs that send it at the same time."""

    def __init__(self, member: Person, port: int, dice: random.Random) -> None:
        """A phone whose clock is off by up to three days."""
        self.member = member
        self.acts: dict[UUID, Act] = {}
        self.answers: Counter[str] = Counter()
        """How many requests ended with which status; ``none`` if no whole answer came."""
        self.captured_all = threading.Event()
        self._port = port
        self.dice = dice
        self._clock_error = timedelta(seconds=dice.uniform(-3, 3) * 86_400)
        self._queue: dict[UUID, Act] = {}
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """Items that no verdict has named."""
        return len(self._queue)

    def capture(self) -> None:
        """Record something: mostly a study record, sometimes one that builds on another, sometimes a withdrawal."""
        kind, payload, after, withdrawn = "study.record", self._study(), None, None
        earlier = [act for act in self.acts.values() if act.withdraws is None]
        if earlier and self.dice.random() < 0.1:
            withdrawn = self.dice.choice(earlier).id
            kind, payload = "withdraw", {"id": str(withdrawn)}
        elif earlier and self.dice.random() < 0.15:
            after = str(earlier[-1].id)
        now = clock.now()
        act = Act(
            {
                "id": str(new_id()),
                "kind": kind,
                "payload": payload,
                "occurred_at": self._by_own_clock(now),
                "seq": len(self.acts) + 1,
                "depends_on": after,
                "made_offline": True,
                "would_be_refused": None,
            },
            happened_at=now.astimezone(UTC),
            withdraws=withdrawn,
        )
        with self._lock:
            self.acts[act.id] = self._queue[act.id] = act

    def send(self) -> None:
        """Send part of the queue, in any order, sometimes with what was sent before; keep what is not named."""
        with self._lock:
            batch = list(self._queue.values())
            if self.acts and self.dice.random() < 0.3:
                batch += self.dice.choices(list(self.acts.values()), k=5)
        self.dice.shuffle(batch)
        batch = batch[: self.dice.randint(1, BATCH)]
        if batch:
            self._settle(batch, self._post(batch))

    def send_everything_again(self) -> None:
        """Replay all that was ever recorded here, as a phone that was restored from an old copy would."""
        acts = list(self.acts.values())
        for start in range(0, len(acts), BATCH):
            self._settle(acts[start : start + BATCH], self._post(acts[start : start + BATCH]))

    def _study(self) -> dict[str, Any]:
        return {"title": f"学习材料 {new_id()}", "minutes": 1, "takeaway": None}

    def _by_own_clock(self, moment: datetime) -> str:
        return clock.local_time(moment + self._clock_error).isoformat(timespec="milliseconds")

    def _post(self, batch: list[Act]) -> list[dict[str, Any]]:
        """The verdicts, or nothing if no whole answer came."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        envelope = {
            "device_id": f"soak-{self.member.id}",
            "member_id": str(self.member.id),
            "sent_at": self._by_own_clock(clock.now()),
            "app_version": "0.1.0",
            "items": [act.item for act in batch],
        }
        headers = as_member(self.member) | {"Content-Type": "application/json", "Connection": "close"}
        try:
            line.request("POST", "/sync", json.dumps(envelope), headers)
            answer = line.getresponse()
            said = answer.read()
            body = json.loads(said) if answer.status == 200 else {}  # a proxy says no in a page
        except (OSError, http.client.HTTPException, ValueError):
            self.answers["none"] += 1
            time.sleep(self.dice.uniform(0.1, 1))
            return []
        finally:
            line.close()
        says_when = answer.status != 503 or answer.headers["Retry-After"]
        self.answers[str(answer.status) if says_when else "503 that does not say when to come again"] += 1
        if answer.status != 200:
            time.sleep(0.2)
            return []
        verdicts: list[dict[str, Any]] = body["verdicts"]
        return verdicts

    def _settle(self, batch: list[Act], verdicts: list[dict[str, Any]]) -> None:
        for act, verdict in zip(batch, verdicts, strict=False):
            assert verdict["id"] == act.item["id"], "a verdict for another item"
            act.verdicts.append(verdict["verdict"])
            if verdict["verdict"] in SETTLED | NEEDS_YOU:
                with self._lock:
                    self._queue.pop(act.id, None)
