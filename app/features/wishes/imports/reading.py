"""From the cells of a file to rows about wishes; never raising for a row, each problem named."""

from datetime import date
from typing import Final

from app.core.tables import Cell, Header, Row, find_header, folded, one_line, read_sheets
from app.core.tables.headings import heading_key
from app.features.members.partial_dates import partial_date
from app.features.private.rules import ConsentKind
from app.features.wishes.imports.columns import HEADINGS, LIMITS, SERIAL, Column, category, is_yes
from app.features.wishes.imports.errors import NoHeaderError, NoRowsError, TooManyWishesError
from app.features.wishes.imports.rules import MOST_ROWS, Entry, ImportRow, Problem, ProblemCode, Reading
from app.features.wishes.intake.rules import PersonalDataError, check_says_nobody
from app.features.wishes.residents.rules import dialled, is_delicate, title_from, without_owner
from app.features.wishes.rules import MOST_YUAN, TITLE_LENGTH

_EXAMPLE: Final = "说明"
_TEXT: Final = frozenset({Column.TITLE, Column.NEED, Column.NAME, Column.PHONE, Column.ADDRESS})
"""A row in which none of these is filled is a blank line of the form."""


def read_list(content: bytes, *, today: date) -> Reading:
    """The first sheet of the file that has the headings of a list of wishes.

    Raises:
        UnreadableTableError: the file cannot be read as a table.
        NoHeaderError: no sheet has a row with the heading of a wish and one more.
        NoRowsError, TooManyWishesError: nothing stands below the headings, or more than ``MOST_ROWS``.
    """
    for sheet in read_sheets(content):
        header = find_header(sheet.rows, HEADINGS, required=(Column.TITLE,))
        if header is None:
            continue
        below = [row for row in sheet.rows if row.number > header.row and _is_about_a_wish(row, header)]
        if not below:
            raise NoRowsError
        if len(below) > MOST_ROWS:
            raise TooManyWishesError(rows=MOST_ROWS)
        rows = tuple(_RowReader(row, header, today).read() for row in below)
        unread = tuple(text for text in header.unread if heading_key(text) not in SERIAL)
        return Reading(header.headings, unread, rows)
    raise NoHeaderError


def _is_about_a_wish(row: Row, header: Header[Column]) -> bool:
    title = one_line(_cell(row, header, Column.TITLE))
    if title == header.headings[header.columns[Column.TITLE]]:
        return False  # headings repeated on each printed page
    first = next(folded(cell) for cell in row.cells if cell is not None)
    if first.startswith(_EXAMPLE):
        return False
    return any(_cell(row, header, column) is not None for column in header.columns if column in _TEXT)


def _cell(row: Row, header: Header[Column], column: Column) -> Cell:
    index = header.columns.get(column)
    return row.cells[index] if index is not None and index < len(row.cells) else None


class _RowReader:
    """Reads one row column by column and collects what is wrong."""

    def __init__(self, row: Row, header: Header[Column], today: date) -> None:
        self._row = row
        self._header = header
        self._today = today
        self._problems: list[Problem] = []

    def read(self) -> ImportRow:
        """What the row says, as far as it can be read."""
        name = self._text(Column.NAME)
        title, need = self._wish(name)
        entry = Entry(
            title=title,
            need=need,
            category=category(self._text(Column.CATEGORY)),
            yuan=self._yuan(),
            wanted_by=self._wanted_by(),
            name=name,
            phone=self._phone(),
            address=self._text(Column.ADDRESS),
            agreed=self._consents(),
        )
        self._check(entry)
        return ImportRow(self._row.number, self._row.cells, entry, tuple(self._problems))

    def _text(self, column: Column) -> str:
        text = one_line(_cell(self._row, self._header, column))
        if len(text) > LIMITS.get(column, len(text)):
            self._problem(ProblemCode.TOO_LONG, column=HEADINGS[column][0], most=str(LIMITS[column]))
            return text[: LIMITS[column]]
        return text

    def _wish(self, name: str) -> tuple[str, str]:
        """Title and need, each without its owner; a long title is a need with the title still to come."""
        said = without_owner(self._text(Column.TITLE), name=name)
        need = without_owner(self._text(Column.NEED), name=name)
        if not said:
            self._problem(ProblemCode.NO_WISH)
        if len(said) <= TITLE_LENGTH:
            return said, need
        whole = f"{said} {need}".strip()
        if len(whole) > LIMITS[Column.NEED]:
            self._problem(ProblemCode.TOO_LONG, column=HEADINGS[Column.TITLE][0], most=str(LIMITS[Column.NEED]))
        return title_from(said), whole[: LIMITS[Column.NEED]]

    def _phone(self) -> str:
        typed = self._text(Column.PHONE).removesuffix(".0")
        number = dialled(typed)
        if typed and number is None:
            self._problem(ProblemCode.BAD_PHONE)
        return number or ""

    def _yuan(self) -> int | None:
        typed = folded(_cell(self._row, self._header, Column.YUAN)).removesuffix("元").removesuffix(".0").strip()
        if not typed:
            return None
        if not typed.isdecimal() or int(typed) > MOST_YUAN:
            self._problem(ProblemCode.BAD_YUAN)
            return None
        return int(typed)

    def _wanted_by(self) -> date | None:
        typed = one_line(_cell(self._row, self._header, Column.WANTED_BY))
        if not typed:
            return None
        try:
            day = date.fromisoformat(partial_date(typed))
        except ValueError:
            self._problem(ProblemCode.BAD_DAY)
            return None
        if day < self._today:
            self._problem(ProblemCode.DAY_PASSED)
        return day

    def _consents(self) -> tuple[ConsentKind, ...]:
        boxes = {
            ConsentKind.ORDINARY: Column.AGREED,
            ConsentKind.SENSITIVE: Column.SENSITIVE,
            ConsentKind.GUARDIAN: Column.GUARDIAN,
        }
        return tuple(kind for kind, column in boxes.items() if is_yes(self._text(column)))

    def _check(self, entry: Entry) -> None:
        if entry.contact.filled and ConsentKind.ORDINARY not in entry.agreed:
            self._problem(ProblemCode.NOT_AGREED)
        if is_delicate(entry.category, entry.title, entry.need) and ConsentKind.SENSITIVE not in entry.agreed:
            self._problem(ProblemCode.NOT_AGREED_SENSITIVE)
        if is_yes(self._text(Column.UNDER_14)) and ConsentKind.GUARDIAN not in entry.agreed:
            self._problem(ProblemCode.NO_GUARDIAN)
        try:
            check_says_nobody(entry.title, entry.need, contact=entry.contact)
        except PersonalDataError:
            self._problem(ProblemCode.NAMES_SOMEBODY)

    def _problem(self, code: ProblemCode, **said: str) -> None:
        self._problems.append(Problem(code, said))
