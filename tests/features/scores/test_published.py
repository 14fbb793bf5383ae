"""What this installation publishes is kept as it is, is found beside the files, and goes on into the next years."""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
import time_machine
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from app.core import opening
from app.core.settings import Settings
from app.features.members.models import AuditEntry
from app.features.members.rules import AuditAction
from app.features.scores import commands, rule_set, service, versions
from app.features.scores.drafts import publishing, rules
from app.features.scores.errors import RuleSetRefusedError, UnknownRuleSetError
from app.features.scores.models import PublishedRuleSet
from app.features.scores.publicity.models import Publicity
from app.features.scores.rule_set import RULE_SETS_DIR
from app.features.scores.versions import known, rules_of, source, version_of
from tests.makers import as_member

IN_MAY = datetime(2026, 5, 20, 4, tzinfo=UTC)


def text_of(version, **changes):
    """The product's rules under another number: an approved item gives 0.3."""
    draft = json.loads((RULE_SETS_DIR / "2026.1.json").read_text("utf-8")) | {"version": version} | changes
    draft["sections"][1]["rules"][1]["parts"][1]["each"] = "0.3"
    return json.dumps(draft, ensure_ascii=False, indent=2) + "\n"


def publicised(session, branch, person, other, day, year=2026):
    """The first quarter of a year is publicised on ``day``."""
    session.add(
        Publicity(
            branch_id=branch.id,
            year=year,
            quarter=1,
            working_days=3,
            reception="陈芳",
            opened_on=day,
            ends_on=day + timedelta(days=6),
            objections_until=day + timedelta(days=9),
            heads="0",
            proposed_by_id=person.id,
            **{f"{step}_by_id": other.id for step in ("checked", "approved", "published")},
            **dict.fromkeys(
                ("checked_at", "approved_at", "published_at"), datetime(day.year, day.month, day.day, tzinfo=UTC)
            ),
        )
    )
    session.flush()


def test_a_published_text_is_read_as_it_was_and_its_year_keeps_it(session):
    with time_machine.travel(IN_MAY, tick=False):
        service.pin_rules(session, year=2026, version="2026.1")
        publishing.publish(session, text=text_of("2026.2"), year=2026)
    found = source(session, "2026.2")
    assert (found.text, found.digest) == (text_of("2026.2"), sha256(text_of("2026.2").encode()).hexdigest())
    assert rules_of(session, "2026.2").version == version_of(session, 2026) == "2026.2"
    assert known(session) == ["2026.1", "2026.2"]
    assert source(session, "2026.1").digest == sha256((RULE_SETS_DIR / "2026.1.json").read_bytes()).hexdigest()
    session.flush()
    notes = session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [note.action for note in notes] == [AuditAction.RULES_PUBLISHED, AuditAction.RULES_CHANGED]
    assert notes[0].changes["digest"] == [None, found.digest]


def test_what_an_installation_decided_goes_on_until_it_decides_otherwise(session):
    with time_machine.travel(IN_MAY, tick=False):
        publishing.publish(session, text=text_of("2026.2"), year=2027)
    assert [version_of(session, year) for year in (2026, 2027, 2028)] == ["2026.1", "2026.2", "2026.2"]
    service.pin_rules(session, year=2028, version="2026.1")
    assert version_of(session, 2029) == "2026.1"


def test_a_later_file_of_the_product_with_its_number_does_not_replace_it(session, tmp_path, monkeypatch):
    with time_machine.travel(IN_MAY, tick=False):
        publishing.publish(session, text=text_of("2026.2"), year=2027)
    first = (RULE_SETS_DIR / "2026.1.json").read_text("utf-8")
    for version in ("2026.1", "2026.2", "2028.1"):
        (tmp_path / f"{version}.json").write_text(first.replace('"2026.1"', f'"{version}"'), "utf-8")
    for module in (rule_set, versions):
        monkeypatch.setattr(module, "RULE_SETS_DIR", tmp_path)
    assert source(session, "2026.2").text == text_of("2026.2")
    assert rules_of(session, "2026.2") is versions.parsed(text_of("2026.2"))
    assert source(session, "2028.1").published_at is None
    assert [version_of(session, year) for year in (2027, 2028)] == ["2026.2", "2026.2"], "its decision goes on"


@pytest.mark.parametrize("change", [update(PublishedRuleSet).values(text="{}"), delete(PublishedRuleSet)])
def test_nobody_changes_what_is_published(database, given, change):
    with time_machine.travel(IN_MAY, tick=False):
        given(publishing.publish, text=text_of("2026.2"), year=2026)
    with pytest.raises(DatabaseError, match=r"append-only|refuse|may not"), database.write() as session:
        session.execute(change)


