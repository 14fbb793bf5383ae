"""No page of everyday reads a table that grows from end to end: what it reads is found by an index."""

import re
from dataclasses import asdict
from typing import Any, Final

import pytest
from sqlalchemy import event, insert, text

from app.core import clock
from app.core.db import Base
from app.core.ids import new_id
from app.features.ledger import service as ledger
from app.features.reviews.models import Review
from tests.features.ledger.makers import new_fact
from tests.features.reviews.makers import new_review
from tests.makers import as_member

EVERY_DAY = {
    "alice": [
        "/",
        "/me/export.json",
        "/sheet",
        "/wishes",
        "/wishes/mine",
        "/shows",
        "/shows/wall",
        "/members",
        "/study",
        "/study/plan",
        "/study/plan/paper",
        "/study/materials",
        "/leave",
        "/meetings",
        "/meetings/month",
        "/talks",
        "/sheet/2026/lines/B2",
        "/objections/new?year=2026&quarter=1",
        "/shows/pledges/colleagues",
        "/shows/prints/sheet",
    ],
    "sam": [
        "/",
        "/today/text",
        "/approvals",
        "/slips",
        "/members",
        "/organisations",
        "/shows/branch",
        "/shows/duties/branch",
        "/sheets",
        "/wishes/desk",
        "/wishes/year",
        "/leave/branch",
        "/meetings",
        "/meetings/calendar",
        "/meetings/year",
        "/study/reports",
        "/study/plan/bring",
        "/study/plan/new",
        "/approvals/decided",
        "/appraisals",
        "/quarter",
        "/quarter/2026/1/ledger",
        "/meetings/make-ups",
        "/study/branch",
        "/study/questions",
        "/study/spot-checks",
        "/study/quizzes/new",
        "/objections/register",
        "/shows/pledges/branch",
        "/roster/export.xlsx",
    ],
    "carl": [
        "/",
        "/slips",
        "/organisations",
        "/organisations/board",
        "/organisations/board/asked",
        "/study/reports/branches",
        "/members",
        "/leave/branch",
        "/approvals",
        "/approvals/decided",
        "/archive/above",
        "/quarter/branches",
    ],
}
FEW = {"published_rule_sets", "holiday_lists"}
"""Tables with a handful of rows, however large the house is."""


@pytest.fixture
def scanned(database):
    """The tables that were read from end to end, each with a statement that did."""
    found: dict[str, str] = {}

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            plan = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            details = [detail for *_ids, detail in plan.fetchall()]
            tables = {read_whole(detail, statement) for detail in details} - {None, *FEW}
            found.update(dict.fromkeys(tables, statement))

    event.listen(database.reader, "before_cursor_execute", explain)
    yield found
    event.remove(database.reader, "before_cursor_execute", explain)


def read_whole(detail, statement):
    """The table that a line of a plan reads from end to end; one in the order of an index may end before.

    What is looked for under NULL in a unique index is nearly every row.
    """
    scan = re.match(r"SCAN (\w+?)(_\d+)?( USING COVERING INDEX \w+| USING INDEX sqlite_autoindex_\w+)?$", detail)
    if scan and re.search(r"\bLIMIT \S+( OFFSET \S+)?$", statement.strip()) and "sqlite_autoindex" in detail:
        return None
    null = re.match(r"SEARCH (\w+?)(_\d+)? USING (?:COVERING )?INDEX sqlite_autoindex_\w+ \((\w+)=\?\)$", detail)
    if null and f"{null[1]}{null[2] or ''}.{null[3]} IS NULL" in statement and null[3] != "parent_id":
        scan = null
    return scan[1] if scan and scan[1] in Base.metadata.tables else None


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in EVERY_DAY.items() for path in paths])
@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_nothing_that_grows_is_read_from_end_to_end(client, scanned, request, who, path):
    headers = as_member(request.getfixturevalue(who))
    assert client.get(path, headers=headers, follow_redirects=True).status_code == 200
    assert scanned == {}


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_no_page_builds_an_index_of_the_ledger_once_its_rows_were_counted(client, database, given, alice):
    """SQLite does so once it knows that hardly any row takes another one back: 50 ms for 30,000 facts."""
    given(ledger.append, [new_fact(alice, counts_in=clock.today().replace(day=1)) for _ in range(300)])
    with database.write() as session:
        session.execute(text("ANALYZE"))
    plans = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "LEFT OUTER JOIN facts" in statement:
            plan = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(detail for *_ids, detail in plan.fetchall())

    event.listen(database.reader, "before_cursor_execute", explain)
    client.get(f"/sheet/{clock.today().year}/lines/B2", headers=as_member(alice))
    event.remove(database.reader, "before_cursor_execute", explain)
    assert any("ix_facts_taken_back" in detail for detail in plans)
    assert not [detail for detail in plans if "AUTOMATIC" in detail]


