"""The sheet in words: how each line came about, in the language of whoever reads it."""

from collections.abc import Sequence
from typing import Final

from app.core.formats import hundredths, month
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.features.ledger.rules import GRADES
from app.features.scores.parts.exact import figure
from app.features.scores.periods import Choice, Period
from app.features.scores.rule_set import RuleSet
from app.features.scores.sheet import Limit, LimitKind, LineResult, ScoreStanding, SectionResult, Sheet, SheetStep

WAYS_NAMED: Final = 2
"""Ways to more points that a line names at once."""


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
    if sheet.standing is not ScoreStanding.FULL:
        return str(sheet.standing.label)
    if sheet.missing:
        text = ngettext("No advice: %(n)s result never came", "No advice: %(n)s results never came", sheet.missing)
        return text % {"n": sheet.missing}
    text = ngettext(
        "No advice yet: %(n)s result is still to come", "No advice yet: %(n)s results are still to come", sheet.awaited
    )
    return text % {"n": sheet.awaited}


def not_kept_words(sheet: Sheet) -> str:
    """That some lines count nowhere, because nothing here can record a fact of them; empty where all are kept."""
    if not sheet.not_kept:
        return ""
    lines = _(", ").join(str(line.title) for line in sheet.not_kept)
    return _("Not kept in this installation, so they count nowhere: %(lines)s.") % {"lines": lines}


def line_words(line: LineResult) -> list[str]:
    """How the points of a line came about: a sentence for the start, for each step, and for the bound that held it."""
    start = [_("Starts at %(points)s") % {"points": figure(line.start)}] if line.start else []
    steps = [step_words(step) for step in line.steps]
    return start + steps + _left_out_words(line) + missing_words(line) + _bound_words(line.reached, line.points)


def _left_out_words(line: LineResult) -> list[str]:
    """Which parts of it nothing here can record."""
    return [_("%(part)s: not kept here") % {"part": part} for part in line.left_out]


def missing_words(line: LineResult) -> list[str]:
    """That results of a year which is over never came; the committee says what that means."""
    if not line.missing:
        return []
    return [ngettext("%(n)s result is missing", "%(n)s results are missing", line.missing) % {"n": line.missing}]


def points_words(line: LineResult) -> str:
    """The points of a line; a dash where the results it stands on are not in, so that nobody reads a 0."""
    return "–" if line.has_no_result else hundredths(line.points)


def from_words(branches: Sequence[str]) -> str:
    """From which other branches facts of a line come, of somebody who was transferred; else empty."""
    return _("with facts from %(branches)s") % {"branches": _(", ").join(branches)} if branches else ""


def section_words(section: SectionResult) -> list[str]:
    """Why a section counts less than its lines have; nothing when it counts them all."""
    if section.withheld:
        return [withheld_words(section)]
    return _bound_words(sum(line.points for line in section.lines), section.points)


def _bound_words(reached: int, points: int) -> list[str]:
    if reached > points:
        return [_("%(sum)s in all, at most %(most)s count") % {"sum": figure(reached), "most": figure(points)}]
    return [_("%(sum)s in all; it never falls below 0") % {"sum": figure(reached)}] if reached < points else []


def step_words(step: SheetStep) -> str:
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


def _limit_words(limit: Limit, step: SheetStep) -> str:
    """Why a step counts less than was found."""
    said = {"found": step.found, "most": limit.most, "points": figure(limit.most)}
    match limit.kind:
        case LimitKind.PER_MONTH:
            return _("of %(found)s, at most %(most)s a month count") % said
        case LimitKind.PER_YEAR:
            return _("of %(found)s, at most %(most)s a year count") % said
        case LimitKind.POINTS:
            return _("at most %(points)s") % said
        case LimitKind.FIRST:
            return _("%(found)s there are, the first %(most)s count") % said
        case LimitKind.HIGHEST:
            return _("%(found)s for one matter, the highest counts") % said
        case LimitKind.SHOWN:
            return _("shown only, without points")
        case LimitKind.NOT_GRADED:
            return _("left out of the quarters that count") if limit.most else _("took no part in the appraisals")


def next_words(section: SectionResult, line: LineResult, *, is_running: bool, is_over: bool = False) -> str:
    """What can still become of a line of the base this year, and by what; empty where nothing more can.

    ``is_running``: the sheet goes to today, so that one more fact can still be brought about in it; ``is_over``: the
    year has ended, and what was due in it only waits to be settled.
    """
    reach = section.reach(line)
    said = {"points": figure(reach)}
    if line.to_come and is_over:
        text = ngettext(
            "%(n)s is not settled yet: up to %(points)s possible",
            "%(n)s are not settled yet: up to %(points)s possible",
            line.to_come,
        )
        return text % {"n": line.to_come, **said}
    if line.to_come and reach > line.points:
        text = ngettext(
            "Keep %(n)s more by the end of the year: up to %(points)s",
            "Keep %(n)s more by the end of the year: up to %(points)s",
            line.to_come,
        )
        return text % {"n": line.to_come, **said}
    if line.to_come:
        text = ngettext(
            "Keep %(n)s more by the end of the year, so that it stays at %(points)s",
            "Keep %(n)s more by the end of the year, so that it stays at %(points)s",
            line.to_come,
        )
        return text % {"n": line.to_come, **said}
    if reach <= line.points:
        return ""
    if line.awaited:
        text = ngettext(
            "%(n)s result is still to come: up to %(points)s possible",
            "%(n)s results are still to come: up to %(points)s possible",
            line.awaited,
        )
        return text % {"n": line.awaited, **said}
    if is_running and line.more:
        ways = [_("%(what)s +%(points)s") % {"what": one.label, "points": figure(one.points)} for one in line.more]
        return _("One more: %(ways)s") % {"ways": _(", ").join(ways[:WAYS_NAMED])}
    return _("up to %(points)s possible") % said


def bands_words(rules: RuleSet, sheet: Sheet) -> str:
    """From how many points on which advice is given, here."""
    lines = [
        _("from %(points)s: %(advice)s") % {"points": figure(sheet.asks(band.at_least)), "advice": band.advice.label}
        for band in rules.advice
        if band.at_least
    ]
    said = _(", ").join(lines)
    if sheet.is_whole:
        return said
    of = {"lines": said, "maximum": figure(sheet.maximum)}
    return _("%(lines)s, in proportion to the %(maximum)s points that can be had here") % of


def extra_words(section: SectionResult) -> str:
    """What the additional points are for, in a few words: ``Party lectures 2, suggestions 1``."""
    given = [f"{line.title} {figure(line.points)}" for line in section.lines if line.points]
    return _(", ").join(given) if not section.withheld else withheld_words(section)


def withheld_words(section: SectionResult) -> str:
    """Why additional points do not count yet; empty when they do."""
    if not section.withheld:
        return ""
    return _("%(points)s noted; they count once the sections before reach the line for additional points") % {
        "points": figure(section.withheld)
    }
