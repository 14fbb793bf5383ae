"""``rules try`` gives what a second, naive evaluator gives, which reads the JSON and counts one fact after another."""

import copy
import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.formats import hundredths
from app.features.ledger.rules import GRADES, FactType, shape
from app.features.scores.drafts.checking import refusals
from app.features.scores.rule_set import RULE_SETS_DIR, read_rule_set
from app.features.scores.trial import as_json, read_facts, try_rules

PUBLISHED = json.loads((RULE_SETS_DIR / "2026.1.json").read_text("utf-8"))
COUNTED = [kind for kind in FactType if kind is not FactType.APPRAISAL_QUARTER]


def rows(kind):
    form = shape(kind)
    steps = st.integers(-(-form.lowest // form.step), form.highest // form.step)
    return st.tuples(
        st.just(kind.value),
        st.sampled_from([*form.grades] or [""]),
        steps.map(lambda n: hundredths(n * form.step)) if form.measured else st.just("1"),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.sampled_from(["", "flood", "census"]) if form.by_matter else st.just(""),
    )


QUARTERS = st.lists(st.sampled_from(shape(FactType.APPRAISAL_QUARTER).grades), max_size=4).map(
    lambda grades: [("appraisal.quarter", grade, "1", date(2026, 3 * n, 28), "") for n, grade in enumerate(grades, 1)]
)
FACTS = st.tuples(QUARTERS, st.lists(st.sampled_from(COUNTED).flatmap(rows), max_size=40)).map(
    lambda two: two[0] + two[1]
)
POINTS = st.integers(1, 1200).map(hundredths)


@st.composite
def rule_sets(draw):
    """The published one with other numbers, wherever they still can stand."""
    rules = copy.deepcopy(PUBLISHED)
    parts = [part for section in rules["sections"] for rule in section["rules"] for part in rule["parts"]]
    for part in draw(st.lists(st.sampled_from(parts), max_size=6)):
        name = draw(st.sampled_from(["each", "cap", "per_month", "per_year", "points"]))
        before = copy.deepcopy(part)
        match part.get(name):
            case dict() as points:
                points[draw(st.sampled_from([*points]))] = draw(POINTS)
            case list() as points:
                points[0] = draw(POINTS)
            case str() as number:
                part[name] = ("-" if number.startswith("-") else "") + draw(POINTS)
            case int():
                part[name] = draw(st.integers(1, 6))
            case None if part["kind"] == "count" and name != "points":
                part[name] = draw(st.integers(1, 4)) if name.startswith("per") else draw(POINTS)
        if refusals(rules):
            part.clear()
            part.update(before)
    rules["extra"]["needs"] = draw(st.sampled_from(["0", "39.75", "60", "100"]))
    return rules


def number(text):
    return Fraction(Decimal(text))


def rounded(value):
    return Fraction(floor(value * 100 + Fraction(1, 2)), 100)


def worth(part, facts):
    """What one part gives for the facts of one person, one after another."""
    names = part.get("facts") or part["kept"] + part["missed"]
    found = WAYS[part["kind"]](part, [fact for fact in facts if fact[0] in names])
    cap = number(part["cap"]) if "cap" in part else None
    return found if cap is None else max(-cap, min(cap, found))


def counted(part, mine):
    months, year, found = Counter(), 0, Fraction(0)
    for _kind, _grade, _quantity, day, _matter in mine:
        months[day.month] += 1
        if months[day.month] <= part.get("per_month", 999) and year < part.get("per_year", 999):
            year += 1
            found += number(part["each"])
    return found


def measured(part, mine):
    return sum((number(fact[2]) * number(part["each"]) for fact in mine), Fraction(0))


def highest(part, mine):
    best, found = defaultdict(Fraction), Fraction(0)
    for _kind, grade, _quantity, _day, matter in mine:
        if matter:
            best[matter] = max(best[matter], number(part["points"][grade]))
        else:
            found += number(part["points"][grade])
    return found + sum(best.values())


def shared(part, mine):
    kept = sum(fact[0] in part["kept"] for fact in mine)
    return number(part["points"]) * (Fraction(kept, len(mine)) if mine else 1)


def mean(part, mine):
    if not mine:
        return Fraction(0)
    result = sum(number(fact[2]) for fact in mine) / len(mine)
    return min(number(part["points"]), result * number(part["points"]) / number(part["full"]))


def graded(part, mine):
    """A1: what was not graded leaves the count; a quarter that is missing stays in it. Source: quantified §2."""
    grades = [fact[1] for fact in mine]
    out = grades.count("not_graded")
    most = max(map(number, part["points"].values()))
    got = sum((number(part["points"][grade]) for grade in grades if grade != "not_graded"), Fraction(0))
    if not out:
        return got
    whole = part["expected"] * most
    left = max(part["expected"], len(grades)) - out
    return whole * got / (left * most) if left else whole


WAYS = {
    "count": counted,
    "quantity": measured,
    "sequence": lambda part, mine: sum(map(number, part["points"][: len(mine)]), Fraction(0)),
    "shown": lambda part, mine: Fraction(0),
    "grades": graded,
    "highest_per_matter": highest,
    "ratio": shared,
    "mean": mean,
}


def naive(rules, facts):
    """Points of the sections, and the total."""
    said, base = {}, Fraction(0)
    for section in [*rules["sections"], rules["extra"]]:
        lines = (
            rounded(
                max(
                    0,
                    min(
                        number(rule["maximum"]),
                        number(rule.get("start", "0")) + sum(worth(part, facts) for part in rule["parts"]),
                    ),
                )
            )
            for rule in section["rules"]
        )
        points = min(number(section["maximum"]), sum(lines))
        if section is rules["extra"]:
            points = points if base >= number(rules["extra"]["needs"]) else Fraction(0)
        base += points
        said[section["id"]] = f"{float(points):.2f}"
    return said | {"total": f"{float(base):.2f}"}


def as_csv(facts):
    lines = [
        ",".join(["Bob", kind, grade, quantity, day.isoformat(), matter])
        for kind, grade, quantity, day, matter in facts
    ]
    return "\n".join(["member,fact,grade,quantity,occurred_on,matter", *lines]).encode()


@settings(max_examples=150, deadline=None)
@given(rule_sets(), FACTS)
def test_two_evaluators_agree(rules, facts):
    table = read_facts(as_csv(facts))
    assert table.bad_rows == ()
    sheets = try_rules(read_rule_set(json.dumps(rules)), table, year=2026)
    if facts:
        found = as_json(sheets["Bob"])
        assert {name: found[name] for name in naive(rules, facts)} == naive(rules, facts)


def test_the_naive_one_can_fail():
    assert set(GRADES) >= set(shape(FactType.APPRAISAL_QUARTER).grades)
    assert naive(PUBLISHED, [])["total"] == "44.00", "A2 10, B1 24, C1 10; A1 none, D1 none"
