"""``sanliang backup``: a whole copy while others write, which only its owner may read."""

import sqlite3
import threading

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.cli import commands
from app.core.db import Database
from app.core.settings import settings
from tests.schema import create_schema


@pytest.fixture
def url(tmp_path, monkeypatch, english):
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    create_schema(url)
    monkeypatch.setenv("SANLIANG_DATABASE_URL", url)
    settings.cache_clear()
    yield url
    monkeypatch.undo()
    settings.cache_clear()


def backed_up(to):
    return CliRunner().invoke(commands, ["backup", str(to)])


def test_it_is_whole_while_others_write_and_its_owner_s_alone(url, tmp_path):
    database, over = Database(url), threading.Event()

    def write():
        number = 0
        while not over.is_set():
            with database.write() as session:  # both or neither
                for name in ("a", "b"):
                    row = {"name": f"{name}{number}", "at": "2026-11-29 00:00:00"}
                    session.execute(text("INSERT INTO pulses (name, beat_at) VALUES (:name, :at)"), row)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [tmp_path / f"{number}.db" for number in range(5)]
        assert [backed_up(copy).exit_code for copy in copies] == [0] * 5
    finally:
        over.set()
        writer.join()
        database.close()
    for copy in copies:
        assert copy.stat().st_mode & 0o777 == 0o600
        opened = sqlite3.connect(copy)
        names = [name for (name,) in opened.execute("SELECT name FROM pulses")]
        assert sorted(name[1:] for name in names if name[0] == "a") == sorted(
            name[1:] for name in names if name[0] == "b"
        )
        opened.close()
    assert not list(tmp_path.glob("[0-9].db-*"))


def test_nothing_is_written_over_and_nothing_half_is_left(url, tmp_path):
    there = tmp_path / "there.db"
    there.write_text("precious", encoding="utf-8")
    assert backed_up(there).exit_code == 1
    assert there.read_text("utf-8") == "precious"
    (tmp_path / "sanliang.db").write_text("no database any more", encoding="utf-8")
    assert backed_up(tmp_path / "broken.db").exit_code == 1
    assert not (tmp_path / "broken.db").exists()


def test_for_another_database_it_says_what_to_use(monkeypatch, english):
    monkeypatch.setenv("SANLIANG_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    result = backed_up("/nowhere/copy.db")
    assert (result.exit_code, "pg_dump" in result.output) == (2, True)
    monkeypatch.undo()
    settings.cache_clear()


def test_what_is_erased_leaves_the_log_too(url, tmp_path):
    database = Database(url)
    with database.write() as session:
        session.execute(text("INSERT INTO pulses (name, beat_at) VALUES ('erase-me-please', '2026-11-29 00:00:00')"))
    with database.write() as session:
        session.execute(text("DELETE FROM pulses"))
    log = tmp_path / "sanliang.db-wal"
    assert b"erase-me-please" in log.read_bytes()
    assert CliRunner().invoke(commands, ["sweep", "--yes-the-clock-is-right"]).exit_code == 0
    assert b"erase-me-please" not in log.read_bytes() + (tmp_path / "sanliang.db").read_bytes()
    database.close()
