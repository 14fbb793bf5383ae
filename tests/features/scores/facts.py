"""Short ways to write down facts and look at the sheet they give under rule set 2026.1."""

from datetime import date

from app.features.ledger.rules import FactType, Total
from app.features.scores.rule_set import rule_set
from app.features.scores.rules import evaluate

RULES = rule_set("2026.1")
YEAR_END = date(2026, 12, 31)


def month(number, year=2026):
    return date(year, number, 1)


def facts(kind, count=1, *, grade="", matter="", quantity=None, in_month=1):
    """``count`` facts of one kind in one month; ``quantity`` in hundredths is that of each fact."""
    each = 100 if quantity is None else quantity
    return Total(month(in_month), FactType(kind), grade, matter, count, count * each)


def sheet(*totals, rules=RULES, through=YEAR_END, closed=False, **options):
    return evaluate(rules, totals, through=through, closed=closed, **options)


def line(rule_id, *totals, **options):
    found = sheet(*totals, **options)
    return next(one for section in found.sections for one in section.lines if one.rule_id == rule_id)


def points(rule_id, *totals, **options):
    """Hundredths of one rule."""
    return line(rule_id, *totals, **options).points


def section(section_id, *totals, **options):
    return next(one for one in sheet(*totals, **options).sections if one.id == section_id)


def appraisals(*grades):
    return [facts("appraisal.quarter", grade=grade, in_month=3 * number) for number, grade in enumerate(grades, 1)]


def good_year():
    """A year in which everything went well: 100 points before additional ones."""
    return [
        *appraisals("good", "good", "good", "good"),
        facts("study.session", 12),
        facts("review.result", quantity=1000, in_month=12),
        facts("service.wish_realised", 2),
        facts("service.half_day", 3),
        facts("task.urgent", 2, quantity=200),
    ]
