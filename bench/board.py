"""What the committee's board costs with 5,000 branches: CPU a page, beside its statements as text through the driver.

Run with ``python -m bench.board``. The branches are invented, outside the repository, and gone at the end.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.core.ids import new_id
from app.core.schema import migrate
from app.core.settings import Settings
from app.features.board import queries
from app.features.members.models import Member, Organisation, RoleTerm
from app.features.members.names import pinyin_key, place_key
from app.features.members.rules import OrganisationKind, Role
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.shows.duties.models import Duty
from app.features.shows.duties.rules import DutyKind, DutySource, Repeat
from app.features.sign_in.models import Credential
from app.main import create_app
from bench.processes import cpu_seconds
from tests.databases import postgres_server, scratch_folder
from tests.makers import as_member, make_branch, make_committee, make_member

BRANCHES: Final = 5_000
MEMBERS: Final = 12
"""Of each branch; one is its secretary, all but two have a password."""
ROUNDS: Final = 30
GOAL_MS: Final = 50.0
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫"
ADDRESSES: Final = (
    ("first page", "/organisations/board"),
    ("only overdue", "/organisations/board?only=overdue"),
    ("looked for", "/organisations/board?q=d4999"),
    ("by initials", "/organisations/board?q=zxl"),
)
_PAGE: Final = "SELECT id, name FROM organisations WHERE kind = 'branch' ORDER BY pinyin, id LIMIT 51"
_COUNTS: Final = (
    (
        "SELECT t.organisation_id, m.name, m.phone FROM role_terms t JOIN members m ON m.id = t.member_id"
        " WHERE t.role = 'secretary' AND t.ends_on IS NULL AND t.organisation_id IN ({ids})"
    ),
    (
        "SELECT m.branch_id, count(m.id), count(c.member_id) FROM members m LEFT JOIN credentials c"
        " ON c.member_id = m.id WHERE m.branch_id IN ({ids}) AND m.left_on IS NULL GROUP BY m.branch_id"
    ),
    "SELECT branch_id, count(*) FROM reviews WHERE branch_id IN ({ids}) AND status = 'pending' GROUP BY branch_id",
    (
        "SELECT m.branch_id, count(*) FROM members m WHERE m.branch_id IN ({ids}) AND NOT EXISTS"
        " (SELECT 1 FROM pledges p WHERE p.member_id = m.id AND p.year = 2026) GROUP BY m.branch_id"
    ),
    (
        "SELECT branch_id, count(*) FROM duties d WHERE branch_id IN ({ids}) AND cancelled_at IS NULL AND due_on <"
        " CURRENT_DATE AND NOT EXISTS (SELECT 1 FROM duty_outcomes o WHERE o.duty_id = d.id) GROUP BY branch_id"
    ),
    "SELECT branch_id, count(*) FROM wishes WHERE branch_id IN ({ids}) GROUP BY branch_id",
)


def furnish(session: Session) -> dict[str, str]:
    """5,000 branches of twelve, with what waits and what is late; gives the headers of a committee officer."""
    committee = make_committee(session)
    office = make_branch(session, "机关党委办公室党支部", parent=committee)
    carl = make_member(session, office, "康立", roles=(Role.COMMITTEE_OFFICER,), at=committee)
    now, today = clock.now(), clock.today()
    branches, members, terms, credentials, reviews, duties = [], [], [], [], [], []
    for number in range(BRANCHES):
        name = f"第{number:04}党支部"
        branch_id = new_id()
        branches.append(
            {
                "id": branch_id,
                "kind": OrganisationKind.BRANCH,
                "name": name,
                "pinyin": place_key(f"第{number:04}党支部") if number < 2 else f"di4 {number:04} dang3 zhi1 bu4",
                "parent_id": committee.id,
            }
        )
        for place in range(MEMBERS):
            surname = (place + number) % len(SURNAMES)
            person = f"{SURNAMES[surname]}晓岚"
            member_id = new_id()
            serial = number * MEMBERS + place
            members.append(
                {
                    "id": member_id,
                    "branch_id": branch_id,
                    "name": person,
                    "pinyin": _KEYS[surname],
                    "phone": f"138{serial:08}",
                    "member_number": f"B{serial:07}",
                }
            )
            if place > 1:
                credentials.append({"member_id": member_id, "password_hash": "x"})
            if place == 0:
                terms.append(
                    {"member_id": member_id, "organisation_id": branch_id, "role": Role.SECRETARY, "starts_on": today}
                )
            if place < 3:
                duty_id = new_id()
                duties.append(
                    {
                        "id": duty_id,
                        "branch_id": branch_id,
                        "member_id": member_id,
                        "kind": DutyKind.WORK,
                        "matter": "归档文书",
                        "due_on": today - timedelta(days=10 * (place - 1)),
                        "source": DutySource.TAKEN,
                        "repeat": Repeat.NONE,
                        "series_id": duty_id,
                        "anchored_on": today,
                        "made_by_id": member_id,
                    }
                )
            if place < 4:
                reviews.append(
                    {
                        "id": new_id(),
                        "kind": "study.record",
                        "branch_id": branch_id,
                        "member_id": member_id,
                        "recorded_by_id": member_id,
                        "title": "《监察法》",
                        "detail": {},
                        "occurred_on": today,
                        "submitted_at": now - timedelta(days=4 * place),
                        "flags": (),
                        "status": ReviewStatus.PENDING,
                    }
                )
    for model, rows in (
        (Organisation, branches),
        (Member, members),
        (RoleTerm, terms),
        (Credential, credentials),
        (Review, reviews),
        (Duty, duties),
    ):
        for first in range(0, len(rows), 5_000):
            session.execute(insert(model), rows[first : first + 5_000])
    return as_member(carl)


_KEYS: Final = [pinyin_key(f"{surname}晓岚") for surname in SURNAMES]


def by_hand(database: Database) -> None:
    """The first page's rows: the same counts in their plainest form, straight through the driver."""
    with database.reader.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        cursor = driver.cursor()
        cursor.execute(_PAGE)
        rows = cursor.fetchall()
        mark = "?" if database.reader.dialect.name == "sqlite" else "%s"
        for statement in _COUNTS:
            cursor.execute(statement.format(ids=", ".join([mark] * len(rows))), [row[0] for row in rows])
            cursor.fetchall()


