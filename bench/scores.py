"""Quantified management at scale: a sheet, a year's sheets of everybody, and what totals and chain cost a posting.

Run with ``python -m bench.scores``; the installation is made once and kept outside the repository (``bench.scale``).
"""

import argparse
import gc
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.chain import BEGINNING
from app.core.db import Database, refusing
from app.features.ledger import service as ledger
from app.features.ledger.models import Fact
from app.features.ledger.new_facts import NewFact
from app.features.ledger.rules import FactType, SourceTakenError
from app.features.members.models import Member
from app.features.streams import announce
from bench.furnish import MEMBER
from bench.pages import HEADINGS, Home, Page, compare
from bench.scale import KEPT, home_at_scale, last_year
from bench.year import compare_year

PAGES: Final = (
    (Page("sheet", f"/sheet/{last_year()}", MEMBER), 5.0),
    (Page("publicity, 50", f"/publicity/{last_year()}/4", MEMBER), 10.0),
)
"""Each with the CPU in ms that it may cost."""
YEAR_GOAL: Final = 3.0
"""Times the CPU of the statement by hand."""
POST_GOAL: Final = 2.0
"""Times the CPU of posting without totals and chain."""
GROWS_BY: Final = 16
"""Megabytes that the memory of the second half may lie above that of the first."""
WRITERS: Final = 8
POSTS: Final = 40
"""Of each writer in each of ``ROUNDS``."""
ROUNDS: Final = 5
_FACTS: Final = cast(Table, Fact.__table__)


def compare_posting(home: Home) -> float:
    """Print what posting costs ``WRITERS`` at once, with totals and chain and without; gives the ratio of CPU."""
    database = Database(home.url)
    with database.read() as session:
        people = session.execute(select(Member.id, Member.branch_id).limit(5000)).all()
    ways = {"without": _bare, "with": lambda session, fact: ledger.append(session, [fact])}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, post in ways.items():
            began = home.own_cpu()
            seconds = _race(database, people, post)
            found[name].append((home.own_cpu() - began, seconds))
    database.close()
    (bare, bare_s), (whole, whole_s) = (
        [min(numbers) * 1000 / (WRITERS * POSTS) for numbers in zip(*found[name], strict=True)] for name in ways
    )
    print(
        f"{home.name:11}posting, {WRITERS} writers: {bare:.2f} ms CPU a fact without totals and chain, "
        f"{whole:.2f} with, ratio {whole / bare:.2f}; {bare_s:.1f} and {whole_s:.1f} ms of the clock",
        flush=True,
    )
    return float(whole / bare)


def _race(database: Database, people: Sequence[Any], post: Callable[[Session, NewFact], object]) -> float:
    def write(number: int) -> None:
        for turn in range(POSTS):
            member_id, branch_id = people[(number * 617 + turn * 37) % len(people)]
            with database.write() as session:
                post(session, _fact(member_id, branch_id))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    began = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return time.perf_counter() - began


def _fact(member_id: UUID, branch_id: UUID) -> NewFact:
    day = date(clock.today().year, 1, 9)
    return NewFact(
        branch_id=branch_id,
        member_id=member_id,
        fact_type=FactType.STUDY_ITEM,
        occurred_on=day,
        counts_in=day.replace(day=1),
        source="bench.posting",
        source_id=str(uuid4()),
        recorded_by_id=member_id,
    )


def _bare(session: Session, fact: NewFact) -> None:
    """The same without totals and chain: no end of a chain is held, nothing is hashed, nothing is added up.

    What a fact may be is asked all the same, and that its source is posted once.
    """
    entry = fact.entry(clock.now())
    if ledger.facts_of(session, entry.source, [entry.source_id]):
        raise SourceTakenError
    row = entry._asdict() | {"seq": uuid4().int % 2**31, "previous_digest": BEGINNING, "digest": BEGINNING}
    with refusing(session, {"uq_facts_source": SourceTakenError}, rows_alone=True):
        session.connection().execute(_FACTS.insert(), [row])


def main() -> None:
    """Measure, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40, help="of each page in each round")
    parser.add_argument("--database", choices=("both", "sqlite", "postgres"), default="both")
    parser.add_argument("--only", choices=("pages", "year", "posting"))
    parser.add_argument("--kept", type=Path, default=KEPT, help="where the installation is made and kept")
    wanted = parser.parse_args()
    announce()
    gc.freeze()  # as a server does
    missed = []
    for engine in ("sqlite", "postgres"):
        if wanted.database not in ("both", engine):
            continue
        with home_at_scale(engine, members=wanted.members, kept=wanted.kept) as home:
            if wanted.only in (None, "year"):
                ratio, grown = compare_year(home)
                missed += [f"{home.name}: year's sheets {ratio:.1f}"] if ratio > YEAR_GOAL else []
                missed += [f"{home.name}: memory {grown:+.0f} MB"] if grown > GROWS_BY else []
            if wanted.only in (None, "pages"):
                print(HEADINGS)
                found = compare(home, [page for page, _goal in PAGES], workers=1, requests=wanted.requests)
                missed += [
                    f"{home.name}: {page.name} {ours.cpu_ms:.1f} ms"
                    for (page, goal), (_hand, ours) in zip(PAGES, found, strict=True)
                    if ours.cpu_ms > goal
                ]
            if wanted.only in (None, "posting"):
                ratio = compare_posting(home)
                missed += [f"{home.name}: posting {ratio:.2f}"] if ratio > POST_GOAL else []
    print("\nMissed: " + "; ".join(missed) if missed else "\nEvery goal is met.")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
