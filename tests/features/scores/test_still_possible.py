"""What a sheet calls still possible can really be reached, and what it names as next really gives that much."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.ledger import fact_sources
from app.features.ledger.rules import FactType
from app.features.reviews import kinds
from app.features.scores.parts.weighing import RatioPart
from app.features.scores.rules import evaluate
from app.features.scores.sheet import Advice
from app.features.scores.words import next_words
from tests.features.scores.facts import RULES, YEAR_END, facts, good_year, line, month, points, section, sheet
from tests.features.scores.test_evaluate_properties import many_facts, one_fact

JUNE = date(2026, 6, 30)
a_few = st.integers(0, 6)
early_facts = st.lists(one_fact(last=6), max_size=30)


@given(a_few, a_few, a_few, a_few)
def test_of_what_is_due_all_kept_is_the_most_and_is_reached(kept, missed, to_come, failing):
    so_far = [facts("pledge.kept", kept), facts("duty.missed", missed)] if kept or missed else []
    possible = line("A2", *so_far, to_come={FactType.DUTY_KEPT: to_come}).possible
    assert points("A2", *so_far, facts("duty.kept", to_come)) == possible
    failing = min(failing, to_come)
    assert points("A2", *so_far, facts("duty.kept", to_come - failing), facts("duty.missed", failing)) <= possible


def test_one_miss_is_not_made_good_by_hoping():
    so_far = [facts("pledge.kept", 4), facts("duty.missed")]
    assert line("A2", *so_far).possible == 800
    due = line("A2", *so_far, to_come={FactType.PLEDGE_KEPT: 2, FactType.DUTY_KEPT: 2})
    assert (due.points, due.possible, due.to_come) == (800, 889, 4)


@given(early_facts, a_few)
def test_the_base_can_become_what_it_says(so_far, to_come):
    in_june = evaluate(RULES, so_far, through=JUNE, to_come={FactType.DUTY_KEPT: to_come})
    by_id = {one.rule_id: one for part in in_june.sections for one in part.lines}
    best = [
        facts("appraisal.quarter", by_id["A1"].awaited, grade="good", in_month=12),
        facts("duty.kept", to_come, in_month=12),
        facts("study.session", 12, in_month=12),
        facts("review.result", by_id["D1"].awaited, quantity=1000, in_month=12),
        facts("service.wish_realised", 2, in_month=12),
        facts("service.half_day", 3, in_month=12),
        facts("task.urgent", 2, quantity=200, in_month=12),
    ]
    in_december = evaluate(RULES, [*so_far, *best], through=YEAR_END, closed=True)
    assert in_december.base == in_june.base_possible
    for earlier, final in zip(in_june.sections[:-1], in_december.sections, strict=False):
        assert earlier.possible == final.points


@given(early_facts)
def test_one_more_of_what_is_named_gives_what_is_said(so_far):
    before = evaluate(RULES, so_far, through=JUNE)
    parts = {(rule.id, part.label): part for rule in RULES.rules() for part in rule.parts}
    lines = [(one, more) for part in before.sections for one in part.lines for more in one.more]
    for one, more in lines:
        fact = parts[one.rule_id, more.label].one_more(month(6))
        after = evaluate(RULES, [*so_far, fact], through=JUNE)
        (then,) = [later for part in after.sections for later in part.lines if later.rule_id == one.rule_id]
        assert then.points - one.points == more.points > 0
    open_still = {rule for rule in ("B2", "D2", "D3") if points(rule, *so_far, through=JUNE) < line(rule).maximum}
    assert {one.rule_id for one, _more in lines} >= open_still


@given(many_facts)
def test_lines_that_share_a_limit_cannot_all_reach_it(totals):
    for part in sheet(*totals).sections:
        for one in part.lines:
            assert one.points <= part.reach(one) <= one.possible
            if sum(other.points for other in part.lines) <= part.maximum:
                assert sum(other.points for other in part.lines) - one.points + part.reach(one) <= part.maximum


def test_lectures_leave_five_of_ten_to_the_rest():
    extra = section("E", *good_year(), facts("bonus.lecture", 1), facts("bonus.commendation", 1, grade="department"))
    assert [extra.reach(one) for one in extra.lines] == [700, 500, 800]


@pytest.mark.usefixtures("english")
def test_the_next_act_is_named():
    def said(rule_id, *totals, **options):
        result = sheet(*totals, **options)
        part = next(part for part in result.sections if rule_id in {one.rule_id for one in part.lines})
        return next_words(part, next(one for one in part.lines if one.rule_id == rule_id), is_running=True)

    due = {"to_come": {FactType.DUTY_KEPT: 4}}
    assert said("A2", facts("duty.kept", 4), facts("duty.missed"), **due) == (
        "Keep 4 more by the end of the year: up to 8.89"
    )
    assert said("A2", facts("duty.kept", 4), facts("duty.missed")) == ""
    assert said("D2", facts("service.wish_realised"), facts("service.half_day", 2)) == (
        "One more: Wish realised and revisited +1, Half-days of volunteering +1"
    )
    assert said("D3", facts("task.urgent", 2, quantity=200)) == ""
    two_this_month = [facts("study.item", 2, in_month=12), facts("study.quiz_passed", 4, in_month=12)]
    assert said("B2", *two_this_month) == "One more: Organised study session +0.5, Training days +1"


HERE = frozenset(kinds.fact_types() | fact_sources.fact_types())
"""What the product's own pages can record."""
WITHOUT = HERE - {
    FactType.APPRAISAL_QUARTER,
    FactType.REVIEW_RESULT,
    FactType.TASK_URGENT,
    FactType.SERVICE_HALF_DAY,
    FactType.STUDY_TRAINING_DAY,
    FactType.BONUS_SUGGESTION,
    FactType.BONUS_COMMENDATION,
}
"""The same of an installation in which some streams are missing."""


