"""The audit log's chain: entries get their place later, once, and nobody waits; the oldest go from the front."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.chain import BEGINNING, ChainFault, FaultKind, Head
from app.features.audit import seals, verification
from app.features.audit.rules import KEPT_FOR
from app.features.members import audit
from app.features.members.models import AuditEntry, Member, Organisation
from app.features.members.rules import AuditAction
from tests.features.audit.rewriting import without_triggers
from tests.races import race

UNSEALED = "seq = NULL, digest = NULL, previous_digest = NULL"


def note(session, member, *, days_ago=0):
    session.add(
        AuditEntry(
            at=clock.now() - timedelta(days=days_ago),
            actor_id=member.id,
            action=AuditAction.MEMBER_CHANGED,
            subject_id=member.id,
            subject=member.name,
            place_id=member.branch_id,
            changes={"note": ["旧", "新"]},
        )
    )


def fault(database):
    with database.snapshot() as session:
        return verification.verify(session).log_fault


def seqs(database):
    with database.read() as session:
        return [row.seq for row in session.query(AuditEntry).order_by(AuditEntry.id)]


def test_entries_get_their_place_in_the_order_of_time(database, given, alice, bob):
    for person in (alice, bob, alice):
        given(note, person)
    assert seqs(database) == [None] * 3
    assert [given(seals.seal), given(seals.seal)] == [3, 0]
    given(note, bob)
    assert given(seals.seal) == 1
    assert seqs(database) == [1, 2, 3, 4]
    assert fault(database) is None


def test_more_than_one_portion(database, given, alice, monkeypatch):
    monkeypatch.setattr(seals, "SEALED_AT_ONCE", 2)
    monkeypatch.setattr(seals, "_UNSEALED", seals._UNSEALED.limit(2))
    for _ in range(5):
        given(note, alice)
    assert seals.seal_all(database) == 5
    assert fault(database) is None


def test_an_entry_that_is_written_meanwhile_gets_its_place_the_next_time(database, given, alice, bob):
    """A row that was begun earlier, and committed later, is not lost and does not look inserted."""
    with database.write() as slow:
        note(slow, alice)
        slow.flush()
        if not database.is_sqlite:  # which has one writer at a time
            given(note, bob)
            assert given(seals.seal) == 1
    assert given(seals.seal) == 1
    assert fault(database) is None


@pytest.mark.race
def test_two_who_seal_at_once_take_turns(database, given, alice):
    for _ in range(20):
        given(note, alice)
    done = race(4, lambda _number: seals.seal_all(database))
    assert sum(done) == 20
    assert sorted(seqs(database)) == list(range(1, 21))
    assert fault(database) is None


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE audit_entries SET subject = '别人' WHERE seq = 2", (FaultKind.CHANGED, 2)),
        ("UPDATE audit_entries SET changes = '{}' WHERE seq = 2", (FaultKind.CHANGED, 2)),
        ("UPDATE audit_entries SET action = 'signed_in' WHERE seq = 2", (FaultKind.CHANGED, 2)),
        ("DELETE FROM audit_entries WHERE seq = 2", (FaultKind.REMOVED, 2)),
        ("DELETE FROM audit_entries WHERE seq = 3", (FaultKind.REMOVED, 3)),
        ("DELETE FROM audit_entries", (FaultKind.REMOVED, 1)),
        (
            "UPDATE audit_entries SET seq = NULL, digest = NULL, previous_digest = NULL WHERE seq = 3",
            (FaultKind.REMOVED, 3),
        ),
        ("UPDATE audit_chain SET seq = 2", (FaultKind.HEAD, 3)),
    ],
)
def test_who_touches_a_sealed_entry_is_seen(database, given, alice, tampering, found):
    for _ in range(3):
        given(note, alice)
    given(seals.seal)
    without_triggers(database, tampering)
    assert fault(database) == ChainFault(*found)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entries SET seq = 2",
        "UPDATE audit_entries SET digest = previous_digest",
        f"UPDATE audit_entries SET {UNSEALED}",
        "UPDATE audit_chain SET seq = 0",
        "UPDATE audit_chain SET digest = start_digest",
        "UPDATE audit_chain SET start_digest = digest",
        "DELETE FROM audit_chain",
        "INSERT INTO audit_chain SELECT 2, seq, digest, start_seq, start_digest FROM audit_chain",
    ],
)
def test_the_database_refuses_to_touch_the_chain(database, given, alice, tampering):
    given(note, alice)
    given(seals.seal)
    with pytest.raises(DBAPIError, match=r"append-only|only grows|one_row"), database.write() as session:
        session.execute(text(tampering))
    assert fault(database) is None


def test_what_is_kept_long_enough_goes_from_the_front_and_the_rest_stays_provable(database, given, alice):
    for days in (400, 380, 367, 365, 1):
        given(note, alice, days_ago=days)
    given(seals.seal)
    with database.read() as session:
        third = [link.digest for link in seals.links(session)][2]
    assert [given(seals.forget, clock.now()) for _ in range(2)] == [3, 0]
    with database.read() as session:
        assert seals.ends(session)[0] == Head(3, third)
    assert seqs(database) == [4, 5]
    assert fault(database) is None
    without_triggers(database, "DELETE FROM audit_entries WHERE seq = 4")
    assert fault(database) == ChainFault(FaultKind.REMOVED, 4)


def test_an_entry_without_a_place_waits_for_one_before_it_is_forgotten(database, given, alice):
    given(note, alice, days_ago=500)
    assert given(seals.forget, clock.now()) == 0
    given(seals.seal)
    assert given(seals.forget, clock.now()) == 1
    assert fault(database) is None


def test_the_log_is_kept_at_least_twelve_months():
    assert timedelta(days=365) <= KEPT_FOR


def test_the_sweep_verifies_once_a_day(database, given, alice, caplog):
    given(note, alice)
    seals.seal_all(database)
    now = clock.now()
    assert [verification.verify_daily(database, moment) for moment in (now, now, now + timedelta(hours=23))] == [
        0,
        0,
        0,
    ]
    with database.read() as session:
        (row,) = session.query(AuditEntry).where(AuditEntry.action == AuditAction.VERIFIED)
    assert row.changes["clean"] == [None, "yes"]
    without_triggers(database, "DELETE FROM audit_entries WHERE seq = 1")
    verification.verify_daily(database, now + timedelta(hours=25))
    assert "not as it was written" in caplog.text


def test_an_empty_chain_begins_at_the_beginning(database):
    with database.read() as session:
        assert seals.ends(session) == (Head(0, BEGINNING), Head(0, BEGINNING))
    assert fault(database) is None


def test_subjects_say_where_it_happened(given, database, alice, branch, group, committee):
    def write(session):
        for subject in (
            session.get_one(Member, alice.id),
            session.get_one(Organisation, group.id),
            session.get_one(Organisation, committee.id),
            alice.actor,
            audit.Subject("x" * 300),
        ):
            audit.record(session, None, AuditAction.FILE_TAKEN, subject)

    given(write)
    with database.read() as session:
        rows = session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [row.place_id for row in rows] == [branch.id, branch.id, committee.id, branch.id, None]
    assert [row.subject_id for row in rows] == [alice.id, group.id, committee.id, alice.id, None]
    assert len(rows[-1].subject) == 120
