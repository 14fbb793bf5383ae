"""From the cells of a row to what it says of a person; never raising, each problem named."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from app.core.tables import Cell, Header, Row, folded, one_line
from app.features.members.rules import MemberStatus, Role, Sex
from app.features.roster.rules import Entry, Note, NoteCode, Problem, ProblemCode, RosterRow
from app.features.roster.sheet import posts, values
from app.features.roster.sheet.columns import Column, heading
from app.features.roster.sheet.dates import cell_date, is_october_guess
from app.features.roster.sheet.plausible import implausible

LIMITS: Final = {
    Column.NAME: 60,
    Column.MEMBER_NUMBER: 20,
    Column.BRANCH: 80,
    Column.GROUP: 80,
    Column.POST: 60,
    Column.NOTE: 200,
}
"""Characters; the widths of the tables."""
_BELOW_THE_TABLE: Final = re.compile(
    r"合计|总计|小计|共计|共\s?\d+|说明|注\s?[:\d]|备注\s?:|填表|制表|填报|审核|负责人|联系人|单位"
)
_FORM_COLUMNS: Final = frozenset({Column.SERIAL, Column.BRANCH, Column.GROUP, Column.SEX, Column.STATUS})
"""A row in which nothing but these is filled is a blank line of the form."""


def roster_rows(rows: Iterable[Row], header: Header[Column], *, today: date) -> list[RosterRow]:
    """What each row says."""
    return [roster_row(row, header, today=today) for row in rows]


def roster_row(row: Row, header: Header[Column], *, today: date) -> RosterRow:
    """What one row says. Dates after ``today`` are worth a note."""
    reader = _RowReader(row, header)
    entry = reader.entry()
    notes = (*reader.notes, *implausible(entry, today))
    return RosterRow(row.number, row.cells, entry, tuple(reader.problems), notes)


def is_about_a_person(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and lines below the table."""
    name = _cell(row, header, Column.NAME)
    if name is not None and one_line(name) == header.headings[header.columns[Column.NAME]]:
        return False  # headings repeated on each printed page
    if not any(_cell(row, header, column) is not None for column in header.columns if column not in _FORM_COLUMNS):
        return False
    first = next(folded(cell) for cell in row.cells if cell is not None)
    phone = values.mobile_number(_cell(row, header, Column.PHONE))
    return phone is not None or not _BELOW_THE_TABLE.match(first)


def _cell(row: Row, header: Header[Column], column: Column) -> Cell:
    index = header.columns.get(column)
    return row.cells[index] if index is not None and index < len(row.cells) else None


class _RowReader:
    """Reads one row column by column and collects what is wrong or worth a look."""

    def __init__(self, row: Row, header: Header[Column]) -> None:
        self._row = row
        self._header = header
        self.problems: list[Problem] = []
        self.notes: list[Note] = []

    def entry(self) -> Entry:
        """What the row says, as far as it can be read."""
        roles, note = self._roles_and_note()
        return Entry(
            name=self._name(),
            branch=self._text(Column.BRANCH),
            group=self._text(Column.GROUP),
            phone=self._phone(),
            member_number=folded(self._text(Column.MEMBER_NUMBER)),
            sex=self._sex(),
            born=self._date(Column.BORN),
            joined=self._date(Column.JOINED),
            confirmed=self._date(Column.CONFIRMED),
            status=self._status(),
            roles=roles,
            post=self._text(Column.POST),
            note=note,
            exemption=posts.exemption(note),
        )

    def _cell(self, column: Column) -> Cell:
        return _cell(self._row, self._header, column)

    def _text(self, column: Column) -> str:
        return self._within_limit(column, values.said(self._cell(column)))

    def _within_limit(self, column: Column, text: str) -> str:
        if len(text) > LIMITS[column]:
            self._problem(ProblemCode.TOO_LONG, column=self._heading(column), most=str(LIMITS[column]))
        return text

    def _name(self) -> str:
        name = values.person_name(values.said(self._cell(Column.NAME)))
        if not name:
            self._problem(ProblemCode.MISSING_NAME)
        elif not any(character.isalpha() for character in name):
            self._problem(ProblemCode.BAD_NAME, typed=name)
        return self._within_limit(Column.NAME, name)

    def _phone(self) -> str | None:
        typed = values.said(self._cell(Column.PHONE))
        number = values.mobile_number(self._cell(Column.PHONE))
        if typed and number is None:
            self._problem(ProblemCode.BAD_PHONE, typed=typed)
        return number

    def _date(self, column: Column) -> str | None:
        cell = self._cell(column)
        if not values.said(cell):
            return None
        known = cell_date(cell)
        if known is None:
            self._problem(ProblemCode.BAD_DATE, column=self._heading(column), typed=one_line(cell))
        elif is_october_guess(cell):
            self._note(NoteCode.OCTOBER_GUESSED, column=self._heading(column), typed=one_line(cell))
        return known

    def _sex(self) -> Sex | None:
        typed = values.said(self._cell(Column.SEX))
        known = values.sex(typed)
        if typed and known is None:
            self._note(NoteCode.UNKNOWN_SEX, typed=typed)
        return known

    def _status(self) -> MemberStatus | None:
        typed = values.said(self._cell(Column.STATUS))
        known = values.status(typed)
        if typed and known is None:
            self._note(NoteCode.UNKNOWN_STATUS, typed=typed)
        return known

    def _roles_and_note(self) -> tuple[frozenset[Role] | None, str]:
        """The posts; words that name none we know are kept in the remark, so that nothing is lost."""
        note = self._text(Column.NOTE)
        roles, unknown = posts.branch_posts(one_line(self._cell(Column.ROLES)))
        if unknown:
            words = "、".join(unknown)
            self._note(NoteCode.UNKNOWN_POST, typed=words)
            kept = f"{heading(Column.ROLES)}:{words}"
            note = self._within_limit(Column.NOTE, note if kept in note else ";".join(filter(None, (note, kept))))
        return roles, note

    def _heading(self, column: Column) -> str:
        """The column's name as this file writes it."""
        index = self._header.columns.get(column)
        return heading(column) if index is None else self._header.headings[index]

    def _problem(self, code: ProblemCode, **said: str) -> None:
        self.problems.append(Problem(code, said))

    def _note(self, code: NoteCode, **said: str) -> None:
        self.notes.append(Note(code, said))