def test_every_line_can_be_filled_here():
    assert frozenset(FactType) == HERE
    whole = sheet(kept=tuple(HERE))
    assert (whole.maximum, whole.not_kept, whole.is_whole) == (10000, (), True)
    assert all(one.is_kept for one in whole.extra.lines)


def test_a_line_that_nothing_here_can_fill_counts_nowhere():
    perfect = [*(facts("study.item", 2, in_month=number) for number in range(1, 13)), facts("pledge.kept", 8)]
    real = sheet(*perfect, facts("service.wish_realised", 2), kept=tuple(WITHOUT))
    assert (real.base, real.maximum, real.base_possible) == (5180, 5300, 5300)
    assert [one.rule_id for one in real.not_kept] == ["A1", "D1", "D3"]
    assert (real.advice, real.is_whole) == (Advice.EXCELLENT_SUGGESTED, False)
    assert (real.extra.points, real.extra.maximum) == (0, 1000)  # lectures: a meeting says who gave them
    assert [line.rule_id for line in real.extra.lines if not line.is_kept] == ["E2", "E3"]


@given(many_facts)
def test_with_everything_kept_nothing_is_another(totals):
    assert sheet(*totals, kept=tuple(FactType)) == sheet(*totals)


@given(many_facts, st.sets(st.sampled_from(sorted(FactType))))
def test_every_number_lies_within_its_bounds_whatever_is_kept(totals, kept):
    found = sheet(*totals, kept=kept)
    assert 0 <= found.base <= found.base_possible <= found.maximum <= found.whole
    for part in found.sections:
        assert part.maximum <= sum(one.maximum for one in part.lines) if part.maximum else True
        for one in part.lines:
            assert 0 <= one.points <= one.possible <= one.maximum
            assert one.is_kept or one.maximum == 0


def test_only_ratios_wait_for_what_is_due():
    assert [rule.id for rule in RULES.rules() if any(isinstance(part, RatioPart) for part in rule.parts)] == ["A2"]
