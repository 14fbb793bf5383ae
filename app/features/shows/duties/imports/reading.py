"""From a file to what each of its rows says of a duty; never raising for a row, each problem named."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from app.core.tables import Cell, Header, Row, find_header, folded, one_line, read_sheets
from app.features.members.rules import phone_number
from app.features.shows.duties.errors import NoHeaderError, NoRowsError, TooManyRowsError
from app.features.shows.duties.imports.columns import HEADINGS, Column
from app.features.shows.duties.imports.days import due_day
from app.features.shows.duties.rules import BASIS_LENGTH, MATTER_LENGTH, YEARS_AHEAD, DutyKind, Repeat

MOST_ROWS: Final = 2000
_NOTHING: Final = frozenset({"", "-", "--", "—", "——", "/", "无", "暂无"})
_BELOW_THE_TABLE: Final = re.compile(r"合计|总计|说明|注\s?[:\d]|填表|制表|填报|审核|单位")
_BETWEEN_NAMES: Final = re.compile(r"[、,;/\n和及]+")
_KINDS: Final[Mapping[str, DutyKind]] = {
    **dict.fromkeys(("业务", "业务工作", "业务职责", "工作", "行政", "中心工作", "work"), DutyKind.WORK),
    **dict.fromkeys(("党务", "党务工作", "党建", "党建工作", "党务职责", "支部工作", "party"), DutyKind.PARTY),
}
_REPEATS: Final[Mapping[str, Repeat]] = {
    **dict.fromkeys(("", "一次", "一次性", "单次", "不重复", "once", "none"), Repeat.NONE),
    **dict.fromkeys(("每月", "月", "月度", "按月", "每月一次", "monthly"), Repeat.MONTHLY),
    **dict.fromkeys(
        ("每季度", "每季", "季", "季度", "按季", "每季度一次", "quarterly", "every quarter"), Repeat.QUARTERLY
    ),
    **dict.fromkeys(("每年", "年", "年度", "按年", "每年一次", "yearly"), Repeat.YEARLY),
}


class ProblemCode(StrEnum):
    """Why a row waits while the others are taken in. Other programs read these codes: they never change."""

    MISSING_MATTER = "missing_matter"
    MISSING_HOLDER = "missing_holder"
    UNKNOWN_PERSON = "unknown_person"
    AMBIGUOUS_PERSON = "ambiguous_person"
    DIFFERENT_PERSON = "different_person"
    UNKNOWN_HELPER = "unknown_helper"
    AMBIGUOUS_HELPER = "ambiguous_helper"
    MISSING_DUE = "missing_due"
    BAD_DUE = "bad_due"
    DUE_TOO_EARLY = "due_too_early"
    DUE_TOO_LATE = "due_too_late"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_REPEAT = "unknown_repeat"
    TOO_LONG = "too_long"
    DUPLICATE_ROW = "duplicate_row"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is not taken in; ``values`` fill the sentence."""

    code: ProblemCode
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """What a row of the file says. ``number`` is the row's number in the sheet."""

    number: int
    cells: tuple[Cell, ...]
    """All cells as they were, to hand the row back."""
    holders: tuple[str, ...]
    """Names; several mean a duty for each."""
    phone: str
    member_number: str
    kind: DutyKind
    matter: str
    basis: str
    due_on: date | None
    helpers: tuple[str, ...]
    repeat: Repeat
    problems: tuple[Problem, ...] = ()


def duty_table(content: bytes) -> tuple[Header[Column], list[Row]]:
    """The headings and rows of the first sheet that has those of a duty list.

    Raises:
        UnreadableTableError: the file cannot be read as a table.
        NoHeaderError: no sheet has a row with the heading of a matter and one more.
        NoRowsError: nothing stands below the headings.
        TooManyRowsError: more than ``MOST_ROWS``.
    """
    for sheet in read_sheets(content):
        if header := find_header(sheet.rows, HEADINGS, required=(Column.MATTER,)):
            rows = [row for row in sheet.rows if row.number > header.row and _is_about_a_duty(row, header)]
            if not rows:
                raise NoRowsError
            if len(rows) > MOST_ROWS:
                raise TooManyRowsError(most=MOST_ROWS)
            return header, rows
    raise NoHeaderError


def list_rows(rows: Iterable[Row], header: Header[Column], *, today: date, earliest: date) -> list[ListRow]:
    """What each row says. Due days before ``earliest`` are too early: nobody can meet them any more."""
    return [_ListRow(row, header).read(today, earliest) for row in rows]


