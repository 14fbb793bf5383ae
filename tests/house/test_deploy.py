"""What is handed over under ``deploy/`` is true: to the settings, to the commands, and to those who will read it."""

import os
import re
import signal
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from app.cli import COMMANDS
from app.core import env_file
from app.core.settings import NAMES, Settings, settings
from tests.deployed import DEPLOY, filled_in, nginx, program
from tests.house.sources import PROJECT_DIR, tracked_files

GONE = "SANLIANG_TRUST_PROXY"
FOR_COMPOSE = {"SANLIANG_REGISTRY", "SANLIANG_NAME", "SANLIANG_UPSTREAM", "SANLIANG_ACCESS_LOG"}
"""What Compose and Caddy read themselves."""


def checked(*words: str, cwd: Path) -> str:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


def named_in(file: Path) -> set[str]:
    return set(re.findall(r"\bSANLIANG_[A-Z_]+\b", file.read_text("utf-8")))


def test_the_sample_names_every_setting_and_no_other():
    listed = re.findall(r"^#?(SANLIANG_\w+)=", (DEPLOY / "sanliang.env").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(NAMES - {GONE, env_file.NAME})


@pytest.mark.parametrize("page", ["operations.md", "operations.zh-CN.md"])
def test_the_pages_for_who_looks_after_it_name_every_setting_too(page):
    assert NAMES - {GONE} <= named_in(PROJECT_DIR / "docs" / page)


def test_the_sample_is_read_and_its_defaults_are_the_real_ones(monkeypatch, tmp_path):
    text = (DEPLOY / "sanliang.env").read_text("utf-8")
    (tmp_path / "password").write_text("p", encoding="utf-8")
    text = text.replace("/etc/sanliang/database-password", str(tmp_path / "password"))
    (tmp_path / "sanliang.env").write_text(text, encoding="utf-8")
    monkeypatch.setattr(os, "environ", {env_file.NAME: str(tmp_path / "sanliang.env")})
    settings.cache_clear()
    found = settings()
    settings.cache_clear()
    assert (found.https, found.trusted_proxies, found.workers) == (True, ("127.0.0.1",), 2)
    for name, value in re.findall(r"^#SANLIANG_(\w+)=(\S+)$", text, re.MULTILINE):
        if "/" not in value and "@" not in value:
            assert str(Settings.model_fields[name.lower()].default).lower() == value.lower(), name


def test_nothing_else_names_a_setting_that_is_not_there():
    known = NAMES | FOR_COMPOSE
    files = [*DEPLOY.rglob("*"), PROJECT_DIR / "docker-compose.yml", PROJECT_DIR / "Dockerfile"]
    assert {name for file in files if file.is_file() for name in named_in(file)} <= known


def test_every_command_that_is_named_is_one():
    files = [file for file in tracked_files() if file.is_relative_to(DEPLOY)]
    named = {
        command
        for file in [*files, PROJECT_DIR / "docker-compose.yml", PROJECT_DIR / "Dockerfile"]
        for command in re.findall(r"(?:bin/|[\"&;] ?|do )sanliang[\" ,]+([a-z-]+)", file.read_text("utf-8"))
    }
    assert {"serve", "sweep", "backup", "migrate"} <= named
    assert named <= set(COMMANDS)


def test_nginx_reads_its_file(tmp_path):
    said = checked(*nginx(tmp_path), "-t", cwd=tmp_path)
    assert "test is successful" in said


def test_caddy_reads_its_file(tmp_path):
    file = filled_in("Caddyfile", tmp_path)
    said = checked(program("caddy"), "adapt", "--adapter", "caddyfile", "--config", str(file), cwd=tmp_path)
    assert '"dial":"127.0.0.1:8000"' in said
    checked(program("caddy"), "validate", "--adapter", "caddyfile", "--config", str(file), cwd=tmp_path)


def test_systemd_reads_its_units_and_finds_them_tight(tmp_path):
    analyze = program("systemd-analyze")
    units = [filled_in(f"systemd/{unit.name}", tmp_path) for unit in sorted((DEPLOY / "systemd").iterdir())]
    assert checked(analyze, "verify", *map(str, units), cwd=tmp_path) == ""
    for unit in units:
        if unit.suffix == ".service":  # of ten; what is let be has to be looked at
            checked(analyze, "security", "--offline=true", "--threshold=20", str(unit), cwd=tmp_path)


def test_what_is_written_into_is_made_beforehand_and_is_roots():
    """systemd opens the file of the log before it would make a ``LogsDirectory``: on Debian 12 nothing started."""
    units = "".join(unit.read_text("utf-8") for unit in (DEPLOY / "systemd").iterdir())
    nginx_says = (DEPLOY / "nginx.conf").read_text("utf-8")
    opened = re.findall(r"append:(\S+)/", units) + re.findall(r"(?:access|error)_log (/\S+)/", nginx_says)
    assert set(opened) == {"/var/log/sanliang", "/var/log/nginx/sanliang"}
    assert "LogsDirectory" not in units
    assert "AssertPathIsDirectory=/var/log/sanliang" in units
    for page in ("operations.md", "operations.zh-CN.md"):
        made = re.findall(r"install -d .*", (PROJECT_DIR / "docs" / page).read_text("utf-8"))
        for folder in set(opened):
            assert any(folder in line.split() and "-o root" in line for line in made), (page, folder)
        entered = [line for line in made if "/var/log/nginx/sanliang" in line and "-g www-data" in line]
        assert entered, "nginx's account could not open its log anew after it was turned over"


def test_logs_are_turned_over_and_no_line_is_lost(tmp_path):
    file = filled_in("logrotate", tmp_path, {"/var/log/nginx/sanliang": tmp_path / "nginx"})
    (tmp_path / "nginx").mkdir()
    (tmp_path / "nginx" / "access.log").write_text("1\n", encoding="utf-8")
    (tmp_path / "pid").write_text(f"{os.getpid()}\n", encoding="utf-8")
    asked = []
    before = signal.signal(signal.SIGUSR1, lambda *_: asked.append("open it again"))
    try:
        with (tmp_path / "log" / "server.log").open("a", encoding="utf-8") as log:
            print("1", file=log, flush=True)
            checked(program("logrotate"), "--force", "--state", str(tmp_path / "state"), str(file), cwd=tmp_path)
            print("2", file=log, flush=True)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert asked == ["open it again"]
    for folder, left in (("log", "2\n"), ("nginx", "")):
        (now,), (old,) = ((tmp_path / folder).glob(pattern) for pattern in ("*.log", "*.log-*"))
        assert (now.read_text("utf-8"), old.read_text("utf-8")) == (left, "1\n")


def test_containers_are_read_only_have_no_rights_and_no_password():
    """No engine is here to run them: this much can be read."""
    text = (PROJECT_DIR / "docker-compose.yml").read_text("utf-8")
    services = yaml.safe_load(text)["services"]
    assert {"database", "migrate", "app", "backup", "tools", "proxy"} == set(services)
    assert "POSTGRES_USER" not in services["database"]["environment"], "it would make the application a superuser"
    assert "NOSUPERUSER" in (DEPLOY / "postgres" / "role.sh").read_text("utf-8")
    wanted = {"files:/var/lib/sanliang", "backups:/var/backups/sanliang"}
    assert set(services["tools"]["volumes"]) == wanted, "a restore writes both"
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"] == {"max-size": "20m", "max-file": "10"}, name
        if name != "database":
            assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"]), name
        if name not in {"database", "proxy"}:
            assert service["env_file"] == [{"path": ".env", "required": False}]
            assert service["environment"]["SANLIANG_DATABASE_URL"] == "postgresql://sanliang@database/sanliang"
            assert service["secrets"] == ["database_password"]
    built = (PROJECT_DIR / "Dockerfile").read_text("utf-8")
    assert services["app"]["build"]["args"].keys() <= set(re.findall(r"^ARG (\w+)", built, re.MULTILINE))
    assert f'image.version="{version("sanliang")}"' in built
