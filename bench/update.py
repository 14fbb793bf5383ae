"""An update while people go on, between two true versions: phones send, browsers read, PostgreSQL is stopped once.

``git worktree add /tmp/old COMMIT``, build its ``web/`` there, then ``python -m bench.update --old /tmp/old``. The
test of it (``tests/commands/test_updating.py``) knows this version alone and one made up of it.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.core.db import Database
from app.features.sync.models import InboxItem
from tests.databases import start_server
from tests.makers import make_member, make_people
from tests.replicas import Crowd, behind_nginx
from tests.server import Server


def main() -> int:
    """Update, and say what phones and browsers were answered; ends with 1 where something was lost or was a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old", type=Path, required=True, help="the folder of the version before, built")
    parser.add_argument("--people", type=int, default=8)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sanliang-update-") as name, ExitStack() as stack:
        postgres = start_server(Path(name))
        stack.callback(postgres.cleanup)
        url = postgres.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        old = [stack.enter_context(Server(Path(name, place), url, code=asked.old)) for place in "ab"]
        new = [stack.enter_context(Server(Path(name, place), url)) for place in "aba"]
        for server in old:
            server.folder.mkdir()
        old[0].run("migrate")
        database = Database(url)
        stack.callback(database.close)
        with database.write() as session:
            branch = make_people(session).branch
            people = [make_member(session, branch, f"张测{number}") for number in range(asked.people)]
        for server in old:
            server.start()
        with Crowd(people, stack.enter_context(behind_nginx(Path(name), [*old, *new]))) as crowd:
            for what in update(old, new, postgres):
                before = crowd.answers()
                crowd.goes_on()
                print(f"{what}: {dict(sorted((crowd.answers() - before).items()))}", flush=True)
        crowd.empty()
        print(new[0].run("ledger", "verify").splitlines()[-1])
        return int(is_lost(database, crowd) or bool(crowd.wrong()))


def update(old: Sequence[Server], new: Sequence[Server], postgres: Any) -> Iterator[str]:
    """Server by server; everybody goes on for a while after each step that is named."""
    yield "two servers of the old version"
    new[0].run("migrate")
    yield "migrated; the old version alone"
    new[0].start()
    yield "two old, one new"
    old[0].stop()
    new[1].start()
    yield "one old, two new"
    postgres.stop()
    postgres.start()
    yield "PostgreSQL was stopped and started"
    old[1].stop()
    new[2].start()
    yield "three new"


def is_lost(database: Database, crowd: Crowd) -> bool:
    """Say what was recorded and what is kept; whether anything is not."""
    acts = {act.id for phone in crowd.phones for act in phone.acts.values()}
    with database.read() as session:
        kept = set(session.scalars(select(InboxItem.id)))
    waiting = sum(phone.waiting for phone in crowd.phones)
    print(f"recorded {len(acts)}, kept {len(kept)}, lost {len(acts - kept)}, still on phones {waiting}")
    print("nobody should have met:", crowd.wrong() or "nothing of it was met")
    return bool(acts - kept or waiting)


if __name__ == "__main__":
    sys.exit(main())
