"""A rule set tried on a table of facts before it is published: facts → totals → sheets, nothing stored."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from app.core.errors import AppError
from app.core.i18n import gettext as _
from app.core.tables import Cell, Header, Row, find_header, folded, one_line, read_book
from app.features.ledger.forbidden import fact_type
from app.features.ledger.quantities import parse_hundredths, two_places
from app.features.ledger.rules import ONE, Total, check_fact, contribution
from app.features.scores.errors import FactsFileError
from app.features.scores.rule_set import RuleSet
from app.features.scores.rules import evaluate
from app.features.scores.sheet import Sheet

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "member": ("member", "姓名", "党员"),
    "fact": ("fact", "台账记录", "事实", "类型"),
    "grade": ("grade", "等次", "级别"),
    "quantity": ("quantity", "数量"),
    "occurred_on": ("occurred_on", "日期", "发生日期"),
    "counts_in": ("counts_in", "计入月份"),
    "matter": ("matter", "事项"),
}
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class BadRow(NamedTuple):
    """A row that cannot be read. ``row`` is the number the table program shows."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True)
class FactsTable:
    """What was read of a file."""

    totals: Mapping[str, list[Total]]
    """By member, in the order in which the file first names them."""
    bad_rows: tuple[BadRow, ...]

    @property
    def years(self) -> list[int]:
        """The years of the good rows."""
        return sorted({total.month.year for totals in self.totals.values() for total in totals})


def read_facts(content: bytes) -> FactsTable:
    """The facts of a table (CSV or XLSX) with a heading row; bad rows are named, good ones never wait for them.

    Raises:
        FactsFileError: no heading row with member, fact and occurred_on.
    """
    for sheet in (sheet for sheets in read_book(content).readings for sheet in sheets):
        header = find_header(sheet.rows, COLUMNS, required=("member", "fact", "occurred_on"))
        if header is not None:
            return _facts(sheet.rows, header)
    raise FactsFileError


def _facts(rows: list[Row], header: Header[str]) -> FactsTable:
    totals: dict[str, list[Total]] = {}
    bad: list[BadRow] = []
    for row in rows:
        if row.number <= header.row:
            continue
        try:
            member, total = _fact(_cell_reader(row, header))
        except AppError as refusal:
            bad.append(BadRow(row.number, refusal.sentence))
        except ValueError as problem:
            bad.append(BadRow(row.number, str(problem)))
        else:
            totals.setdefault(member, []).append(total)
    return FactsTable(totals, tuple(bad))


def _cell_reader(row: Row, header: Header[str]) -> Callable[[str], Cell]:
    def cell(column: str) -> Cell:
        index = header.columns.get(column)
        return None if index is None or index >= len(row.cells) else row.cells[index]

    return cell


def _fact(cell: Callable[[str], Cell]) -> tuple[str, Total]:
    """One row as its member and what it adds to the totals.

    Raises:
        AppError: the fact is unknown, forbidden or does not fit its type.
        ValueError: the member is missing, or the quantity or the day cannot be read; with a sentence.
    """
    member = one_line(cell("member"))
    if not member:
        raise ValueError(_("The member is missing."))
    kind = fact_type(folded(cell("fact")))
    grade, matter = folded(cell("grade")), one_line(cell("matter"))
    quantity = parse_hundredths(folded(cell("quantity"))) if folded(cell("quantity")) else ONE
    occurred_on = _day(folded(cell("occurred_on")))
    month = _day(folded(cell("counts_in")) or occurred_on.isoformat()).replace(day=1)
    check_fact(kind, grade=grade, quantity=quantity, occurred_on=occurred_on, counts_in=month, matter=matter)
    total = contribution(kind, grade=grade, quantity=quantity, counts_in=month, matter=matter, reverses=False)
    return member, total


def _day(text: str) -> date:
    """A day as written; spreadsheets turn 2026-03-31 into 2026/3/31 when they save.

    Raises:
        ValueError: no such day; with a sentence.
    """
    refusal = _("“%s” is not a day. Please write it like 2026-03-31.") % text
    if (match := _DAY.fullmatch(text)) is None:
        raise ValueError(refusal)
    try:
        return date(*(int(number) for number in match.groups()))
    except ValueError:
        raise ValueError(refusal) from None


def try_rules(rule_set: RuleSet, table: FactsTable, *, year: int | None = None) -> dict[str, Sheet]:
    """The closed sheet of a whole year for every member, in the order of the file.

    Raises:
        FactsFileError: the facts lie in several years and none was chosen.
    """
    years = table.years
    if year is None and len(years) > 1:
        known = ", ".join(map(str, years))
        raise FactsFileError(_("The facts lie in several years (%(years)s): please choose one."), years=known)
    if year is None and not years:
        return {}
    through = date(year or years[0], 12, 31)
    return {member: evaluate(rule_set, totals, through=through, closed=True) for member, totals in table.totals.items()}


def as_json(sheet: Sheet) -> dict[str, str | bool | None]:
    """A sheet for machines: points of each section and the total with two places, the advice, the double good."""
    points = {section.id: two_places(section.points) for section in sheet.sections}
    total = None if sheet.total is None else two_places(sheet.total)
    return points | {"total": total, "advice": sheet.advice, "double_good": sheet.double_good}