def cost_ms(what: Callable[[], object], engine_pid: int | None) -> float:
    """CPU of this process and the engine's, once: the mean of ``ROUNDS``, after three that do not count."""
    for _warm in range(3):
        what()
    before = time.process_time() + (cpu_seconds(engine_pid) if engine_pid else 0)
    for _round in range(ROUNDS):
        what()
    after = time.process_time() + (cpu_seconds(engine_pid) if engine_pid else 0)
    return (after - before) * 1000 / ROUNDS


@contextmanager
def furnished(url: str) -> Iterator[tuple[Database, TestClient, dict[str, str]]]:
    """A database with the branches, and the product on it."""
    database = Database(url)
    try:
        migrate(database)
        with database.write() as session:
            headers = furnish(session)
        with database.write() as session:
            session.execute(text("ANALYZE"))
        yield database, TestClient(create_app(Settings(database_url=url), database)), headers
    finally:
        database.close()


def measure(name: str, url: str, engine_pid: int | None) -> bool:
    """Print the costs; whether all are within the goal."""
    with furnished(url) as (database, client, headers):
        hand = cost_ms(lambda: by_hand(database), engine_pid)
        print(f"{name}: {BRANCHES} branches, {BRANCHES * MEMBERS} members")
        print(f"  {'first page, SQL by hand':<26}{hand:8.1f} ms")
        is_good = True
        for label, address in ADDRESSES:
            assert client.get(address, headers=headers).status_code == 200
            cost = cost_ms(partial(client.get, address, headers=headers), engine_pid)
            is_good &= cost <= GOAL_MS
            print(f"  {label:<26}{cost:8.1f} ms")
        print(f"  {queries.PAGE} rows a page; goal {GOAL_MS:.0f} ms")
        return is_good


def main() -> int:
    """Both databases, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("both", "sqlite", "postgres"), default="both")
    wanted = parser.parse_args().engine
    is_good = True
    with scratch_folder() as folder:
        if wanted in ("both", "sqlite"):
            is_good &= measure("SQLite", f"sqlite:///{folder / 'board.db'}", None)
        if wanted in ("both", "postgres"):
            with postgres_server(folder) as engine:
                url = engine.create("board")
                pid = int((Path(folder) / "postgres" / "postmaster.pid").read_text().split()[0])
                is_good &= measure("PostgreSQL", url, pid)
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main())
