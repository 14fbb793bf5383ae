"""What each fact gave by itself, so that the ones beyond a limit can be seen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.scores.lines import shares
from tests.features.scores.facts import RULES, YEAR_END, facts, line

ADDING_UP = ("A1", "B1", "C1", "D2", "D3", "E1", "E2")


def given_by(rule_id, *totals, through=YEAR_END):
    rule = next(rule for rule in RULES.rules() if rule.id == rule_id)
    return shares(rule, totals, through=through)


def test_the_third_item_of_a_month_gives_nothing():
    months = [facts("study.item", in_month=month) for month in (3, 3, 3, 4)]
    assert given_by("B2", *months) == [20, 20, 0, 20]


def test_a_deduction_ends_at_its_cap():
    assert given_by("B1", *[facts("attendance.absent")] * 7) == [-200] * 6 + [0]


def test_the_first_wish_gives_more_than_the_second():
    assert given_by("D2", *[facts("service.wish_realised")] * 3) == [200, 100, 0]


def test_a_higher_commendation_of_one_matter_adds_the_difference():
    same = [facts("bonus.commendation", grade=grade, matter="flood") for grade in ("unit", "province", "division")]
    assert given_by("E3", *same, facts("bonus.commendation", grade="unit")) == [100, 400, 0, 100]


def test_facts_of_several_kinds_keep_their_places():
    mixed = [facts("attendance.late"), facts("attendance.present"), facts("attendance.absent_key")]
    assert given_by("B1", *mixed) == [-50, 0, -500]


@pytest.mark.parametrize(("rule_id", "kind"), [("A2", "pledge.kept"), ("D1", "review.result")])
def test_a_ratio_and_a_mean_belong_to_all_facts_together(rule_id, kind):
    assert given_by(rule_id, facts(kind), facts(kind)) == [None, None]


def test_what_lies_after_the_month_gives_nothing():
    assert given_by("B2", facts("study.session", in_month=5), through=date(2026, 4, 30)) == [0]


@pytest.mark.parametrize("rule_id", ADDING_UP)
@given(data=st.data())
def test_together_the_facts_give_what_the_line_has(rule_id, data):
    rule = next(rule for rule in RULES.rules() if rule.id == rule_id)
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(rule.fact_types), st.integers(1, 12)), max_size=12))
    grade = "good" if rule_id == "A1" else ""
    totals = [facts(kind, grade=grade, in_month=month) for kind, month in drawn]
    together = rule.start + sum(share or 0 for share in given_by(rule_id, *totals))
    assert line(rule_id, *totals).points == max(0, min(rule.maximum, together))
