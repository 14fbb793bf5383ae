"""``sanliang sweep``, as a timer runs it."""

from dataclasses import replace
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
from app.sweep import STEPS
from tests.features.roster.makers import roster_file
from tests.features.shows.duties.makers import make_duty
from tests.features.sync.makers import new_item, rows_of, send
from tests.makers import as_member

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning


@pytest.fixture
def run_sweep(database, monkeypatch, english):
    """Runs the command and gives what it said: sentence -> number. These tests travel, and mean it."""
    monkeypatch.setenv("SANLIANG_DATABASE_URL", database.url.render_as_string(hide_password=False))
    settings.cache_clear()

    def run():
        result = CliRunner().invoke(commands, ["sweep", "--yes-the-clock-is-right"])
        assert result.exit_code == 0
        said = (line.rstrip(".").rpartition(": ") for line in result.stdout.splitlines())
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
        assert said["Uploaded lists, forgotten after a day"] == days
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


@pytest.fixture
def steps(monkeypatch):
    """All that time brings about, of which nothing is done but noted."""
    done = []

    def noting(step):
        return replace(step, work=lambda _database, _now: done.append(step.said) or 0)

    monkeypatch.setattr("app.sweep.STEPS", tuple(noting(step) for step in STEPS))
    return done


def swept(*options):
    return CliRunner().invoke(commands, ["sweep", *options])


@pytest.mark.usefixtures("run_sweep")
@pytest.mark.parametrize("days", [-400, -1, 4, 730])
def test_no_step_is_taken_while_the_clock_may_be_wrong(steps, days):
    assert swept("--yes-the-clock-is-right").exit_code == 0
    assert steps == [step.said for step in STEPS]
    steps.clear()
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        result = swept()
        assert (result.exit_code, steps) == (3, [])
        assert "--yes-the-clock-is-right" in result.output
        assert swept("--yes-the-clock-is-right").exit_code == 0
        assert len(steps) == len(STEPS)
        assert swept().exit_code == 0  # it has been said


@pytest.mark.usefixtures("run_sweep")
def test_before_the_first_sweep_the_newest_trace_of_anything_counts(client, alice, steps):
    send(client, alice, new_item())
    with time_machine.travel(clock.now() + timedelta(days=730), tick=False):
        assert (swept().exit_code, steps) == (3, [])
    assert swept().exit_code == 0


@pytest.mark.usefixtures("run_sweep")
def test_where_nothing_has_happened_yet_every_clock_is_right(steps):
    with time_machine.travel(clock.now() + timedelta(days=730), tick=False):
        assert swept().exit_code == 0


@pytest.mark.usefixtures("run_sweep")
@pytest.mark.parametrize("days", [1, 2.9])
def test_a_weekend_without_a_sweep_is_no_reason(steps, days):
    swept("--yes-the-clock-is-right")
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        assert swept().exit_code == 0