def test_a_version_is_published_once(session):
    with time_machine.travel(IN_MAY, tick=False):
        publishing.publish(session, text=text_of("2026.2"), year=2026)
        for text in (text_of("2026.2"), text_of("2026.1")):
            with pytest.raises(rules.VersionTakenError):
                publishing.publish(session, text=text, year=2026)


def test_after_the_first_publicity_only_the_next_year_is_offered(session, branch, sam, alice):
    publicised(session, branch, sam, alice, date(2026, 4, 1))
    with time_machine.travel(IN_MAY, tick=False):
        with pytest.raises(rules.TooLateError) as late:
            publishing.publish(session, text=text_of("2026.2"), year=2026)
        assert "2027" in late.value.sentence
        publishing.publish(session, text=text_of("2026.2"), year=2027)
        for year, refusal in ((2024, rules.YearOverError), (2028, rules.FarYearError)):
            with pytest.raises(refusal):
                publishing.publish(session, text=text_of("2026.3"), year=year)
    assert version_of(session, 2026) == "2026.1"


@pytest.fixture
def command(database, monkeypatch, english):
    address = database.url.render_as_string(hide_password=False)
    monkeypatch.setattr(opening, "settings", lambda: Settings(database_url=address))
    return lambda *words: CliRunner().invoke(commands.rules_app, [str(word) for word in words])


def test_the_command_uses_a_file_once_and_the_others_know_its_version(command, database, tmp_path):
    file = tmp_path / "ours.json"
    file.write_text(text_of("2026.2"), "utf-8")
    with time_machine.travel(IN_MAY, tick=False):
        for _time in range(2):
            done = command("use", "--rules", file, "--year", 2026)
            assert (done.exit_code, done.stdout) == (0, "The sheets of 2026 are computed with rule set 2026.2.\n")
        file.write_text(text_of("2026.2", title="Other"), "utf-8")
        assert command("use", "--rules", file, "--year", 2026).exit_code == 1
    assert command("check", "2026.2").stdout.startswith("Rule set 2026.2 can be used")
    facts = tmp_path / "facts.csv"
    facts.write_text("member,fact,occurred_on\nBob,study.item,2026-03-14\n", "utf-8")
    tried = command("try", "--rules", "2026.2", "--facts", facts, "--json")
    assert json.loads(tried.stdout)["Bob"]["B"] == "24.30"
    with database.read() as session:
        assert session.query(PublishedRuleSet).count() == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("规则".encode("gbk"), "no text in UTF-8"),
        (text_of("2026.2").encode("utf-8-sig"), "no text in UTF-8"),
        (b"[" * 100_000, "larger or deeper"),
        (b"[" + b"9" * 5000 + b"]", "larger or deeper"),
        (b"[]", "must have named fields"),
        (b"", "not JSON"),
    ],
    ids=["gbk", "mark", "deep", "long", "list", "empty"],
)
def test_a_file_that_is_no_rule_set_is_refused_with_a_sentence(command, tmp_path, content, said):
    file = tmp_path / "ours.json"
    file.write_bytes(content)
    for words in (("check", file), ("use", "--rules", file, "--year", 2026)):
        done = command(*words)
        assert (done.exit_code, said in done.output) == (1, True), done.output


def test_a_file_is_published_byte_for_byte(command, database, tmp_path):
    file = tmp_path / "ours.json"
    file.write_bytes(text_of("2026.2").replace("\n", "\r\n").encode())
    with time_machine.travel(IN_MAY, tick=False):
        assert command("use", "--rules", file, "--year", 2026).exit_code == 0
    with database.read() as session:
        assert source(session, "2026.2").digest == sha256(file.read_bytes()).hexdigest()


def test_alice_s_sheet_is_computed_with_what_was_published(client, given, alice):
    with time_machine.travel(IN_MAY, tick=False):
        given(publishing.publish, text=text_of("2026.2"), year=2026)
        assert "2026.2" in client.get("/sheet", headers=as_member(alice)).text


@pytest.mark.parametrize(
    ("change", "said"),
    [({"maximum": "99.99"}, "100"), ({"maximum": "NaN"}, "NaN"), ({"maximum": "-100"}, "0")],
)
def test_what_cannot_stand_is_not_published(session, change, said):
    with pytest.raises(RuleSetRefusedError) as refused:
        publishing.publish(session, text=text_of("2026.2", **change), year=2026)
    assert said in refused.value.sentence
    with pytest.raises(UnknownRuleSetError):
        source(session, "2026.2")
