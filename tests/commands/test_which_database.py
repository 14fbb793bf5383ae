"""Every command says which database it works on, and none but ``make run`` and the demo makes one by chance."""

import pytest
from sqlalchemy import make_url
from typer.testing import CliRunner

from app.cli import commands
from app.core import env_file, opening
from app.core.commands import said_why
from app.core.settings import settings
from tests.schema import create_schema

WORKING_ON_ONE = (
    ("migrate",),
    ("init", "--committee", "机关党委", "--branch", "一支部", "--name", "王小明", "--phone", "13800000001"),
    ("slip", "13800000001"),
    ("post", "13800000001", "secretary"),
    ("sweep",),
    ("serve",),
    ("ledger", "verify"),
    ("ledger", "heads"),
    ("sheets", "prove"),
    ("contacts", "new-key"),
    ("contacts", "rotate"),
    ("holidays", "list"),
    ("rules", "use", "--rules", "2026.1", "--year", "2026"),
    ("second-factor", "reset", "13800000001"),
)


@pytest.fixture
def nobody_has_said(monkeypatch, tmp_path, english):
    """A shell without settings, in a checkout without data."""
    for name in ("SANLIANG_DATABASE_URL", "SANLIANG_DATA_DIR", env_file.NAME):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(env_file, "USUAL", tmp_path / "none.env")
    monkeypatch.setattr("app.core.settings.PROJECT_DIR", tmp_path)
    settings.cache_clear()
    yield tmp_path / "var"
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("words", WORKING_ON_ONE, ids=" ".join)
def test_without_a_word_nothing_is_made(nobody_has_said, words):
    done = CliRunner().invoke(commands, words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Set SANLIANG_DATABASE_URL" in done.stderr
    assert not nobody_has_said.exists()


@pytest.fixture
def at(monkeypatch, english):
    def named(url):
        monkeypatch.setenv("SANLIANG_DATABASE_URL", url)
        settings.cache_clear()
        return url

    yield named
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize("words", [("ledger", "verify"), ("sweep",), ("slip", "13800000001")], ids=" ".join)
def test_a_file_that_is_not_there_is_not_made_by_whoever_looks_into_it(at, tmp_path, words):
    at(f"sqlite:///{tmp_path}/sanliang.db")
    done = CliRunner().invoke(commands, words)
    assert done.exit_code == 1
    assert f"There is no database at {tmp_path}/sanliang.db." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_named_is_said(at, tmp_path):
    create_schema(at(f"sqlite:///{tmp_path}/sanliang.db"))
    done = CliRunner().invoke(commands, ["holidays", "list"])
    assert (done.exit_code, done.stderr) == (0, f"Database: SQLite {tmp_path}/sanliang.db\n")


def test_an_empty_ledger_proves_nothing(at, tmp_path):
    create_schema(at(f"sqlite:///{tmp_path}/sanliang.db"))
    done = CliRunner().invoke(commands, ["ledger", "verify"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "nothing was proven" in done.stderr


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://sanliang:secret@db.example/house", "PostgreSQL house @ db.example"),
        ("postgresql+psycopg://u@10.0.0.5:5433/house", "PostgreSQL house @ 10.0.0.5:5433"),
        ("postgresql:///house?host=/run/postgresql", "PostgreSQL house @ /run/postgresql"),
        ("sqlite:////var/lib/sanliang/sanliang.db", "SQLite /var/lib/sanliang/sanliang.db"),
    ],
)
def test_a_database_is_named_without_its_password(url, said, monkeypatch):
    monkeypatch.delenv("PGHOST", raising=False)
    assert opening.name_of(make_url(url)) == said


@pytest.mark.usefixtures("english")
def test_a_file_that_may_not_be_read_is_not_said_to_be_missing(tmp_path, capsys):
    """``/root`` is closed to the account of the server."""
    assert said_why(PermissionError(13, "Permission denied", str(tmp_path / "名册.xlsx"))) == 1
    assert (
        capsys.readouterr().err == f"{tmp_path}/名册.xlsx: the account that runs this may not read or write it there.\n"
    )
