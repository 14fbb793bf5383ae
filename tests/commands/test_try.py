"""``sanliang try``: an auditor asks the rules, without a database, a server or an account."""

import json
import subprocess
import sys

import pytest

from app.tried import KINDS
from tests.tries import EXAMPLES, answers, holds


def run(kind, text):
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "try", kind], input=text.encode(), capture_output=True, check=False
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_rules_give_the_worked_examples(kind):
    found = answers(kind, [example["case"] for example in EXAMPLES[kind]])
    wrong = [
        (example["case"], example["expect"], one)
        for example, one in zip(EXAMPLES[kind], found, strict=True)
        if not holds(one, example["expect"])
    ]
    assert not wrong


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_that_cannot_be_spoils_no_other(kind):
    good = EXAMPLES[kind][0]["case"]
    broken = [None, 7, "x", [], {}, {**good, "and": 1}, dict.fromkeys(good, True), dict.fromkeys(good, -1)]
    first, *errors, last = answers(kind, [good, *broken, good])
    assert first == last
    assert all(set(error) <= {"error", "field"} and error["error"] for error in errors)


def test_from_the_command_line():
    done = run("votes", json.dumps([{"matter": "ordinary", "full": 16, "present": 8, "yes": 8}, {}]))
    assert (done.returncode, done.stderr) == (0, b"")
    carried, broken = json.loads(done.stdout)
    assert (carried["n"], carried["needs_yes"], carried["outcome"]) == (16, 9, "not_carried")
    assert broken["error"]


def test_a_number_beyond_all_counts_spoils_no_other_case():
    done = run("talks", '[{"committee": 5, "others": %s}, {"committee": 5, "others": 15}]' % ("9" * 6000))
    broken, told = json.loads(done.stdout)
    assert (done.returncode, broken["error"] != "", told["enough"]) == (0, True, 33)


def test_half_a_sign_is_no_text_and_spoils_no_other_case():
    done = run("draw", r'[{"seed": "\ud800", "ids": ["a"], "take": 1}, {"seed": "s", "ids": ["a"], "take": 1}]')
    broken, told = json.loads(done.stdout)
    assert (done.returncode, "error" in broken, told["drawn"]) == (0, True, ["a"])


@pytest.mark.parametrize("text", ["", "{}", "7", "[", "[NaN]", "[" * 100_000, "\udcff"])
def test_what_is_no_list_ends_with_2_and_one_sentence(text):
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "try", "votes"],
        input=text.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.decode().splitlines()) == 1


def test_an_unknown_kind_ends_with_2_and_names_those_there_are():
    done = run("horoscope", "[]")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "checkin" in done.stderr.decode()


def test_no_cases_no_results():
    assert json.loads(run("talks", "[]").stdout) == []
