"""From the cells of a row to what it says of a person; never raising, each problem named."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from app.core.tables import Header, Row, cell_of, folded, one_line
from app.features.imports.rows import Note, RowReader
from app.features.imports.values import (
    cell_date,
    first_mobile_number,
    has_lost_characters,
    is_cut_number,
    is_october_guess,
    is_serial_guess,
    mobile_number,
    said,
)
from app.features.members.partial_dates import is_before
from app.features.members.rules import MemberStatus, Role, Sex
from app.features.roster.rules import NoteCode, ProblemCode, ReadPerson, RosterRow
from app.features.roster.sheet import posts, values
from app.features.roster.sheet.columns import Column, heading

ADULT_YEARS: Final = 18
"""Age from which one can apply to join. Source: Party constitution, article 1."""


def implausible(entry: ReadPerson, today: date) -> Iterator[Note]:
    """Notes on dates that hardly fit each other or lie after ``today``."""
    if entry.born and entry.joined:
        if is_before(entry.joined, entry.born):
            yield Note(NoteCode.JOINED_BEFORE_BIRTH, {"born": entry.born, "joined": entry.joined})
        elif (age := _age(entry.born, entry.joined)) < ADULT_YEARS:
            yield Note(NoteCode.JOINED_YOUNG, {"age": str(age)})
    if entry.joined and entry.confirmed and is_before(entry.confirmed, entry.joined):
        yield Note(NoteCode.CONFIRMED_EARLY, {"joined": entry.joined, "confirmed": entry.confirmed})
    for column, day in ((Column.BORN, entry.born), (Column.JOINED, entry.joined)):
        if day and is_before(today.isoformat(), day):
            yield Note(NoteCode.IN_THE_FUTURE, {"column": heading(column), "typed": day})


def _age(born: str, day: str) -> int:
    """Full years from ``born`` to ``day``; where months are not known, the birthday has been."""
    return int(day[:4]) - int(born[:4]) - is_before(day[4:], born[4:])


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
_LEAVERS: Final = re.compile("调出|转出|停止党籍|除名|开除|失联|去世|死亡|离世|已故")
_GROUP: Final = re.compile("小组$")
_BRANCH: Final = re.compile("(?:支部|总支|党委)(?:委员会)?$")
SECTION: Final = re.compile(f"{_LEAVERS.pattern}|{_GROUP.pattern}|{_BRANCH.pattern}|党员$")
"""A line that stands alone over the people it is about."""
UNIT: Final = re.compile(r"(?:填[表报]|报送)?单位(?:名称)?(?:\(盖?章\))?\s?:\s?(.+)")


def roster_row(row: Row, header: Header[Column], today: date) -> RosterRow:
    """What one row says. Dates after ``today`` are worth a note."""
    reader = _RosterReader(row, header, today)
    entry = reader.entry()
    return reader.read(entry, implausible(entry, today))


def is_about_a_person(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and lines below the table."""
    name = cell_of(row, header, Column.NAME)
    if name is not None and one_line(name) == header.headings[header.columns[Column.NAME]]:
        return False  # headings repeated on each printed page
    if row.flaws and any(flaw.column == header.columns[Column.NAME] for flaw in row.flaws):
        return True
    if not any(cell_of(row, header, column) is not None for column in header.columns if column not in _FORM_COLUMNS):
        return False
    first = next((folded(cell) for cell in row.cells if cell is not None), "")
    phone = mobile_number(cell_of(row, header, Column.PHONE))
    return phone is not None or not _BELOW_THE_TABLE.match(first)


def with_branches(header: Header[Column], rows: Sequence[Row]) -> Header[Column]:
    """The headings, with the column whose cells are branches where none is headed as such."""
    if Column.BRANCH in header.columns:
        return header
    for index, text in enumerate(header.headings):
        if not text or index in header.columns.values():
            continue
        cells = [folded(row.cells[index]) for row in rows if index < len(row.cells) and row.cells[index] is not None]
        if cells and sum(bool(_BRANCH.search(cell)) for cell in cells) * 2 > len(cells):
            return replace(header, columns={**header.columns, Column.BRANCH: index})
    return header


def unit_above(rows: Sequence[Row]) -> str:
    """The organ named above the headings (填表单位), or empty."""
    matches = (UNIT.match(folded(cell)) for row in rows for cell in row.cells)
    return next((match[1].strip() for match in matches if match), "")


