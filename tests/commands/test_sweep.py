"""``sanliang sweep``, as a timer runs it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from typer.testing import CliRunner

from app.cli import commands
from app.core import clock
from app.core.ids import new_id
from app.core.settings import settings
from app.features.notices.sources import sources
from app.features.streams import STREAMS
from tests.features.roster.makers import roster_file
from tests.features.shows.duties.makers import make_duty
from tests.features.sync.makers import new_item, rows_of, send
from tests.makers import as_member

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning


@pytest.fixture
def run_sweep(database, monkeypatch, english):
    """Runs the command and gives what it said: sentence -> number."""
    monkeypatch.setenv("SANLIANG_DATABASE_URL", database.url.render_as_string(hide_password=False))
    settings.cache_clear()

    def run():
        result = CliRunner().invoke(commands, ["sweep"])
        assert result.exit_code == 0
        said = (line.rstrip(".").rpartition(": ") for line in result.output.splitlines())
        return {sentence: int(number) for sentence, _colon, number in said}

    yield run
    monkeypatch.undo()
    settings.cache_clear()


def test_it_says_what_it_did_and_twice_is_once(client, database, alice, run_sweep):
    item = new_item(depends_on=str(new_id()))
    send(client, alice, item)
    with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
        first, second = run_sweep(), run_sweep()
    released = "Records that waited too long, given to the officers"
    assert (first[released], second[released]) == (1, 0)
    assert rows_of(database, item) == (1, 1, 1)


def test_a_roster_that_nobody_confirmed_is_forgotten(client, sam, run_sweep):
    file = {"file": ("名册.xlsx", roster_file(("甲", "", "13700000001")))}
    upload = client.post("/roster", files=file, headers=as_member(sam)).headers["location"]
    for days, status in ((0, 200), (1, 404)):
        with time_machine.travel(clock.now() + timedelta(days=days, minutes=1), tick=False):
            said = run_sweep()
        assert said["Uploaded rosters that nobody confirmed, forgotten"] == days
        assert client.get(upload, headers=as_member(sam)).status_code == status


def test_people_are_reminded_once_and_reminders_are_forgotten(given, alice, run_sweep):
    with time_machine.travel(MONDAY, tick=False):
        given(make_duty, alice, due_on=date(2026, 11, 25))
        assert [run_sweep()["Reminders given"] for _time in range(2)] == [1, 0]
    with time_machine.travel(MONDAY + timedelta(days=300), tick=False):  # nobody has touched it for months
        assert run_sweep()["Reminders that are long past, forgotten"] == 1


def test_every_kind_of_reminder_is_known_to_sweep_and_pages(application):
    known = {source.name for source in sources() if not source.name.startswith("test.")}
    assert known == {source.name for stream in STREAMS for source in stream.reminders}
