"""From the cells of a row to what it says of a wish; never raising for a row, each problem named."""

from datetime import date
from typing import Final

from app.core.tables import Header, Row, cell_of, folded, one_line
from app.features.imports.rows import RowReader
from app.features.imports.values import due_day, first_mobile_number, is_yes
from app.features.private.rules import ConsentKind
from app.features.wishes.imports.columns import LIMITS, Column, category
from app.features.wishes.imports.rules import Entry, ImportRow, ProblemCode
from app.features.wishes.intake.rules import PersonalDataError, check_says_nobody
from app.features.wishes.residents.rules import dialled, is_delicate, title_from, without_owner
from app.features.wishes.rules import MOST_YUAN, TITLE_LENGTH, Category

_EXAMPLE: Final = "说明"
_TEXT: Final = frozenset({Column.TITLE, Column.NEED, Column.NAME, Column.PHONE, Column.ADDRESS})
"""A row in which none of these is filled is a blank line of the form."""
_CONSENTS: Final = {
    ConsentKind.ORDINARY: Column.AGREED,
    ConsentKind.SENSITIVE: Column.SENSITIVE,
    ConsentKind.GUARDIAN: Column.GUARDIAN,
}


def wish_row(row: Row, header: Header[Column], today: date) -> ImportRow:
    """What one row says."""
    reader = _WishReader(row, header, today)
    entry = reader.entry()
    reader.check(entry)
    return reader.read(entry)


def is_about_a_wish(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and explanations."""
    title = one_line(cell_of(row, header, Column.TITLE))
    if title == header.headings[header.columns[Column.TITLE]]:
        return False  # headings repeated on each printed page
    first = next((folded(cell) for cell in row.cells if cell is not None), "")
    if first.startswith(_EXAMPLE):
        return False
    said = any(cell_of(row, header, column) is not None for column in header.columns if column in _TEXT)
    return said or any(flaw.column == header.columns[Column.TITLE] for flaw in row.flaws)


class _WishReader(RowReader[Column]):
    def entry(self) -> Entry:
        """What the row says, as far as it can be read."""
        name = self._text(Column.NAME)
        title, need = self._wish(name)
        return Entry(
            title=title,
            need=need,
            category=self._category(),
            yuan=self._yuan(),
            wanted_by=self._wanted_by(),
            name=name,
            phone=self._phone(),
            address=self._text(Column.ADDRESS),
            agreed=tuple(kind for kind, column in _CONSENTS.items() if self._is_yes(column)),
        )

    def check(self, entry: Entry) -> None:
        """What the row as a whole must not be."""
        if entry.contact.filled and ConsentKind.ORDINARY not in entry.agreed:
            self.problem(ProblemCode.NOT_AGREED)
        if is_delicate(entry.category, entry.title, entry.need) and ConsentKind.SENSITIVE not in entry.agreed:
            self.problem(ProblemCode.NOT_AGREED_SENSITIVE)
        if self._is_yes(Column.UNDER_14) and ConsentKind.GUARDIAN not in entry.agreed:
            self.problem(ProblemCode.NO_GUARDIAN)
        try:
            check_says_nobody(entry.title, entry.need, contact=entry.contact)
        except PersonalDataError:
            self.problem(ProblemCode.NAMES_SOMEBODY)

    def _text(self, column: Column) -> str:
        return self.text(column, LIMITS[column])[: LIMITS[column]]

    def _wish(self, name: str) -> tuple[str, str]:
        """Title and need, each without its owner; a long title is a need with the title still to come."""
        said = without_owner(self.text(Column.TITLE), name=name)
        need = without_owner(self._text(Column.NEED), name=name)
        if not said:
            self.problem(ProblemCode.NO_WISH)
        if len(said) <= TITLE_LENGTH:
            return said, need
        whole = self.within(Column.TITLE, f"{said} {need}".strip(), LIMITS[Column.NEED])
        return title_from(said), whole[: LIMITS[Column.NEED]]

    def _category(self) -> Category:
        found = category(self.text(Column.CATEGORY))
        if found is None:
            self.problem(ProblemCode.UNKNOWN_CATEGORY, column=self.heading(Column.CATEGORY))
        return found or Category.OTHER

    def _phone(self) -> str:
        typed = self._text(Column.PHONE).removesuffix(".0")
        number = dialled(typed) or first_mobile_number(typed)
        if typed and number is None:
            self.problem(ProblemCode.BAD_PHONE)
        return number or ""

    def _yuan(self) -> int | None:
        typed = folded(self.cell(Column.YUAN)).removesuffix("元").removesuffix(".00").removesuffix(".0").strip()
        if not typed:
            return None
        if not typed.isdecimal() or int(typed) > MOST_YUAN:
            self.problem(ProblemCode.BAD_YUAN)
            return None
        return int(typed)

    def _wanted_by(self) -> date | None:
        cell = self.cell(Column.WANTED_BY)
        if not self.text(Column.WANTED_BY):
            return None
        day = due_day(cell, year=self.today.year, from_1904=self.header.from_1904)
        if day is None:
            self.problem(ProblemCode.BAD_DAY)
        elif day < self.today:
            self.problem(ProblemCode.DAY_PASSED)
        return day

    def _is_yes(self, column: Column) -> bool:
        answer = is_yes(one_line(self.cell(column)))
        if answer is None and ProblemCode.NEITHER_YES_NOR_NO not in [problem.code for problem in self.problems]:
            self.problem(ProblemCode.NEITHER_YES_NOR_NO, column=self.heading(column))
        return bool(answer)
