"""The database itself refuses to change the ledger's history, whoever asks."""

from datetime import date

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from app.core.ids import new_id
from app.features.ledger.models import Fact, LedgerHead, LedgerTotal
from tests.features.ledger.makers import make_fact

CHANGES = [
    "UPDATE facts SET quantity = 200",
    "UPDATE facts SET note = 'x' WHERE seq = 1",
    "DELETE FROM facts",
    "DELETE FROM ledger_heads",
    "UPDATE ledger_heads SET seq = seq - 1",
    "UPDATE ledger_heads SET digest = previous.digest FROM facts AS previous WHERE previous.seq = 1",
]
CHANGES_OF_ONE = {
    "sqlite": [
        "INSERT OR REPLACE INTO facts SELECT * FROM facts WHERE seq = 1",
        "INSERT OR REPLACE INTO ledger_heads SELECT branch_id, 0, digest FROM ledger_heads",
        "UPDATE OR REPLACE facts SET seq = 2 WHERE seq = 1",
    ],
    "postgresql": [
        "TRUNCATE facts, ledger_heads CASCADE",
        "TRUNCATE ledger_heads",
        "INSERT INTO facts SELECT * FROM facts WHERE seq = 1 ON CONFLICT (branch_id, seq) DO UPDATE SET quantity = 200",
    ],
}


@pytest.fixture
def facts(given, alice):
    return [given(make_fact, alice), given(make_fact, alice)]


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_history(database, facts, change):
    with pytest.raises(IntegrityError, match=r"append-only|only grow"), database.write() as session:
        session.execute(text(change))


@pytest.mark.parametrize("number", range(3))
def test_nor_by_the_ways_only_one_engine_has(database, facts, number):
    with pytest.raises(IntegrityError, match=r"append-only|only grow"), database.write() as session:
        session.execute(text(CHANGES_OF_ONE[database.url.get_backend_name()][number]))


def row(fact, **values):
    return (
        fact._asdict()
        | {"seq": 3, "id": new_id(), "source_id": "another", "previous_digest": "0" * 64, "digest": "1" * 64}
        | values
    )


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"seq": 0}, "seq_from_one"),
        ({"quantity": -100}, "negative_iff_reversal"),
        ({"counts_in": date(2026, 3, 9)}, "counts_in_a_month"),
        ({"counts_in": date(2026, 2, 1)}, "counts_when_it_happened_or_later"),
        ({"grade": "best"}, "grade_known"),
        ({"source_id": ""}, "has_source"),
        ({"digest": "short"}, "digests_whole"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_that_breaks_a_rule_is_refused_by_its_name(database, facts, values, rule):
    with pytest.raises(IntegrityError, match=f"ck_facts_{rule}"), database.write() as session:
        session.execute(insert(Fact), row(facts[0], **values))


def test_a_reversal_is_never_positive(database, facts):
    with pytest.raises(IntegrityError, match="ck_facts_negative_iff_reversal"), database.write() as session:
        session.execute(insert(Fact), row(facts[0], reversal_of=facts[0].id))


def test_nobody_confirms_a_fact_about_oneself(database, facts, alice):
    with pytest.raises(IntegrityError, match="ck_facts_not_confirmed_by_oneself"), database.write() as session:
        session.execute(insert(Fact), row(facts[0], confirmed_by_id=alice.id))


@pytest.mark.parametrize("same", ["seq", "id", "source_id"])
def test_no_two_rows_share_a_place_an_id_or_a_source(database, facts, same):
    with (
        pytest.raises(IntegrityError, match=r"append-only: this row is there|uq_facts_(id|source)|pk_facts"),
        database.write() as session,
    ):
        session.execute(insert(Fact), row(facts[0], **{same: getattr(facts[0], same)}))


def test_a_fact_is_reversed_once(database, facts):
    reversal = {"reversal_of": facts[0].id, "quantity": -100}
    with database.write() as session:
        session.execute(insert(Fact), row(facts[0], **reversal))
    with (
        pytest.raises(IntegrityError, match=r"append-only: this row is there|uq_facts_reversal_of"),
        database.write() as session,
    ):
        session.execute(insert(Fact), row(facts[0], **reversal, seq=4, source_id="once more"))


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"count": -1, "quantity": 0}, "not_negative"),
        ({"quantity": -100}, "not_negative"),
        ({"count": 0}, "nothing_counts_nothing"),
        ({"month": date(2026, 4, 2)}, "month_is_a_month"),
    ],
)
def test_a_total_that_breaks_a_rule_is_refused_by_its_name(database, facts, values, rule):
    total = {
        "member_id": facts[0].member_id,
        "month": date(2026, 4, 1),
        "fact_type": facts[0].fact_type,
        "grade": "",
        "matter": "",
        "count": 1,
        "quantity": 100,
    }
    with pytest.raises(IntegrityError, match=f"ck_totals_{rule}"), database.write() as session:
        session.execute(insert(LedgerTotal), total | values)


def test_a_head_is_whole(database, olga):
    with pytest.raises(IntegrityError, match="ck_ledger_heads_digest_whole"), database.write() as session:
        session.execute(insert(LedgerHead), {"branch_id": olga.branch_id, "seq": 0, "digest": ""})
