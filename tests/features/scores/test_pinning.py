"""A year keeps the rule set its sheets were first shown with, until somebody says otherwise."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select
from typer.testing import CliRunner

from app.core import opening
from app.core.settings import Settings
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.scores import commands, rule_set, service
from app.features.scores.errors import UnknownRuleSetError, YearArchivedError
from app.features.scores.models import RulePeriod
from tests.makers import as_member
from tests.races import race

IN_2026 = datetime(2026, 11, 22, tzinfo=UTC)
IN_2028 = datetime(2028, 3, 1, tzinfo=UTC)


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """The product comes with a second version for 2026, in which nothing else changed, and one for 2028."""
    first = (rule_set.RULE_SETS_DIR / "2026.1.json").read_text("utf-8")
    for version in ("2026.1", "2026.2", "2028.1"):
        (tmp_path / f"{version}.json").write_text(first.replace('"2026.1"', f'"{version}"'), "utf-8")
    monkeypatch.setattr(rule_set, "RULE_SETS_DIR", tmp_path)
    rule_set.rule_set.cache_clear()
    yield
    rule_set.rule_set.cache_clear()


def pinned(session):
    return {row.year: row.version for row in session.execute(select(RulePeriod.year, RulePeriod.version))}


@pytest.mark.parametrize(
    ("year", "version"), [(2025, "2026.1"), (2026, "2026.2"), (2027, "2026.2"), (2028, "2028.1"), (2040, "2028.1")]
)
def test_the_newest_version_that_suits_a_year(newer, year, version):
    assert rule_set.newest_for(year) == version


def test_the_first_look_pins_and_a_newer_product_changes_nothing(client, database, alice, bob, request):
    with time_machine.travel(IN_2026, tick=False):
        client.get("/sheet", headers=as_member(alice))
        request.getfixturevalue("newer")
        client.get("/sheet", headers=as_member(bob))
    with database.read() as session:
        assert pinned(session) == {2026: "2026.1"}


def test_a_second_pin_changes_nothing(session, newer):
    service.pin_rules(session, year=2026, version="2026.1")
    service.pin_rules(session, year=2026, version="2026.2")
    assert pinned(session) == {2026: "2026.1"}


@pytest.mark.race
def test_many_first_looks_pin_once(database, newer):
    def look(number):
        with database.write() as session:
            service.pin_rules(session, year=2026, version=("2026.1", "2026.2")[number % 2])

    assert race(8, look) == [None] * 8
    with database.read() as session:
        assert len(pinned(session)) == 1


def test_another_version_while_the_year_is_open(session, newer):
    with time_machine.travel(IN_2026, tick=False):
        service.pin_rules(session, year=2026, version="2026.1")
        for _time in range(2):
            service.change_rules(session, year=2026, version="2026.2")
    assert pinned(session) == {2026: "2026.2"}
    session.flush()
    (noted,) = session.query(AuditEntry).where(AuditEntry.action == AuditAction.RULES_CHANGED)
    assert (noted.subject, noted.changes) == ("2026", {"version": ["2026.1", "2026.2"]})


def test_an_archived_year_keeps_its_rules(session, newer):
    service.pin_rules(session, year=2026, version="2026.1")
    with time_machine.travel(IN_2028, tick=False):
        service.change_rules(session, year=2026, version="2026.1")
        with pytest.raises(YearArchivedError):
            service.change_rules(session, year=2026, version="2028.1")


def test_an_unknown_version_is_not_pinned(session):
    with pytest.raises(UnknownRuleSetError):
        service.pin_rules(session, year=2026, version="2026.9")
    assert pinned(session) == {}


@pytest.fixture
def use(database, monkeypatch, english):
    address = database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(opening, "settings", lambda: Settings(database_url=address))
    return lambda version, year: CliRunner().invoke(
        commands.rules_app, ["use", "--rules", version, "--year", str(year)]
    )


def test_the_command_says_which_rules_are_used(use, database, newer):
    with time_machine.travel(IN_2026, tick=False):
        done = use("2026.2", 2026)
    assert (done.exit_code, done.stdout) == (0, "The sheets of 2026 are computed with rule set 2026.2.\n")
    with database.read() as session:
        assert pinned(session) == {2026: "2026.2"}


def test_the_command_refuses_what_it_does_not_know(use):
    refused = use("2026.9", 2026)
    assert refused.exit_code == 1
    assert "There is no rule set “2026.9”" in refused.stderr
