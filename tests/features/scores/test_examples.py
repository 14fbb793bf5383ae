"""The worked examples of rule set 2026.1 come out to the cent, in any order of the facts."""

import json
import random
from pathlib import Path

import pytest

from app.features.scores.rule_set import rule_set
from app.features.scores.trial import as_json, read_facts, try_rules

EXAMPLES = Path(__file__).parent / "examples"
SHEETS = json.loads((EXAMPLES / "sheets.json").read_text(encoding="utf-8"))


def tried(content):
    table = read_facts(content)
    assert table.bad_rows == ()
    return {member: as_json(sheet) for member, sheet in try_rules(rule_set("2026.1"), table).items()}


@pytest.fixture(scope="module")
def computed():
    return tried((EXAMPLES / "facts.csv").read_bytes())


@pytest.mark.parametrize("member", SHEETS)
def test_a_worked_sheet_is_equal_to_the_cent(computed, member):
    assert computed[member] == SHEETS[member]


def test_nobody_is_missing_or_added(computed):
    assert list(computed) == list(SHEETS)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_file_makes_no_difference(seed):
    heading, *rows = (EXAMPLES / "facts.csv").read_text(encoding="utf-8-sig").splitlines()
    random.Random(seed).shuffle(rows)
    assert tried("\n".join([heading, *rows]).encode()) == SHEETS
