"""The file of settings: read by every command, and whatever is wrong with it is named, never repeated."""

import os

import pytest

from app.core import env_file
from app.core.settings import settings

SECRET = "p@ss$w&rd"


@pytest.fixture
def environment(monkeypatch):
    """An environment that says nothing; the file's settings end in it."""
    empty: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", empty)
    monkeypatch.setattr(env_file, "USUAL", env_file.Path("/nowhere/sanliang.env"))
    settings.cache_clear()
    yield empty
    settings.cache_clear()


@pytest.fixture
def file(environment, tmp_path):
    def written(text):
        path = tmp_path / "sanliang.env"
        path.write_text(text, encoding="utf-8")
        environment[env_file.NAME] = str(path)
        return path

    return written


def test_it_is_read_and_the_environment_counts_more(environment, file):
    environment["SANLIANG_PORT"] = "8002"
    named = "SANLIANG_FILING_NUMBER='京ICP备 1号 # 2'"
    file(f"# 端口\nSANLIANG_PORT=8001\n\nSANLIANG_WORKERS=3\n{named}\nPGPASSWORD={SECRET}\n")
    found = settings()
    assert (found.port, found.workers, found.filing_number) == (8002, 3, "京ICP备 1号 # 2")
    assert environment["PGPASSWORD"] == SECRET


def test_the_usual_one_is_read_where_none_is_named(environment, file, monkeypatch):
    monkeypatch.setattr(env_file, "USUAL", file("SANLIANG_PORT=8001"))
    del environment[env_file.NAME]
    assert settings().port == 8001
    settings.cache_clear()
    environment.clear()
    environment[env_file.NAME] = ""
    assert settings().port == 8000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"SANLIANG_PORT=8001\n\nSANLIANG_DATABSE_URL={SECRET}", "line 3: there is no setting SANLIANG_DATABSE_URL"),
        (f"SANLIANG_PORT=8001\nSANLIANG_HOST {SECRET}", "line 2: should be like NAME=value"),
        ("SANLIANG_PORT", "line 1: should be like NAME=value"),
    ],
)
def test_a_slip_of_the_pen_is_named_and_never_repeated(file, text, said):
    path = file(text)
    with pytest.raises(env_file.EnvFileError) as refused:
        settings()
    assert str(refused.value) == f"{path}: {said}"


def test_a_file_that_is_not_there_or_cannot_be_read(environment, file, tmp_path):
    environment[env_file.NAME] = str(tmp_path / "other.env")
    with pytest.raises(env_file.EnvFileError, match="no such file"):
        settings()
    file("").write_bytes("备案".encode("gb18030"))
    with pytest.raises(env_file.EnvFileError, match="should be UTF-8"):
        settings()


def test_a_password_that_is_handed_out_as_a_file(environment, file, tmp_path):
    (tmp_path / "password").write_text(f"{SECRET}\n", encoding="utf-8")
    file(
        f"SANLIANG_DATABASE_URL=postgresql://sanliang@db/sanliang\nSANLIANG_DATABASE_PASSWORD_FILE={tmp_path}/password"
    )
    assert settings().resolved_database_url == "postgresql://sanliang@db/sanliang"
    assert environment["PGPASSWORD"] == SECRET
