"""The audit log only grows: the database says so itself, on both engines."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core import clock
from app.core.ids import new_id
from app.features.members import audit
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from tests.features.members.makers import audit_rows


def note(session, alice, sam, days_ago=0):
    entry = AuditEntry(
        id=new_id(),
        at=clock.now() - timedelta(days=days_ago),
        actor_id=sam.id,
        action=AuditAction.MEMBER_CHANGED,
        subject_id=alice.id,
        subject=alice.name,
        changes={"name": ["甲", "乙"]},
    )
    session.add(entry)
    session.flush()
    return entry.id


@pytest.mark.parametrize(
    "tampering",
    ["UPDATE audit_entries SET subject = '别人'", "UPDATE audit_entries SET id = id", "DELETE FROM audit_entries"],
)
def test_nobody_changes_or_removes_an_entry(database, given, alice, sam, tampering):
    given(note, alice, sam)
    with pytest.raises(DBAPIError, match="audit_entries"), database.write() as session:
        session.execute(text(tampering))
    with database.read() as session:
        assert len(audit_rows(session)) == 1


def test_nobody_empties_the_log(database, given, alice, sam, engine_kind):
    given(note, alice, sam, days_ago=400)
    emptying = {
        "postgres": "TRUNCATE audit_entries",
        "sqlite": "REPLACE INTO audit_entries SELECT * FROM audit_entries",
    }
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text(emptying[engine_kind]))


def test_only_what_differs_is_noted():
    assert audit.changed({"name": "甲", "post": None}, {"name": "乙", "post": ""}) == {"name": ("甲", "乙")}
    assert audit.changed({"left_on": None}, {}) == {}
