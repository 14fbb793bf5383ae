"""Somebody with every right on the database takes the triggers away and changes history: it shows, and where."""

import pytest
from sqlalchemy import insert, select, text

from app.core.chain import FaultKind, digest_of
from app.core.ids import new_id
from app.features.ledger import queries, service
from app.features.ledger.chain import Entry
from app.features.ledger.models import Fact
from tests.features.ledger.makers import new_fact

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('facts', 'ledger_heads')",
    "postgresql": "SELECT tgname || ' ON ' || tgrelid::regclass FROM pg_trigger"
    " WHERE NOT tgisinternal AND tgrelid IN ('facts'::regclass, 'ledger_heads'::regclass)",
}


@pytest.fixture
def tamper(database):
    """Runs SQL without the triggers in its way."""
    with database.write() as session:
        for name in session.scalars(text(TRIGGERS[database.url.get_backend_name()])).all():
            session.execute(text(f"DROP TRIGGER {name}"))

    def run(*statements, **values):
        with database.write() as session:
            for statement in statements:
                session.execute(text(statement), values)

    return run


@pytest.fixture
def history(given, alice, bob, olga):
    """Five rows of the first branch and two of the second."""

    def write(session):
        return service.append(session, [new_fact(person) for person in (alice, bob, alice, olga, bob, alice, olga)])

    return [entry for entry in given(write) if entry.branch_id == alice.branch_id]


def verify(database, **asked):
    with database.snapshot() as session:
        return queries.verify(session, **asked)


def first_bad_row(database, branch):
    (found,) = verify(database).faults
    assert found.branch_id == branch.id
    return found.fault.kind, found.fault.seq


def test_an_untouched_ledger_is_clean(database, history):
    report = verify(database)
    assert report.is_clean
    assert (report.branches, report.facts) == (2, 7)


def test_an_empty_ledger_is_clean(database):
    assert verify(database).is_clean


def test_a_taken_back_fact_is_clean(database, given, history, sam):
    given(service.reverse, [history[1].id], recorded_by_id=sam.id)
    assert verify(database).is_clean


@pytest.mark.parametrize(
    "change",
    ["quantity = 200", "note = '改过'", "grade = 'good'", "occurred_on = '2026-03-01'", "fact_type = 'study.session'"],
)
def test_a_changed_row_is_named(database, history, branch, tamper, change):
    tamper(f"UPDATE facts SET {change} WHERE seq = 3")
    assert {fault.fault.seq for fault in verify(database).faults} == {3}
    assert verify(database).faults[0].fault.kind is FaultKind.CHANGED


def test_a_changed_row_with_its_digest_made_anew_is_named(database, history, branch, tamper):
    forged = history[2]._replace(quantity=500)
    with database.read() as session:
        previous = session.scalar(select(Fact.digest).where(Fact.id == history[1].id))
    tamper(
        "UPDATE facts SET quantity = 500, digest = :digest WHERE branch_id = :branch AND seq = 3",
        digest=digest_of(forged, previous),
        branch=branch.id.hex if database.is_sqlite else branch.id,
    )
    assert first_bad_row(database, branch) == (FaultKind.CHANGED, 3)


def test_a_removed_row_is_named(database, history, branch, tamper):
    tamper("DELETE FROM facts WHERE seq = 3")
    assert first_bad_row(database, branch) == (FaultKind.REMOVED, 3)


def test_a_removed_row_with_the_rest_moved_up_is_named(database, history, branch, tamper):
    tamper(
        "DELETE FROM facts WHERE seq = 3",
        "UPDATE facts SET seq = 3 WHERE seq = 4",
        "UPDATE facts SET seq = 4 WHERE seq = 5",
    )
    assert first_bad_row(database, branch) == (FaultKind.SWAPPED, 3)


def test_swapped_rows_are_named(database, history, branch, tamper):
    tamper(
        "UPDATE facts SET seq = 99 WHERE seq = 3",
        "UPDATE facts SET seq = 3 WHERE seq = 4",
        "UPDATE facts SET seq = 4 WHERE seq = 99",
    )
    assert first_bad_row(database, branch) == (FaultKind.SWAPPED, 3)


def test_a_cut_tail_is_named(database, history, branch, tamper):
    tamper("DELETE FROM facts WHERE seq >= 4")
    assert first_bad_row(database, branch) == (FaultKind.REMOVED, 4)


def test_a_branch_without_any_row_left_is_named(database, history, tamper):
    tamper("DELETE FROM facts")
    assert [(fault.fault.kind, fault.fault.seq) for fault in verify(database).faults] == [(FaultKind.REMOVED, 1)] * 2


def test_a_moved_head_is_named(database, history, branch, tamper):
    tamper("UPDATE ledger_heads SET seq = 4 WHERE seq = 5")
    assert first_bad_row(database, branch) == (FaultKind.HEAD, 5)


def test_a_removed_head_is_named(database, history, branch, tamper):
    tamper("DELETE FROM ledger_heads WHERE seq = 5")
    assert first_bad_row(database, branch) == (FaultKind.HEAD, 5)


def test_a_row_added_beside_the_ledger_is_named(database, history, branch, tamper):
    forged = history[-1]._replace(seq=6, id=new_id(), source_id="forged")
    with database.write() as session:
        previous = session.scalar(select(Fact.digest).where(Fact.id == history[-1].id))
        digests = {"previous_digest": previous, "digest": digest_of(forged, previous)}
        session.execute(insert(Fact), forged._asdict() | digests)
    assert first_bad_row(database, branch) == (FaultKind.HEAD, 6)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE totals SET quantity = quantity + 50, count = count + 1", (4, 350, 3, 300)),
        ("DELETE FROM totals", (0, 0, 3, 300)),
    ],
    ids=["changed", "removed"],
)
def test_a_wrong_total_is_named(database, history, tamper, alice, change, found):
    tamper(change)
    report = verify(database)
    assert report.faults == ()
    (wrong,) = [total for total in report.wrong_totals if total.member_id == alice.id]
    assert (wrong.count, wrong.quantity, wrong.right_count, wrong.right_quantity) == found
    assert len(report.wrong_totals) == 3


def test_an_invented_total_is_named(database, history, tamper):
    tamper("UPDATE totals SET month = '2026-04-01' WHERE count = 3")
    wrong = verify(database).wrong_totals
    assert [(total.month.month, total.count, total.right_count) for total in wrong] == [(3, 0, 3), (4, 3, 0)]


def test_one_branch_is_verified_alone(database, history, tamper, branch, other_branch):
    tamper("UPDATE facts SET note = 'x' WHERE seq = 5", "UPDATE totals SET count = count + 1 WHERE count = 3")
    other = verify(database, branch_id=other_branch.id)
    assert other.is_clean
    assert (other.branches, other.facts) == (1, 2)
    own = verify(database, branch_id=branch.id)
    assert (len(own.faults), len(own.wrong_totals)) == (1, 1)


def test_progress_is_told_of_every_row(database, history):
    told = []
    verify(database, progress=told.append)
    assert sum(told) == 7


def test_every_column_of_a_fact_is_under_the_digest():
    assert {*Entry._fields, "previous_digest", "digest"} == set(Fact.__table__.columns.keys())
