"""Facts stand in the ledger exactly for what is approved; where they do not, it is named."""

import pytest

from app.features.ledger import service as ledger
from app.features.reviews import proof, service
from app.features.reviews.proof import Mismatch, MismatchKind
from tests.features.audit.rewriting import without_triggers
from tests.features.ledger.makers import new_fact
from tests.features.reviews.makers import KIND, make_review


def found(database, **asked):
    with database.snapshot() as session:
        return list(proof.mismatches(session, **asked))


@pytest.fixture
def approved(given, alice, bob, sam):
    ids = [given(make_review, alice), given(make_review, bob)]
    given(service.approve, sam.actor, ids)
    return ids


def test_whatever_is_done_with_records_both_say_the_same(database, given, approved, alice, bob, sam):
    undone = given(make_review, alice)
    decision = given(service.approve, sam.actor, [undone]).decision_id
    given(service.undo, sam.actor, decision_id=decision)
    given(service.approve, sam.actor, [undone])
    given(service.return_to_member, sam.actor, [given(make_review, bob)], reason="请写明时间")
    given(service.withdraw, [given(make_review, bob)], by_id=bob.id)
    given(service.approve, sam.actor, [given(make_review, alice, title="无")])  # the stream brings no fact for it
    told = []
    assert found(database, progress=told.append) == []
    with database.read() as session:
        assert sum(told) == proof.number_of_approved(session) == 4


def test_a_taken_back_fact_of_an_approved_record_is_missed(database, given, approved, branch, sam):
    with database.read() as session:
        (fact,) = ledger.facts_of(session, KIND.name, [f"{approved[0]}:1"])
    given(ledger.reverse, [fact.id], recorded_by_id=sam.id)
    assert found(database) == [Mismatch(branch.id, MismatchKind.NO_FACT, str(approved[0]))]


@pytest.mark.parametrize("status", ["pending", "withdrawn", "returned"])
def test_a_fact_of_what_is_not_approved_is_named(database, approved, branch, status):
    fields = {
        "pending": "decided_by_id = NULL, decision_id = NULL, decided_at = NULL",
        "withdrawn": "decided_by_id = NULL, decision_id = NULL",
        "returned": "reason = 'x'",
    }
    change = f"UPDATE reviews SET status = '{status}', {fields[status]} WHERE id = :record"
    without_triggers(database, change, record=approved[0])
    assert found(database) == [Mismatch(branch.id, MismatchKind.NOT_APPROVED, str(approved[0]), 1)]


@pytest.mark.parametrize("source", ["nothing", "01900000-0000-7000-8000-000000000000:1"])
def test_a_fact_that_nobody_decided_on_is_named(database, given, branch, alice, source):
    given(ledger.append, [new_fact(alice, source=KIND.name, source_id=source)])
    assert found(database) == [Mismatch(branch.id, MismatchKind.NOT_APPROVED, source.partition(":")[0], 1)]


def test_a_fact_of_somebody_else_is_named(database, given, branch, alice, bob, sam, approved):
    without_triggers(
        database, "UPDATE reviews SET member_id = :other WHERE id = :record", other=bob.id, record=approved[0]
    )
    assert found(database) == [Mismatch(branch.id, MismatchKind.OTHER_PEOPLE, str(approved[0]), 1)]


def test_one_branch_alone(database, given, approved, other_branch, branch, sam):
    without_triggers(database, "UPDATE reviews SET round = 2 WHERE id = :record", record=approved[1])
    assert found(database, branch_id=other_branch.id) == []
    kinds = [mismatch.kind for mismatch in found(database, branch_id=branch.id)]
    assert kinds == [MismatchKind.NOT_APPROVED, MismatchKind.NO_FACT]


def test_what_another_branch_decides_is_of_the_branch_in_which_it_counts(database, given, olga, branch, sam):
    record = given(make_review, olga, branch_id=branch.id, own_branch_id=olga.branch_id)
    given(service.approve, sam.actor, [record])
    (fact,) = given(ledger.facts_of, KIND.name, [f"{record}:1"])
    given(ledger.reverse, [fact.id], recorded_by_id=sam.id)
    missing = [Mismatch(olga.branch_id, MismatchKind.NO_FACT, str(record))]
    assert found(database, branch_id=branch.id) == []
    assert found(database) == found(database, branch_id=olga.branch_id) == missing
    with database.read() as session:
        of_each = [proof.number_of_approved(session, place) for place in (branch.id, olga.branch_id)]
    assert of_each == [0, 1]


def test_every_portion_is_looked_at(database, given, monkeypatch, alice, sam):
    monkeypatch.setattr(proof, "AT_ONCE", 2)
    ids = [given(make_review, alice) for _ in range(5)]
    given(service.approve, sam.actor, ids)
    without_triggers(database, "UPDATE reviews SET round = 2 WHERE id = :record", record=ids[4])
    assert {mismatch.record for mismatch in found(database)} == {str(ids[4])}
