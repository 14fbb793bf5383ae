"""A trial of a changed rule set over everybody's sheets: how long, how much memory, how it is ended.

Run with ``python -m bench.trial``; the installation is that of ``bench.scale``.
"""

import argparse
import gc
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from sqlalchemy import select

from app.core import clock
from app.core.db import Database
from app.features.members.models import Member
from app.features.scores.drafts import queries as drafts
from app.features.scores.drafts.editing import as_text
from app.features.scores.periods import period_of
from app.features.scores.trials import rules, service
from app.features.scores.trials.models import RuleTrial
from app.features.scores.versions import parsed, rules_of, source, version_of
from app.features.streams import announce
from bench.pages import Home
from bench.processes import megabytes
from bench.scale import KEPT, home_at_scale, last_year
from bench.scores import GROWS_BY

END_GOAL_S: Final = 3.0
"""Seconds between two words of how far it is, and so until an end is heard."""


def changed(database: Database) -> service.Tried:
    """A study item gives 0.3 instead of 0.2, on the whole of last year."""
    with database.read() as session:
        version = version_of(session, last_year())
        own, before = rules_of(session, version), drafts.piece(source(session, version).text)
    after = drafts.piece(as_text(before))
    after["sections"][1]["rules"][1]["parts"][1]["each"] = "0.3"
    text, period = as_text(after), period_of(clock.today(), year=last_year())
    return service.Tried(version, version, period, version, before, after, text, (own, parsed(text)))


def try_everybody(home: Home) -> tuple[float, float]:
    """Print what the trial costs; gives the megabytes by which its second half grew, and its longest stretch in s."""
    database = Database(home.url)
    what = changed(database)
    with database.read() as session:
        actor: Any = SimpleNamespace(member_id=session.scalars(select(Member.id).limit(1)).one())
    began, longest, memory = home.own_cpu(), 0.0, list[float]()
    with database.write() as session:
        service.begin(session, actor, what)
    while (row := _how_far(database, actor)) and not row.is_over:
        at = time.monotonic()
        service.go_on(database, actor, what)
        longest = max(longest, time.monotonic() - at)
        memory.append(megabytes())
        if sys.stderr.isatty():
            print(f"\r{row.done} of {row.total}", end="", file=sys.stderr)
    if row is None:
        raise rules.TrialOverError
    found, spent, half = rules.result(service.counted(row)), home.own_cpu() - began, max(1, len(memory) // 2)
    with database.write() as session:
        service.cancel(session, actor)
    left = _how_far(database, actor)
    database.close()
    if left or row.done != row.total or found.changed.number is None:
        raise RuntimeError("the trial did not count everybody, or something of it stayed")
    grown = max(memory[half:] or memory) - max(memory[:half])
    print(
        f"{home.name:11}trial over {row.total} sheets: {spent:.1f} s CPU, {spent / row.total * 1000:.2f} ms a sheet, "
        f"{found.changed.number} change; {len(memory)} stretches, the longest {longest:.1f} s; "
        f"memory {max(memory):.0f} MB, in the second half {grown:+.0f} MB",
        flush=True,
    )
    return grown, longest


def _how_far(database: Database, actor: Any) -> RuleTrial | None:
    with database.read() as session:
        return service.of_actor(session, actor)


def main() -> None:
    """Measure, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--database", choices=("both", "sqlite", "postgres"), default="both")
    parser.add_argument("--kept", type=Path, default=KEPT, help="where the installation is made and kept")
    wanted = parser.parse_args()
    announce()
    gc.freeze()  # as a server does
    missed = []
    for engine in ("sqlite", "postgres"):
        if wanted.database in ("both", engine):
            with home_at_scale(engine, members=wanted.members, kept=wanted.kept) as home:
                grown, longest = try_everybody(home)
                missed += [f"{home.name}: memory {grown:+.0f} MB"] if grown > GROWS_BY else []
                missed += [f"{home.name}: a stretch of {longest:.1f} s"] if longest > END_GOAL_S else []
    print("\nMissed: " + "; ".join(missed) if missed else "\nEvery goal is met.")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
