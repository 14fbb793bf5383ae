"""The sheet in words: how each line came about, in the language of whoever reads it."""

from app.core.formats import month
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.features.ledger.rules import GRADES
from app.features.scores.parts.exact import figure
from app.features.scores.periods import Choice, Period
from app.features.scores.sheet import (
    DoubleGoodResult,
    Limit,
    LimitKind,
    LineResult,
    SectionResult,
    Sheet,
    Standing,
    Step,
)


def period_words(period: Period) -> str:
    """Which part of which year: "2026 to date", "2026", "2026, up to June"."""
    if period.is_running:
        return _("%(year)s to date") % {"year": period.year}
    if period.is_whole_year:
        return _("Year %(year)s") % {"year": period.year}
    return _("Up to %(month)s") % {"month": month(period.through)}


def choice_words(choice: Choice) -> str:
    """A part of the year that can be looked at instead."""
    if choice.through:
        return _("Quarter %(quarter)s") % {"quarter": choice.quarter}
    return _("To date") if choice.is_running else _("Whole year")


def advice_words(sheet: Sheet) -> str:
    """What the points suggest, or why nothing is suggested yet."""
    if sheet.advice is not None:
        return str(sheet.advice.label)
    if sheet.standing is not Standing.FULL:
        return str(sheet.standing.label)
    text = ngettext(
        "No advice yet: %(n)s result is still to come",
        "No advice yet: %(n)s results are still to come",
        sheet.awaited,
    )
    return text % {"n": sheet.awaited}


def double_good_words(line: DoubleGoodResult) -> str:
    """One line of the double good, with what is missing to it."""
    if line.reached:
        return str(line.title)
    missing = {"what": line.title, "points": figure(line.at_least - line.points)}
    return _("%(what)s: %(points)s missing") % missing


def line_words(line: LineResult) -> list[str]:
    """How the points of a line came about: a sentence for the start, for each step, and for the bound that held it."""
    start = [_("Starts at %(points)s") % {"points": figure(line.start)}] if line.start else []
    return start + [step_words(step) for step in line.steps] + _bound_words(line.reached, line.points)


def section_words(section: SectionResult) -> list[str]:
    """Why a section counts less than its lines have; nothing when it counts them all."""
    if section.withheld:
        return [withheld_words(section)]
    return _bound_words(sum(line.points for line in section.lines), section.points)


def _bound_words(reached: int, points: int) -> list[str]:
    if reached > points:
        return [_("%(sum)s in all, at most %(most)s count") % {"sum": figure(reached), "most": figure(points)}]
    return [_("%(sum)s in all; it never falls below 0") % {"sum": figure(reached)}] if reached < points else []


def step_words(step: Step) -> str:
    """A step such as "Absent without excuse: 8 × −2 = −16 (at most −12)"."""
    subject = str(step.label)
    if step.grade:
        subject = _("%(what)s, %(grade)s") % {"what": subject, "grade": GRADES[step.grade].label}
    if step.matter:
        subject = _("%(what)s for “%(matter)s”") % {"what": subject, "matter": step.matter}
    limits = [_limit_words(limit, step) for limit in step.limits]
    said = {"what": subject, "formula": step.formula or step.found, "limits": _(", ").join(limits)}
    if not step.found:  # only a ratio speaks of facts that are not there
        return _("%(what)s: nothing was due, so %(formula)s") % said
    return (_("%(what)s: %(formula)s (%(limits)s)") if limits else _("%(what)s: %(formula)s")) % said


def _limit_words(limit: Limit, step: Step) -> str:
    """Why a step counts less than was found."""
    said = {"found": step.found, "most": limit.most, "points": figure(limit.most)}
    match limit.kind:
        case LimitKind.PER_MONTH:
            return _("%(found)s there are, at most %(most)s a month count") % said
        case LimitKind.PER_YEAR:
            return _("%(found)s there are, at most %(most)s a year count") % said
        case LimitKind.POINTS:
            return _("at most %(points)s") % said
        case LimitKind.FIRST:
            return _("%(found)s there are, the first %(most)s count") % said
        case LimitKind.HIGHEST:
            return _("%(found)s for one matter, the highest counts") % said
        case LimitKind.SHOWN:
            return _("shown only, without points")


def possible_words(line: LineResult) -> str:
    """What can still become of a line this year; empty when nothing more can."""
    if line.awaited:
        text = ngettext(
            "%(n)s result is still to come: up to %(points)s possible",
            "%(n)s results are still to come: up to %(points)s possible",
            line.awaited,
        )
        return text % {"n": line.awaited, "points": figure(line.possible)}
    if line.possible > line.points:
        return _("up to %(points)s possible") % {"points": figure(line.possible)}
    return ""


def withheld_words(section: SectionResult) -> str:
    """Why additional points do not count yet; empty when they do."""
    if not section.withheld:
        return ""
    return _("%(points)s noted; they count once the sections before reach the line for additional points") % {
        "points": figure(section.withheld)
    }