def plain(text: str) -> str:
    """A matter or a name for comparing: full-width forms, spaces, capitals and punctuation do not matter."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())


def _is_about_a_duty(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and lines below the table."""
    matter = _said(_cell(row, header, Column.MATTER))
    if matter == header.headings[header.columns[Column.MATTER]]:
        return False
    if matter or _said(_cell(row, header, Column.DUE_ON)):
        return True
    first = next(folded(cell) for cell in row.cells if cell is not None)
    return bool(_said(_cell(row, header, Column.HOLDER))) and not _BELOW_THE_TABLE.match(first)


def _cell(row: Row, header: Header[Column], column: Column) -> Cell:
    index = header.columns.get(column)
    return row.cells[index] if index is not None and index < len(row.cells) else None


def _said(cell: Cell) -> str:
    text = one_line(cell)
    return "" if folded(text).casefold() in _NOTHING else text


def _names(cell: Cell) -> tuple[str, ...]:
    """``张 三、李四`` → two names, without the spaces that align two characters with three."""
    said = _said(cell)
    names = (re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", name).strip() for name in _BETWEEN_NAMES.split(said))
    return tuple(dict.fromkeys(name for name in names if name))


class _ListRow:
    """Reads one row column by column and collects what is wrong."""

    def __init__(self, row: Row, header: Header[Column]) -> None:
        self._row = row
        self._header = header
        self._problems: list[Problem] = []

    def read(self, today: date, earliest: date) -> ListRow:
        """What the row says, as far as it can be read."""
        matter = self._text(Column.MATTER, MATTER_LENGTH)
        if not matter:
            self._problem(ProblemCode.MISSING_MATTER)
        phone, number = self._phone(), folded(self._said(Column.NUMBER))
        holders = _names(self._cell(Column.HOLDER))
        if not (holders or phone or number):
            self._problem(ProblemCode.MISSING_HOLDER)
        return ListRow(
            number=self._row.number,
            cells=self._row.cells,
            holders=holders,
            phone=phone,
            member_number=number,
            kind=self._kind(),
            matter=matter,
            basis=self._text(Column.BASIS, BASIS_LENGTH),
            due_on=self._due(today, earliest),
            helpers=_names(self._cell(Column.HELPERS)),
            repeat=self._repeat(),
            problems=tuple(self._problems),
        )

    def _cell(self, column: Column) -> Cell:
        return _cell(self._row, self._header, column)

    def _said(self, column: Column) -> str:
        return _said(self._cell(column))

    def _text(self, column: Column, most: int) -> str:
        text = self._said(column)
        if len(text) > most:
            self._problem(
                ProblemCode.TOO_LONG, column=self._header.headings[self._header.columns[column]], most=str(most)
            )
        return text

    def _phone(self) -> str:
        try:
            return phone_number(one_line(self._cell(Column.PHONE)).removesuffix(".0"))
        except ValueError:
            return ""  # an office number in this column says nothing about who is meant

    def _kind(self) -> DutyKind:
        said = folded(self._said(Column.KIND)).casefold()
        kind = _KINDS.get(said.replace(" ", ""))
        if said and kind is None:
            self._problem(ProblemCode.UNKNOWN_KIND, typed=said)
        return kind or DutyKind.WORK

    def _repeat(self) -> Repeat:
        said = folded(self._said(Column.REPEAT)).casefold()
        repeat = _REPEATS.get(said)
        if repeat is None:
            self._problem(ProblemCode.UNKNOWN_REPEAT, typed=said)
        return repeat or Repeat.NONE

    def _due(self, today: date, earliest: date) -> date | None:
        said = self._said(Column.DUE_ON)
        due_on = due_day(self._cell(Column.DUE_ON), year=today.year) if said else None
        if not said:
            self._problem(ProblemCode.MISSING_DUE)
        elif due_on is None:
            self._problem(ProblemCode.BAD_DUE, typed=said)
        elif due_on < earliest:
            self._problem(ProblemCode.DUE_TOO_EARLY, typed=said)
        elif due_on.year > today.year + YEARS_AHEAD:
            self._problem(ProblemCode.DUE_TOO_LATE, typed=said)
        return due_on

    def _problem(self, code: ProblemCode, **said: str) -> None:
        self._problems.append(Problem(code, said))
