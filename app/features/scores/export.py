"""A sheet and the facts behind it as a file: the same numbers and words as on the page."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from app.core.formats import day, hundredths, month
from app.core.i18n import gettext as _
from app.core.tables import Cell, Table, write_tables
from app.features.ledger.quantities import HUNDREDTHS, two_places
from app.features.ledger.queries import FactRow
from app.features.ledger.rules import GRADES, shape
from app.features.scores import fact_words, words
from app.features.scores.lines import fact_groups
from app.features.scores.queries import MemberSheet
from app.features.scores.sheet import LineResult, SectionResult
from app.features.scores.trial import COLUMNS


def sheet_file(shown: MemberSheet, facts: Sequence[FactRow]) -> bytes:
    """An XLSX file: whose sheet it is, its lines, and the facts, also those taken back.

    Its last table is what ``sanliang rules try`` reads: the same facts in the words of machines.
    """
    return write_tables(
        [
            Table(_("Sheet"), _line_headings(), list(_line_rows(shown))),
            Table(_("Ledger"), _fact_headings(), list(_fact_rows(shown, facts))),
            Table(_("About this sheet"), (_("Detail"), _("Content")), list(_about_rows(shown))),
            Table("facts", tuple(COLUMNS), [_tried_row(shown, fact) for fact in facts if not fact.reversed_at]),
        ]
    )


def sheets_file(sheets: Iterable[MemberSheet]) -> bytes:
    """An XLSX file with a table for each person, in the order given: no table has two people's points (red line 1)."""
    return write_tables(
        Table(f"{number} {shown.name}", _line_headings(), [*_line_rows(shown), *_proof(shown)])
        for number, shown in enumerate(sheets, start=1)
    )


def _proof(shown: MemberSheet) -> Iterator[Sequence[Cell]]:
    """What an archived sheet is compared by."""
    if shown.kept:
        yield (_("Check code"), None, None, None, None, None, shown.kept.sha256)


def _line_headings() -> Sequence[str]:
    return (
        _("Section"),
        _("No."),
        _("Line of the sheet"),
        _("Points"),
        _("Maximum points"),
        _("Still possible"),
        _("Breakdown"),
        _("How this is counted"),
    )


def _line_rows(shown: MemberSheet) -> Iterator[Sequence[Cell]]:
    sheet = shown.sheet
    for section in sheet.sections:
        for line in section.lines:
            yield _line_row(section, line, words.from_words(shown.from_elsewhere(line.fact_types)))
        yield _sum_row(section)
    if sheet.base is not None and sheet.base_possible is not None and sheet.total is not None:
        yield (_("Total"), None, None, _points(sheet.base), _points(sheet.maximum), _points(sheet.base_possible))
        yield (_("With additional points"), None, None, _points(sheet.total))


def _line_row(section: SectionResult, line: LineResult, elsewhere: str) -> Sequence[Cell]:
    return (
        str(section.title),
        line.rule_id,
        str(line.title),
        None if line.has_no_result else _points(line.points),
        _points(line.maximum),
        _points(section.reach(line)),
        _("; ").join(filter(None, [*words.line_words(line), elsewhere])) if line.is_kept else _("not kept here"),
        str(line.counted),
    )


def _sum_row(section: SectionResult) -> Sequence[Cell]:
    return (
        str(section.title),
        section.id,
        _("Section total"),
        _points(section.points),
        _points(section.maximum),
        _points(section.possible),
        words.withheld_words(section),
    )


def _fact_headings() -> Sequence[str]:
    return (
        _("Day"),
        _("Fact"),
        _("Grade"),
        _("Quantity"),
        _("Matter"),
        _("Note"),
        _("Source"),
        _("Recorded by"),
        _("Confirmed by"),
        _("Counts in"),
        _("Taken back"),
        _("Marked"),
    )


def _fact_rows(shown: MemberSheet, facts: Sequence[FactRow]) -> Iterator[Sequence[Cell]]:
    """Each fact with how the page marks it: counted, missed, without points."""
    marks: dict[UUID, str] = {}
    for rule in shown.rules.rules():
        line = shown.line(rule.id)
        own = [fact for fact in facts if fact.fact_type in rule.fact_types]
        for group in fact_groups(rule, line.steps if line else (), own, through=shown.period.through):
            marks |= {one.fact.id: str(one.verdict.label) for one in group.facts if one.verdict}
    for fact in facts:
        yield [*_fact_row(fact), marks.get(fact.id)]


def _fact_row(fact: FactRow) -> Sequence[Cell]:
    return (
        fact.occurred_on,
        str(fact.fact_type.label),
        str(GRADES[fact.grade].label) if fact.grade else None,
        shape(fact.fact_type).said(fact.quantity),
        fact.matter,
        fact.note,
        fact_words.source(fact),
        fact.recorded_by,
        fact.confirmed_by,
        month(fact.counts_in),
        fact_words.taken_back(fact) if fact.reversed_at else None,
    )


def _tried_row(shown: MemberSheet, fact: FactRow) -> Sequence[Cell]:
    said = {
        "member": shown.name,
        "fact": fact.fact_type.value,
        "grade": fact.grade,
        "quantity": two_places(fact.quantity),
        "occurred_on": fact.occurred_on.isoformat(),
        "counts_in": fact.counts_in.isoformat(),
        "matter": fact.matter,
    }
    return [said[column] for column in COLUMNS]


def _about_rows(shown: MemberSheet) -> Iterator[Sequence[Cell]]:
    sheet = shown.sheet
    yield _("Name"), shown.name
    yield _("Branch"), shown.branch_name
    yield _("Group"), shown.group_name
    yield _("Period"), words.period_words(shown.period)
    yield _("Last day"), day(shown.period.through)
    yield _("Rule set"), _("%(what)s (%(of)s)") % {"what": shown.rules.title, "of": sheet.version}
    yield _("Standing"), str(sheet.standing.label)
    if sheet.base is not None and sheet.extra is not None:
        yield _("Total"), f"{hundredths(sheet.base)} / {hundredths(sheet.maximum)}"
        yield _("Additional points"), hundredths(sheet.extra.points)
    for veto in shown.vetoes:
        yield _("Veto"), f"{veto.kind.label} · {veto.document} · {day(veto.dated)}"
    for line in sheet.double_good_lines:
        said = {"points": hundredths(line.points), "least": hundredths(line.at_least)}
        what = _("%(what)s: %(of)s") % {"what": _("Double good"), "of": line.title}
        yield what, _("%(points)s, from %(least)s on") % said
    yield _("For the branch committee's reference only"), words.advice_words(sheet)
    if sheet.base is not None:
        yield _("Advice"), _("Lines of reference: %(lines)s.") % {"lines": words.bands_words(shown.rules, sheet)}
    if sheet.not_kept:
        yield _("not kept here"), words.not_kept_words(sheet)


def _points(value: int) -> float:
    """Points as a number that a table can add up; two decimal places are exact enough for that."""
    return value / HUNDREDTHS
