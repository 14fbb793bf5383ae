"""What holds for any facts under rule set 2026.1, and what a whole table of facts may not change."""

import itertools
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from app.features.ledger.rules import FactType, Total, shape
from app.features.scores.parts.tally import Tally
from app.features.scores.rule_set import RULE_SETS_DIR, read_rule_set
from app.features.scores.rules import _line, evaluate
from tests.features.scores.facts import RULES, YEAR_END, month

HARM = {
    FactType.PLEDGE_MISSED,
    FactType.DUTY_MISSED,
    FactType.ATTENDANCE_ABSENT,
    FactType.ATTENDANCE_ABSENT_KEY,
    FactType.ATTENDANCE_LATE,
    FactType.ATTENDANCE_PRIVATE_LEAVE,
    FactType.LEAVE_UNREPORTED,
    FactType.LEAVE_UNCLOSED,
    FactType.LEAVE_OVERDUE,
}
SETTLES = {FactType.PLEDGE_KEPT, FactType.PLEDGE_MISSED, FactType.DUTY_KEPT, FactType.DUTY_MISSED}
"""How what was due comes to an end: what is to come is known before."""
COMES_BY_ITSELF = {FactType.APPRAISAL_QUARTER, FactType.REVIEW_RESULT}


@st.composite
def one_fact(draw, kinds=tuple(FactType), first=1, last=12):
    """A single well-formed fact of these months, as what it adds to the totals."""
    kind = draw(st.sampled_from(sorted(kinds)))
    form = shape(kind)
    steps = (form.highest - form.lowest) // form.step
    return Total(
        month(draw(st.integers(first, last))),
        kind,
        draw(st.sampled_from(form.grades)) if form.grades else "",
        draw(st.sampled_from(["", "flood", "report"])) if form.by_matter else "",
        1,
        form.lowest + form.step * draw(st.integers(0, min(steps, 1000))),
    )


OTHER_RULES = read_rule_set((RULE_SETS_DIR / "2026.1.json").read_text("utf-8"))
many_facts = st.lists(one_fact(), max_size=40)
GOOD = tuple(set(FactType) - HARM - COMES_BY_ITSELF)


def year_of(totals, **options):
    return evaluate(RULES, totals, through=YEAR_END, **options)


def merged(totals):
    """As the totals table keeps them: one row for each key."""
    rows = {}
    for total in totals:
        key = (total.month, total.fact_type, total.grade, total.matter)
        count, quantity = rows.get(key, (0, 0))
        rows[key] = (count + total.count, quantity + total.quantity)
    return [Total(*key, *sums) for key, sums in rows.items()]


@given(st.data(), many_facts)
def test_the_order_of_facts_does_not_matter(data, totals):
    assert year_of(data.draw(st.permutations(totals))) == year_of(totals)


@given(many_facts)
def test_merging_totals_does_not_matter(totals):
    assert year_of(merged(totals)) == year_of(totals)


@given(many_facts, many_facts)
def test_facts_and_their_reversals_cancel_exactly(totals, wrong):
    reversals = [Total(one.month, one.fact_type, one.grade, one.matter, -one.count, -one.quantity) for one in wrong]
    assert year_of([*totals, *wrong, *reversals]) == year_of(totals)


@given(many_facts, st.booleans())
def test_every_number_lies_within_its_bounds_and_adds_up(totals, closed):
    sheet = year_of(totals, closed=closed)
    for section in sheet.sections:
        assert 0 <= section.points <= section.possible <= section.maximum
        if not section.withheld:
            assert section.points == min(section.maximum, sum(line.points for line in section.lines))
        for line in section.lines:
            assert 0 <= line.points <= line.possible <= line.maximum
            assert not closed or line.points == line.possible
    assert sheet.total == sum(section.points for section in sheet.sections) <= sheet.possible
    assert sheet.base == sum(section.points for section in sheet.sections[:-1])
    assert sheet.sections[-1].points == 0 or sheet.base >= RULES.extra.needs


@given(many_facts, one_fact(kinds=GOOD))
def test_a_good_fact_never_lowers_a_line(totals, good):
    before, after = year_of(totals), year_of([*totals, good])
    for one, other in zip(before.sections, after.sections, strict=True):
        assert one.points <= other.points
        for line, later in zip(one.lines, other.lines, strict=True):
            assert line.points <= later.points


@given(many_facts, one_fact(kinds=tuple(HARM)))
def test_a_bad_fact_never_raises_a_section(totals, bad):
    before, after = year_of(totals), year_of([*totals, bad])
    assert all(one.points >= other.points for one, other in zip(before.sections, after.sections, strict=True))


@given(
    st.lists(one_fact(last=6), max_size=20),
    st.lists(one_fact(first=6), max_size=30),
)
def test_nothing_that_comes_later_exceeds_what_was_possible(so_far, later):
    every = [*so_far, *later]
    assume(sum(one.fact_type is FactType.APPRAISAL_QUARTER for one in every) <= 4)
    assume(sum(one.fact_type is FactType.REVIEW_RESULT for one in every) <= 1)
    due = {kind: sum(one.fact_type is kind for one in later) for kind in SETTLES}
    in_june, in_december = evaluate(RULES, so_far, through=date(2026, 6, 30), to_come=due), year_of(every)
    assert in_december.total <= in_june.possible
    for earlier, final in zip(in_june.sections, in_december.sections, strict=True):
        for line, ended in zip(earlier.lines, final.lines, strict=True):
            assert ended.points <= line.possible


@given(many_facts)
def test_every_line_names_the_facts_that_fed_it(totals):
    sheet = year_of(totals)
    lines = [line for section in sheet.sections for line in section.lines]
    named = {key for line in lines for step in line.steps for key in step.keys}
    assert named == {(total.fact_type, total.grade) for total in totals}
    assert all({key.fact_type for step in line.steps for key in step.keys} <= set(line.fact_types) for line in lines)


@given(many_facts)
def test_facts_outside_the_year_to_date_change_nothing(totals):
    outside = [Total(month(1, year=2025), *_rest(one)) for one in totals]
    outside += [Total(month(1, year=2027), *_rest(one)) for one in totals]
    assert year_of([*totals, *outside]) == year_of(totals)
    assert evaluate(RULES, totals, through=date(2025, 12, 31)) == evaluate(RULES, [], through=date(2025, 12, 31))


def _rest(total):
    return total.fact_type, total.grade, total.matter, total.count, total.quantity


@given(
    many_facts, st.integers(1, 12), st.booleans(), st.dictionaries(st.sampled_from(sorted(SETTLES)), st.integers(0, 3))
)
def test_a_line_that_is_remembered_is_the_one_that_would_be_computed(totals, last, closed, to_come):
    """Months that no part of the rule asks for are not compared, and another rule set is another rule."""
    tally = Tally(totals, through=month(last), to_come=to_come)
    for _twice in range(2):
        for rules, takes_facts in itertools.product((RULES, OTHER_RULES), (True, False)):
            asked = {"closed": closed, "takes_facts": takes_facts}
            sheet = evaluate(rules, totals, through=month(last), to_come=to_come, **asked)
            lines = [line for section in sheet.sections for line in section.lines]
            assert lines == [_line(rule, tally, kept=frozenset(FactType), **asked) for rule in rules.rules()]
