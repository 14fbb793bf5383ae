"""An installation at scale: branches of twenty with a year of facts, chained and added up. Made once and kept.

It lies outside the repository, one for each number of people; a newer schema is brought to it. PostgreSQL takes over
what SQLite has, if that is there.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from app.core import clock, passwords
from app.core.chain import EMPTY
from app.core.db import Database
from app.core.ids import new_id
from app.features.ledger import anchors
from app.features.ledger.chain import Entry, extend, sums
from app.features.ledger.models import Fact, LedgerHead, LedgerTotal
from app.features.ledger.rules import FactType
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.rules import OrganisationKind, Role
from app.features.scores.models import RulePeriod
from app.features.scores.publicity import queries as publicity
from app.features.scores.publicity.models import Publicity
from app.features.sign_in.models import Credential
from bench.copying import copy_tables
from bench.furnish import MEMBER, PASSWORD, SECRETARY
from bench.installation import database_url
from bench.pages import Home
from tests.schema import create_schema

BRANCH: Final = 20
FIRST_BRANCH: Final = 50
"""Members of the branch whose pages are opened."""
AT_ONCE: Final = 25
"""Branches that are written in one transaction."""
KEPT: Final = Path(tempfile.gettempdir()) / "sanliang-bench-scale"
TABLES: Final = (Organisation, Member, Credential, RoleTerm, RulePeriod, Fact, LedgerHead, LedgerTotal)
"""All that is written here, whom others point to first."""
GRADES: Final = ("good", "good", "good", "fairly_good", "average", "not_graded")
LEVELS: Final = ("unit", "division", "department")


def last_year() -> int:
    """The year whose sheets are made: it is over, and so is every month of it."""
    return clock.today().year - 1


@contextmanager
def home_at_scale(engine: str, *, members: int, kept: Path = KEPT) -> Iterator[Home]:
    """The database ``engine`` (sqlite or postgres) with so many ``members``, furnished if it is not yet."""
    folder = kept / f"{engine}-{members}"
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "whole"
    if not mark.is_file():
        shutil.rmtree(folder)
        folder.mkdir()
    with database_url(folder, engine) as (url, pid):
        create_schema(url)
        if not mark.is_file():
            other = kept / f"sqlite-{members}"
            if engine == "postgres" and (other / mark.name).is_file():
                copy_tables(other / "sanliang.db", url, TABLES)
            else:
                _furnish(url, members)
            mark.touch()
        _publicise(url)
        yield Home("SQLite" if engine == "sqlite" else "PostgreSQL", url, pid, folder)


def _furnish(url: str, members: int) -> None:
    database, chance, began = Database(url), random.Random(members), time.monotonic()
    with database.write() as session:
        root = new_id()
        place = {"id": root, "kind": OrganisationKind.COMMITTEE, "name": "机关党委", "pinyin": "ji guan"}
        session.execute(insert(Organisation), [place])
        session.execute(insert(RulePeriod), [{"year": last_year(), "version": "2026.1"}])
    sizes = [FIRST_BRANCH, *[BRANCH] * ((members - FIRST_BRANCH) // BRANCH)]
    for first in range(0, len(sizes), AT_ONCE):
        with database.write() as session:
            _write(session, root, sizes[first : first + AT_ONCE], first, chance)
        if sys.stderr.isatty():
            print(f"\r{first} of {len(sizes)} branches", end="", file=sys.stderr)
    with database.write() as session:
        session.execute(text("ANALYZE"))
        facts = session.scalar(select(func.count()).select_from(Fact))
    database.close()
    print(f"made {sum(sizes)} people with {facts} facts in {time.monotonic() - began:.0f} s", flush=True)


def _publicise(url: str) -> None:
    """The last quarter is publicised in the branch whose pages are opened, if it is not yet."""
    database = Database(url)
    with database.write() as session:
        people = select(Member.id, Member.branch_id).where(Member.phone.in_((SECRETARY, MEMBER))).order_by(Member.phone)
        (one, branch_id), (other, _branch) = session.execute(people).all()
        if publicity.current(session, branch_id, last_year(), 4) is None:
            now, today = clock.now(), clock.today()
            by = {f"{step}_by_id": one for step in ("proposed", "checked", "published")} | {"approved_by_id": other}
            at = {f"{step}_at": now for step in ("proposed", "checked", "approved", "published")}
            days = {"opened_on": today, "ends_on": today + timedelta(3), "objections_until": today + timedelta(6)}
            period = {"branch_id": branch_id, "year": last_year(), "quarter": 4, "working_days": 3}
            head = anchors.head_of(session, branch_id).whole
            session.add(Publicity(**period, **by, **at, **days, reception="王小明", heads=head))
    database.close()


def _write(session: Session, root: UUID, sizes: list[int], first: int, chance: random.Random) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in (Organisation, Member, Credential, RoleTerm)}
    entries: list[Entry] = []
    for number, size in enumerate(sizes, first):
        name, branch_id = f"第{number:05}党支部", new_id()
        kind = {"kind": OrganisationKind.BRANCH, "name": name, "pinyin": name, "parent_id": root}
        rows[Organisation].append({"id": branch_id} | kind)
        people = [new_id() for _ in range(size)]
        for place, member_id in enumerate(people):
            serial = number * FIRST_BRANCH + place
            said = {"name": f"党员{place:02}", "pinyin": f"dang yuan {place:02}", "member_number": f"S{serial:08}"}
            phone = {0: SECRETARY, 1: MEMBER}.get(serial, f"139{serial:08}")
            rows[Member].append({"id": member_id, "branch_id": branch_id, "phone": phone} | said)
            if serial < 2:
                rows[Credential].append({"member_id": member_id, "password_hash": passwords.hash_password(PASSWORD)})
            entries += _year(chance, branch_id, member_id, recorder=people[0])
        post = {"role": Role.SECRETARY, "starts_on": date(2020, 1, 1)}
        rows[RoleTerm].append({"member_id": people[0], "organisation_id": branch_id} | post)
    links = list(extend(dict.fromkeys({entry.branch_id for entry in entries}, EMPTY), entries))
    ends = {link.entry.branch_id: {"seq": link.entry.seq, "digest": link.digest} for link in links}
    rows[Fact] = [
        link.entry._asdict() | {"previous_digest": link.previous_digest, "digest": link.digest} for link in links
    ]
    rows[LedgerHead] = [{"branch_id": branch_id} | end for branch_id, end in ends.items()]
    rows[LedgerTotal] = [
        key._asdict() | {"count": count, "quantity": quantity} for key, (count, quantity) in sums(entries)
    ]
    for model, of_it in rows.items():
        if of_it:
            session.execute(insert(model.__table__), of_it)


def _year(chance: random.Random, branch_id: UUID, member_id: UUID, *, recorder: UUID) -> Iterator[Entry]:
    """A year of one person, about fourteen facts."""
    year = last_year()
    quarters = [(date(year, month, 28), FactType.APPRAISAL_QUARTER, chance.choice(GRADES)) for month in (3, 6, 9, 12)]
    met = [(date(year, chance.randint(1, 12), 6), FactType.ATTENDANCE_PRESENT, "") for _ in range(3)]
    studied = [(date(year, chance.randint(1, 12), 9), FactType.STUDY_ITEM, "") for _ in range(chance.randint(0, 4))]
    kept = [(date(year, 12, 1), FactType.PLEDGE_KEPT, "")] * chance.randint(1, 3)
    rare = [
        (
            date(year, chance.randint(1, 12), 15),
            kind,
            chance.choice(LEVELS) if kind is FactType.BONUS_COMMENDATION else "",
        )
        for kind, percent in _RARE
        if chance.random() * 100 < percent
    ]
    reviewed = [(date(year, 12, 31), FactType.REVIEW_RESULT, "")]
    for day, kind, grade in sorted([*quarters, *met, *studied, *kept, *rare, *reviewed]):
        name = new_id()
        yield Entry(
            branch_id=branch_id,
            seq=0,
            id=name,
            member_id=member_id,
            fact_type=kind,
            grade=grade,
            quantity=chance.randint(500, 1000) if kind is FactType.REVIEW_RESULT else 100,
            occurred_on=day,
            counts_in=day.replace(day=1),
            source="bench",
            source_id=str(name),
            matter=chance.choice(("", "抗洪抢险")) if kind is FactType.BONUS_COMMENDATION else "",
            recorded_by_id=recorder,
            confirmed_by_id=None,
            note="",
            reversal_of=None,
            posted_at=datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=9),
        )


_RARE: Final = (
    (FactType.ATTENDANCE_ABSENT, 15),
    (FactType.ATTENDANCE_LATE, 10),
    (FactType.ATTENDANCE_PRIVATE_LEAVE, 5),
    (FactType.STUDY_SESSION, 60),
    (FactType.STUDY_QUIZ_PASSED, 30),
    (FactType.LEAVE_UNREPORTED, 5),
    (FactType.LEAVE_OVERDUE, 2),
    (FactType.PLEDGE_MISSED, 20),
    (FactType.SERVICE_WISH_REALISED, 60),
    (FactType.SERVICE_HALF_DAY, 40),
    (FactType.TASK_URGENT, 15),
    (FactType.BONUS_LECTURE, 5),
    (FactType.BONUS_COMMENDATION, 5),
)
"""How many in a hundred people have one of it in a year."""
