"""300 people who hand in a quiz in the same minute: how long each waits, and that none is lost, on both databases.

``python -m bench.quiz [--people N]``. One worker. It
ends with 1 where the 95th of a hundred waits longer than its goal, or an attempt is missing.
"""

import argparse
import http.client
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.fernet import Fernet
from sqlalchemy import func, select

from app.core import clock
from app.core.ids import new_id
from app.core.settings import settings
from app.features.ledger.models import Fact
from app.features.study.quiz.models import QuizAttempt
from app.features.study.quiz.service import NewAttempt
from bench.installation import ENGINES, Installation, installation
from tests.features.study.quizzes import attempt, make_quiz
from tests.makers import Person, as_member

GOAL_S: Final = 1.0
PHONES: Final = 40
"""Connections at a time; the next phone begins where one is done."""
RIGHT: Final = ("A", "B", "AC", "ABD", "T")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=60, help="in which they send")
    said = parser.parse_args()
    missed = False
    for engine in ENGINES:
        with tempfile.TemporaryDirectory(prefix="sanliang-bench-") as folder:
            waits, kept, facts = _run(Path(folder), engine, said.people, said.seconds)
        p50, p95 = (sorted(waits)[min(len(waits) - 1, len(waits) * part // 100)] for part in (50, 95))
        print(f"{engine:10} {len(waits)} sent, {kept} kept, {facts} passes; p50 {p50:.3f} s, p95 {p95:.3f} s")
        missed |= p95 > GOAL_S or kept != said.people or facts != said.people
    print(f"Goal: p95 below {GOAL_S} s, none lost{', missed' if missed else ''}")
    sys.exit(missed)


def _run(folder: Path, engine: str, people: int, seconds: float) -> tuple[list[float], int, int]:
    key = folder / "contacts.key"
    key.write_text(f"{Fernet.generate_key().decode()}\n", "ascii")
    os.environ["SANLIANG_CONTACTS_KEY"] = str(key)  # the server's signature, of the sets that phones keep
    settings.cache_clear()
    with installation(folder, engine, members=people + 1) as here:
        with here.database.write() as session:
            now = clock.now()
            moments = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=1)}
            quiz_id = make_quiz(session, here.people.sam, **moments)
        with here.database.read() as session:
            sent = [(one, _envelope(one, attempt(session, quiz_id, one, RIGHT))) for one in here.members]
        here.server.start()
        _post(here, *sent.pop())  # statements are compiled by then
        with ThreadPoolExecutor(PHONES) as phones:
            start = time.monotonic()
            waits = list(phones.map(lambda at: _at(here, start + at[0] * seconds / people, *at[1]), enumerate(sent)))
        with here.database.read() as session:
            kept = session.scalar(select(func.count()).select_from(QuizAttempt).where(QuizAttempt.counts)) or 0
            facts = session.scalar(select(func.count()).select_from(Fact)) or 0
    return waits, kept - 1, facts - 1


def _envelope(member: Person, new: NewAttempt) -> dict[str, Any]:
    now = clock.local_time(clock.now()).isoformat()
    payload = {
        "quiz_id": str(new.given.quiz_id),
        "number": new.given.number,
        "signature": new.given.signature,
        "answers": {str(name): letters for name, letters in new.answers.items()},
    }
    item = {"id": str(new_id()), "kind": "quiz.attempt", "payload": payload, "occurred_at": now, "seq": 1}
    return {
        "device_id": f"phone-{member.id}",
        "member_id": str(member.id),
        "sent_at": now,
        "app_version": "0.1.0",
        "items": [item | {"made_offline": True}],
    }


def _at(here: Installation, moment: float, member: Person, envelope: dict[str, Any]) -> float:
    time.sleep(max(0.0, moment - time.monotonic()))
    return _post(here, member, envelope)


def _post(here: Installation, member: Person, envelope: dict[str, Any]) -> float:
    line = http.client.HTTPConnection("127.0.0.1", here.server.port)
    headers = as_member(member) | {"Content-Type": "application/json"}
    began = time.monotonic()
    line.request("POST", "/sync", json.dumps(envelope), headers)
    verdicts = json.loads(line.getresponse().read())["verdicts"]
    took = time.monotonic() - began
    line.close()
    assert [verdict["verdict"] for verdict in verdicts] == ["accepted"], verdicts
    return took


if __name__ == "__main__":
    main()
