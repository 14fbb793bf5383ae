"""``holidays load`` and ``holidays list`` as somebody types them on the server."""

import pytest
import time_machine
from typer.testing import CliRunner

from app.core import opening
from app.core.settings import Settings
from app.features.holidays import commands
from app.features.holidays.service import loaded_days
from tests.features.holidays.makers import LIST, PASTED

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def run(empty_database, monkeypatch):
    """Runs the command on an empty installation in November."""
    address = empty_database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(opening, "settings", lambda: Settings(database_url=address))
    with time_machine.travel("2026-11-29 10:00:00+08:00", tick=False):
        yield lambda *words: CliRunner().invoke(commands.holidays_app, [str(word) for word in words])


def test_a_list_is_rehearsed_loaded_and_named(run, empty_database, tmp_path):
    file = tmp_path / "2027.csv"
    file.write_text(PASTED + "\t2027-10-01\t上班\n", "utf-8")
    assert "nothing was written" in run("load", file, "--dry-run").stdout
    assert "2027: no list yet" in run("list").stdout
    done = run("load", file)
    assert done.exit_code == 0
    assert "Days: 9 new, 0 changed, 0 as before; rows with problems: 1." in done.stdout
    assert "Row 11: 2027-10-01 is off in every year by law." in done.stdout
    with empty_database.read() as session:
        assert loaded_days(session, 2027) == dict(LIST)
    listed = run("list").stdout
    assert "2026: as the product knows it" in listed
    assert "2027: loaded on 29 Nov 2026 10:00 by a command on the server" in listed
    assert "Weekends worked: 2027-01-31" in listed


def test_what_is_no_list_is_refused(run, tmp_path):
    file = tmp_path / "2027.txt"
    file.write_text("还没有定", "utf-8")
    done = run("load", file)
    assert done.exit_code == 1
    assert "日期" in done.stderr