class _RosterReader(RowReader[Column]):
    def entry(self) -> ReadPerson:
        """What the row says, as far as it can be read."""
        name = self._name()
        roles, note = self._roles_and_note()
        section = self.row.section
        if _LEAVERS.search(section):
            self.problem(ProblemCode.BELOW_LEAVERS, section=section)
        return ReadPerson(
            name=name.text,
            branch=self._text(Column.BRANCH) or (section if _BRANCH.search(section) else ""),
            group=self._text(Column.GROUP) or (section if _GROUP.search(section) else ""),
            phone=self._phone(),
            member_number=self._number(),
            sex=self._sex(name),
            born=self._date(Column.BORN),
            joined=self._date(Column.JOINED),
            confirmed=self._date(Column.CONFIRMED),
            status=self._status(name),
            roles=roles,
            post=self._text(Column.POST),
            note=note,
            exemption=posts.exemption(note),
        )

    def _text(self, column: Column) -> str:
        return self.text(column, LIMITS[column])

    def _name(self) -> values.Name:
        name = values.name(said(self.cell(Column.NAME)))
        if not name.text:
            if not self.problems:
                self.problem(ProblemCode.MISSING_NAME)
        elif not any(character.isalpha() for character in name.text):
            self.problem(ProblemCode.BAD_NAME, typed=name.text)
        elif has_lost_characters(name.text):
            self.note(NoteCode.LOST_CHARACTER, typed=name.text)
        elif name.is_odd:
            self.note(NoteCode.ODD_NAME, typed=name.text)
        self.within(Column.NAME, name.text, LIMITS[Column.NAME])
        return name

    def _phone(self) -> str | None:
        typed = said(self.cell(Column.PHONE))
        number = mobile_number(self.cell(Column.PHONE))
        if typed and number is None:
            number = first_mobile_number(typed)
            if number is None:
                self.problem(ProblemCode.BAD_PHONE, typed=typed)
            else:
                self.note(NoteCode.PHONE_PICKED, typed=typed, phone=number)
        return number

    def _number(self) -> str:
        cell = self.cell(Column.MEMBER_NUMBER)
        number = folded(self._text(Column.MEMBER_NUMBER))
        if number and is_cut_number(cell):
            self.problem(ProblemCode.CUT_NUMBER, column=self.heading(Column.MEMBER_NUMBER), typed=number)
        elif values.IDENTITY_CARD.fullmatch(number):
            self.problem(ProblemCode.IDENTITY_CARD, column=self.heading(Column.MEMBER_NUMBER))
        return number

    def _date(self, column: Column) -> str | None:
        cell = self.cell(column)
        if not said(cell):
            return None
        known = cell_date(cell, from_1904=self.header.from_1904)
        if known is None:
            self.problem(ProblemCode.BAD_DATE, column=self.heading(column), typed=one_line(cell))
        elif is_october_guess(cell):
            self.note(NoteCode.OCTOBER_GUESSED, column=self.heading(column), typed=one_line(cell))
        elif is_serial_guess(cell):
            self.note(NoteCode.DAY_NUMBER, column=self.heading(column), typed=one_line(cell), day=known)
        return known

    def _sex(self, name: values.Name) -> Sex | None:
        typed = said(self.cell(Column.SEX))
        known = values.sex(typed)
        if typed and known is None:
            self.note(NoteCode.UNKNOWN_SEX, typed=typed)
        if name.sex and known and name.sex is not known:
            self.note(NoteCode.SEX_DIFFERS, typed=one_line(self.cell(Column.NAME)), column=typed)
        return name.sex or known

    def _status(self, name: values.Name) -> MemberStatus | None:
        typed = said(self.cell(Column.STATUS))
        asks = "预备" in (title := self.heading(Column.STATUS)) or "probation" in title.casefold()
        known = values.status(typed, asks_probation=asks)
        if typed and known is None:
            code = ProblemCode.NOT_A_MEMBER if values.says_no_member(typed) else ProblemCode.UNKNOWN_STATUS
            self.problem(code, typed=typed)
        if not typed:
            return name.status or (MemberStatus.PROBATIONARY if "预备" in self.row.section else None)
        if name.status and known and name.status is not known:
            self.note(NoteCode.STATUS_DIFFERS, typed=one_line(self.cell(Column.NAME)), column=typed)
        return known

    def _roles_and_note(self) -> tuple[frozenset[Role] | None, str]:
        """The posts; words that name none we know are kept in the remark, so that nothing is lost."""
        note = self._text(Column.NOTE)
        roles, unknown = posts.branch_posts(one_line(self.cell(Column.ROLES)))
        if unknown:
            words = "、".join(unknown)
            self.note(NoteCode.UNKNOWN_POST, typed=words)
            kept = f"{heading(Column.ROLES)}:{words}"
            joined = note if kept in note else ";".join(filter(None, (note, kept)))
            note = self.within(Column.NOTE, joined, LIMITS[Column.NOTE])
        return roles, note
