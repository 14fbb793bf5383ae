"""The audit log gets its chain and keeps what was written before; on the way back only younger words are lost."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from app.core import schema
from app.core.settings import PROJECT_DIR
from app.features.audit import seals, verification
from app.features.members import audit
from app.features.members.models import AuditEntry, Member
from app.features.members.rules import AuditAction
from tests.makers import make_branch, make_committee, make_member

BEFORE = "0010"


def to_before(database):
    config = Config(PROJECT_DIR / "alembic.ini")
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)


def test_what_was_noted_is_there_before_and_after(empty_database):
    database = empty_database
    with database.write() as session:
        make_committee(session)
        branch = make_branch(session)
        alice = make_member(session, branch, "艾莉")
        audit.record(
            session, alice.id, AuditAction.MEMBER_CHANGED, session.get_one(Member, alice.id), {"name": ("甲", "乙")}
        )
        audit.record(session, alice.id, AuditAction.FILE_TAKEN, audit.Subject("x.xlsx"))
    assert seals.seal_all(database) == 2
    to_before(database)
    with database.read() as session:
        assert session.execute(text("SELECT action, subject FROM audit_entries")).all() == [("member_changed", "艾莉")]
    schema.migrate(database)
    with database.read() as session:
        (kept,) = session.query(AuditEntry)
        assert (kept.subject_id, kept.place_id, kept.changes, kept.seq) == (
            alice.id,
            branch.id,
            {"name": ["甲", "乙"]},
            None,
        )
    assert seals.seal_all(database) == 1
    with database.snapshot() as session:
        assert verification.verify(session).is_clean
