"""``rules try`` and ``rules check`` as an officer types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.features.scores.commands import rules_app
from app.features.scores.rule_set import RULE_SETS_DIR

EXAMPLES = Path(__file__).parent / "examples"
FACTS, SHEETS = EXAMPLES / "facts.csv", EXAMPLES / "sheets.json"
RULES_FILE = RULE_SETS_DIR / "2026.1.json"

pytestmark = pytest.mark.usefixtures("english")


def run(*words):
    return CliRunner().invoke(rules_app, [str(word) for word in words])


def test_try_gives_the_worked_sheets_as_json():
    done = run("try", "--rules", "2026.1", "--facts", FACTS, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(SHEETS.read_text(encoding="utf-8"))


def test_try_takes_a_rule_set_that_is_still_a_file(tmp_path):
    draft = json.loads(RULES_FILE.read_text(encoding="utf-8"))
    draft["extra"]["needs"] = "0"
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(draft), encoding="utf-8")
    sheets = json.loads(run("try", "--rules", file, "--facts", FACTS, "--json").stdout)
    assert (sheets["李建国"]["E"], sheets["李建国"]["total"]) == ("10.00", "69.04")


def test_the_table_lists_people_by_name_and_never_by_points():
    done = run("try", "--rules", "2026.1", "--facts", FACTS)
    names = json.loads(SHEETS.read_text(encoding="utf-8"))
    listed = sorted(names, key=done.stdout.index)
    assert listed == ["陈立", "李建国", "孙浩", "王敏", "吴静", "赵晓岚", "郑凯", "周婷"]
    assert "76.37" in done.stdout


def test_a_bad_row_is_named_and_the_others_are_computed(tmp_path):
    file = tmp_path / "facts.csv"
    file.write_text("member,fact,occurred_on\nAlice,app.login,2026-03-14\nBob,bonus.lecture,2026-03-14\n", "utf-8")
    done = run("try", "--rules", "2026.1", "--facts", file, "--json")
    assert done.exit_code == 1
    assert list(json.loads(done.stdout)) == ["Bob"]
    assert done.stderr.startswith("Row 2: ")
    assert "不得强制定期登录" in done.stderr


def test_the_year_can_be_chosen(tmp_path):
    file = tmp_path / "facts.csv"
    file.write_text("member,fact,occurred_on\nBob,study.item,2025-03-14\nBob,study.session,2026-03-14\n", "utf-8")
    assert run("try", "--rules", "2026.1", "--facts", file, "--json").exit_code == 1
    chosen = run("try", "--rules", "2026.1", "--facts", file, "--json", "--year", "2025")
    assert json.loads(chosen.stdout)["Bob"]["B"] == "24.20"


@pytest.mark.parametrize(("rules", "content"), [("1999.1", "member,fact,occurred_on\n"), ("2026.1", "nothing")])
def test_a_refusal_is_one_sentence_and_ends_with_one(tmp_path, rules, content):
    file = tmp_path / "facts.csv"
    file.write_text(content, "utf-8")
    done = run("try", "--rules", rules, "--facts", file)
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.strip().splitlines()) == 1


def test_check_says_that_a_rule_set_can_be_used():
    done = run("check", RULES_FILE)
    assert done.exit_code == 0
    assert done.stdout == "Rule set 2026.1 can be used: A 40 + B 30 + C 10 + D 20, and up to 10 outside.\n"


def test_check_names_everything_that_cannot_stand_with_the_clause(tmp_path):
    file = tmp_path / "draft.json"
    text = RULES_FILE.read_text(encoding="utf-8")
    file.write_text(text.replace('"study.item"', '"study.minutes"').replace('"bonus.lecture"', '"app.login"'), "utf-8")
    done = run("check", file)
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 2
    assert "国办函〔2026〕12号：不得把点赞量、投票数、转发量、学习时长作为考评依据。" in done.stdout
    assert "不得强制定期登录" in done.stdout
