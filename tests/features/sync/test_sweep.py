"""``sanliang sweep``, as a timer runs it."""

from datetime import timedelta

import time_machine
from typer.testing import CliRunner

from app.cli import commands
from app.core import clock
from app.core.ids import new_id
from app.core.settings import settings
from tests.features.roster.makers import roster_file
from tests.features.sync.makers import new_item, rows_of, send
from tests.makers import as_member


def run_sweep(database, monkeypatch):
    address = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("SANLIANG_DATABASE_URL", address)
    settings.cache_clear()
    try:
        return CliRunner().invoke(commands, ["sweep"])
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_sweep_says_what_it_did_and_twice_is_once(client, database, alice, monkeypatch):
    item = new_item(depends_on=str(new_id()))
    send(client, alice, item)
    with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
        first, second = (run_sweep(database, monkeypatch) for _time in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert " 1" in first.output.splitlines()[0].replace("：", ": ")
    assert " 0" in second.output.splitlines()[0].replace("：", ": ")
    assert rows_of(database, item) == (1, 1, 1)


def test_a_roster_that_nobody_confirmed_is_forgotten(client, database, sam, monkeypatch):
    file = {"file": ("名册.xlsx", roster_file(("甲", "", "13700000001")))}
    upload = client.post("/roster", files=file, headers=as_member(sam)).headers["location"]
    for days, status in ((0, 200), (1, 404)):
        with time_machine.travel(clock.now() + timedelta(days=days, minutes=1), tick=False):
            assert run_sweep(database, monkeypatch).exit_code == 0
        assert client.get(upload, headers=as_member(sam)).status_code == status
