"""The page of whoever looks after the machine: how it stands, and nothing about people."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from app.core import clock, hourly, pulses, sealing
from app.core.settings import settings
from app.features.audit import verification
from app.features.audit.rules import Verified
from app.features.home import system
from app.features.members.rules import Role
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page


@pytest.fixture
def admin(given, branch, committee):
    return given(make_member, branch, "席彤", roles=(Role.SYSTEM_ADMINISTRATOR,), at=committee)


@pytest.fixture
def told(client, admin):
    def read():
        soup = page(client.get("/system", headers=as_member(admin) | ENGLISH))
        terms, texts = soup.select("dl.dl dt"), soup.select("dl.dl dd")
        return {term.get_text(): " ".join(text.get_text(" ").split()) for term, text in zip(terms, texts, strict=True)}

    return read


def test_it_says_how_the_installation_stands(told, engine_kind):
    found = told()
    name = {"sqlite": "SQLite", "postgres": "PostgreSQL"}[engine_kind]
    assert re.fullmatch(rf"{name} \d+\.[\d.]+ newest schema", found["Database"])
    assert found["Room on the disk"].split()[1] == "GB"
    assert found["Time zone"] == "Asia/Shanghai"


def test_it_says_what_is_done_on_the_server(client, admin):
    soup = page(client.get("/system", headers=as_member(admin)))
    assert {"sanliang sweep", "sanliang ledger verify"} <= {code.get_text() for code in soup.select("main code")}


def test_it_warns_while_something_can_still_be_done(told, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=2 * 10**8))
    assert told()["Room on the disk"] == ("0.2 GB not much Make room on the disk of the data folder, or writing stops.")


def test_the_key_is_looked_for_and_never_shown(told, tmp_path, monkeypatch):
    monkeypatch.setattr(type(settings()), "contacts_key_file", tmp_path / "contacts.key")
    assert told()["Key for contacts of wishers"].startswith("none yet")
    (tmp_path / "contacts.key").write_text("no key", encoding="utf-8")
    assert told()["Key for contacts of wishers"].startswith("none yet, or not to be read Put its file back")
    (tmp_path / "contacts.key").unlink()
    sealing.make_key()
    assert told()["Key for contacts of wishers"] == "in its place"


def test_who_looks_after_it_reads_on_today_what_is_to_be_looked_at_and_nobody_else_does(client, admin, alice, sam):
    def said(person):
        return page(client.get("/", headers=as_member(person) | ENGLISH)).select_one("main").get_text(" ")

    assert "To look at in this installation" in said(admin)
    assert "Last backup" in said(admin)
    for person in (alice, sam):
        assert "in this installation" not in said(person)


def test_a_backup_that_is_not_clean_is_not_in_order(told, database):
    now = clock.now()
    for name, at, ends in (
        ("backup", now - timedelta(hours=1), " in order"),
        ("backup unclean", now, "See what: sanliang ledger verify"),
        ("backup", now + timedelta(seconds=1), " in order"),
    ):
        with database.write() as session:
            pulses.beat(session, name, at)
        assert told()["Last backup"].endswith(ends)


def test_what_runs_is_said_with_what_to_do_until_it_ran(told, database, given):
    found = told()
    for name in ("Last hourly run", "Last backup", "Last drill of restoring", "Last verification"):
        assert found[name].startswith("— not yet ")
    with database.write() as session:
        for name in (hourly.SWEEP, "backup", "drill"):
            pulses.beat(session, name, clock.now())
    verification.verify_daily(database, clock.now())
    found = told()
    for name in ("Last hourly run", "Last backup", "Last drill of restoring"):
        assert found[name].endswith(" in order")
    assert found["Last verification"].endswith(" all as it was written")


NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("hours", "failed_hours", "said"),
    [
        (None, None, "not yet"),
        (None, 1, "failed"),
        (2, None, "in order"),
        (2, 3, "in order"),  # it has come right since
        (2, 2, "failed"),
        (4, None, "too long ago"),
        (73, 1, "waits"),
        (-2, None, "waits"),
    ],
)
def test_the_sweep_is_on_time_late_failing_or_waits_for_somebody(hours, failed_hours, said):
    at, failed = (None if one is None else NOW - timedelta(hours=one) for one in (hours, failed_hours))
    line = system.swept(at, failed, NOW, is_by_itself=True)
    assert (line.chip.startswith(said), line.is_well) == (True, said == "in order")
    assert line.todo


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("hours", "is_clean", "is_well"), [(1, True, True), (1, False, False), (49, True, False)])
def test_a_proof_that_failed_stays_amber(hours, is_clean, is_well):
    line = system.proved(Verified(NOW - timedelta(hours=hours), is_clean, None, {}), NOW)
    assert line.is_well is is_well
    assert "sanliang ledger verify" in line.todo


@pytest.mark.parametrize(("day", "chip"), [("2026-10-31", False), ("2026-11-01", True), ("2027-01-02", True)])
def test_the_next_year_s_days_off_are_asked_for_from_november(client, admin, day, chip):
    """The product itself knows those of 2026."""
    with time_machine.travel(f"{day}T02:00:00+00:00", tick=False):
        soup = page(client.get("/system", headers=as_member(admin) | ENGLISH))
    assert ("2027 not yet" in soup.get_text()) is chip


def test_it_is_found_from_the_page_of_today(client, admin):
    assert page(client.get("/", headers=as_member(admin))).select("main nav a[href='/system']")


@pytest.mark.parametrize("who", ["alice", "sam", "carl"])
def test_it_is_for_nobody_else(client, request, who):
    person = request.getfixturevalue(who)
    page(client.get("/system", headers=as_member(person)), status=403)
    assert not page(client.get("/", headers=as_member(person))).select("a[href='/system']")