@pytest.fixture
def work(database):
    """How many steps SQLite's machine took since the last time it was asked."""
    taken = [0]

    def watch(connection: Any, *_said: Any) -> None:
        connection.connection.dbapi_connection.set_progress_handler(lambda: taken.__setitem__(0, taken[0] + 1), 10)

    event.listen(database.reader, "before_cursor_execute", watch)
    yield lambda: (taken[0], taken.__setitem__(0, 0))[0]
    event.remove(database.reader, "before_cursor_execute", watch)


@pytest.mark.parametrize("path", ["/", "/approvals", "/approvals/decided"])
@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_what_officers_of_a_branch_decide_costs_nobody_above(client, given, work, carl, sam, alice, path):
    """Sam's branch has two officers: carl's pages do not look at its records, however many they are."""
    headers, said = as_member(carl), {"status": "approved", "decided_by_id": sam.id}

    def hundred(session: Any, **columns: Any) -> None:
        for _ in range(100):
            row = {"id": new_id(), "detail": {}, "status": "pending", "round": 1, "flags": (), **columns}
            session.execute(insert(Review), asdict(new_review(alice)) | row)

    def decided(session: Any) -> None:
        hundred(session, decided_at=clock.now(), decision_id=new_id(), **said)

    costs = []
    for _ in range(3):
        given(hundred)
        given(decided)
        client.get(path, headers=headers)
        work()
        assert client.get(path, headers=headers).status_code == 200
        costs.append(work())
    assert costs[0] > 10
    assert costs[2] - costs[0] < costs[0] / 50


ALL: Final = "SELECT members.name FROM members"
BY_NULL: Final = "SELECT facts.id FROM facts WHERE facts.reversal_of IS NULL"
IN_ORDER: Final = "SCAN members USING INDEX sqlite_autoindex_members_1"


@pytest.mark.parametrize(
    ("detail", "statement", "table"),
    [
        ("SCAN members", ALL, "members"),
        ("SCAN members_1 USING COVERING INDEX ix_members_directory", ALL, "members"),
        ("SCAN members USING INDEX ix_members_directory", ALL, None),
        (IN_ORDER, ALL, "members"),
        (IN_ORDER, f"{ALL} LIMIT ? OFFSET ?", None),
        (IN_ORDER, f"SELECT (SELECT 1 FROM facts LIMIT 1) FROM ({ALL})", "members"),
        ("SEARCH members USING INDEX ix_members_directory (branch_id=?)", ALL, None),
        ("SEARCH facts USING INDEX sqlite_autoindex_facts_2 (reversal_of=?)", BY_NULL, "facts"),
        ("SEARCH facts USING COVERING INDEX sqlite_autoindex_facts_2 (reversal_of=?)", BY_NULL, "facts"),
        ("SEARCH facts USING INDEX sqlite_autoindex_facts_2 (reversal_of=?)", BY_NULL.replace("IS NULL", "= ?"), None),
        ("SCAN tree", ALL, None),
    ],
)
def test_the_check_can_fail(detail, statement, table):
    assert read_whole(detail, statement) == table
