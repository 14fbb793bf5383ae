"""What was written in three tables is one history now: the rows go back to where they came from, and come again."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.settings import PROJECT_DIR
from app.features.history.service import history, record
from app.features.organisations.communities.rules import PairingChangeKind
from app.features.shows.duties.rules import ChangeKind
from app.features.wishes.intake.rules import Correction
from tests.features.shows.duties.makers import make_duty

BEFORE = "0012"


def go(database, direction, revision):
    config = Config(PROJECT_DIR / "alembic.ini")
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        direction(config, revision)


def rows(database, statement):
    with database.read() as session:
        return [tuple(row) for row in session.execute(text(statement))]


@pytest.fixture
def things(given, database, alice, sam, branch, wish, community):
    duty_id = given(make_duty, alice)
    by = {"by_id": sam.id}
    given(record, "duty", duty_id, ChangeKind.DUE_ON, before="2026-03-09", after="2026-03-20", note="材料未到", **by)
    given(record, "duty", duty_id, ChangeKind.CANCELLED, note="并入另一项", **by)
    given(record, "community", community.id, PairingChangeKind.PAIRED, by_id=None, branch_id=str(branch.id))
    given(record, "wish", wish.id, Correction.TEXT, fields=["title", "yuan"], **by)
    return [duty_id, community.id, wish.id]


def test_nothing_is_lost_on_the_way_back_and_forth(database, things):
    def told():
        with database.read() as session:
            return [history(session, thing) for thing in things]

    before = told()
    go(database, command.downgrade, BEFORE)
    assert rows(database, "SELECT kind, before, after, reason FROM duty_changes ORDER BY id") == [
        ("due_on", "2026-03-09", "2026-03-20", "材料未到"),
        ("cancelled", None, None, "并入另一项"),
    ]
    assert ("paired", None) in rows(database, "SELECT change, actor_id FROM pairing_changes")
    assert len(rows(database, "SELECT id FROM wish_corrections")) == 1
    for table in ("duty_changes", "pairing_changes", "wish_corrections"):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
            session.execute(text(f"DELETE FROM {table}"))
    go(database, command.upgrade, "head")
    assert told() == before
