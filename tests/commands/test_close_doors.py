"""Where an older state comes back, nothing opens by what was handed out before it (docs/decisions/0058)."""

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app import doors
from app.cli import commands
from app.core import clock
from app.core.db import Base
from app.core.settings import settings
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from tests.doors import OPEN, open_all, still_open

OPENS = {"token", "token_digest", "code_digest", "receipt_digest", "sealed", "password_hash", "public_key"}
"""What columns are called with which somebody comes in, or is reached."""
STAYS = {
    "credentials": "a person has to come in somehow: passwords are as they were then, and it is said",
    "former_passwords": "opens nothing",
    "second_factors": "only locks; one that was taken away since is back, and it is said",
    "known_devices": "forgotten with the sessions",
    "complaints": "the sender's receipt shows what became of it, and nothing can be ended about it",
    "wish_submissions": "likewise",
    "wish_contacts": "sealed, opened by posts alone",
    "wish_posters": "hangs in public; whoever reads it may only hand in a wish, which two people look at",
    "venue_codes": "good for the minutes of a meeting",
    "uploads": "a list on its way in, for a day",
    "ballot_boxes": "a review that was open is held again",
}


def restored(session):
    rows = session.execute(
        select(AuditEntry.subject, AuditEntry.changes).where(AuditEntry.action == AuditAction.DATABASE_RESTORED)
    )
    return [(subject, {field: after for field, (_before, after) in changes.items()}) for subject, changes in rows]


def test_each_door_is_shut_and_the_log_says_how_many_were(database, engines, engine_kind):
    with database.write() as session:
        open_all(session, engines.get(engine_kind)[1])
        before = still_open(session)
        doors.close_all(session, clock.now(), "here")
        session.flush()
        assert set(before) == set(OPEN) == set(doors.DOORS)
        assert still_open(session) == {}
        assert restored(session) == [("here", {name: str(number) for name, number in before.items()})]


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)
def test_by_its_command_after_a_yes_and_twice_is_once(database, engines, given, monkeypatch, english):
    given(open_all, engines.get("sqlite")[1])
    monkeypatch.setenv("SANLIANG_DATABASE_URL", database.url.render_as_string(hide_password=False))
    settings.cache_clear()
    assert CliRunner().invoke(commands, ["close-doors"], input="n\n").exit_code == 1
    with database.read() as session:
        assert set(still_open(session)) == set(OPEN)
    for _time in range(2):
        done = CliRunner().invoke(commands, ["close-doors", "--yes"])
        assert done.exit_code == 0, done.output
        assert "As it was then" in done.output
    with database.read() as session:
        assert still_open(session) == {}
        assert [subject for subject, _said in restored(session)] == ["close-doors"] * 2
    monkeypatch.undo()
    settings.cache_clear()


def test_whatever_opens_something_is_shut_or_it_is_said_why_not():
    opening = {table.name for table in Base.metadata.sorted_tables if OPENS & set(table.columns.keys())}
    assert opening - set(doors.DOORS) - set(STAYS) == set(), "give it a line in app/doors.py"
