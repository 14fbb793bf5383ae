"""What the reader of cells does not tell of an ODS file: cells that are joined, hidden, struck out or not computed."""

from collections import defaultdict
from collections.abc import Iterator
from typing import IO, Final
from xml.etree import ElementTree as ET

from app.core.workbooks.limits import MAX_COLUMNS, MAX_ROWS, ROWS_OF_HEADINGS, Marks

_ODF: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE: Final = _ODF + "table:1.0}"
_OFFICE: Final = _ODF + "office:1.0}"
_STYLE: Final = _ODF + "style:1.0}"
_HIDDEN: Final = frozenset({"collapse", "filter"})


def marks_of_tables(content: IO[bytes]) -> dict[str, Marks]:
    """The marks of each table, by its name, from ``content.xml``."""
    found: dict[str, Marks] = {}
    struck: set[str] = set()
    reader: _Rows | None = None
    for event, element in ET.iterparse(content, ("start", "end")):  # noqa: S314 - counted before, without a DOCTYPE
        if event == "start":
            if element.tag == _TABLE + "table":
                reader = _Rows(struck)
                found[element.get(_TABLE + "name", "")] = reader.marks
            continue
        if element.tag == _STYLE + "style" and any(map(_strikes, element)):
            struck.add(element.get(_STYLE + "name", ""))
        elif element.tag == _TABLE + "table-column" and reader:
            reader.column(element)
        elif element.tag == _TABLE + "table-row":
            if reader:
                reader.row(element)
            element.clear()
    return found


def _strikes(properties: ET.Element) -> bool:
    return properties.get(_STYLE + "text-line-through-style", "none") != "none"


class _Rows:
    """Counts columns and rows of a table, of which one element may stand for many."""

    def __init__(self, struck: set[str]) -> None:
        self._struck = struck
        self._row = self._column = 0
        self.marks = Marks(defaultdict(list))

    def column(self, element: ET.Element) -> None:
        """The next columns."""
        number = _times(element, "columns")
        if element.get(_TABLE + "visibility") in _HIDDEN:
            self.marks.hidden_columns += range(self._column, min(self._column + number, MAX_COLUMNS))
        self._column += number

    def row(self, element: ET.Element) -> None:
        """The next rows."""
        number = _times(element, "rows")
        first, last = self._row + 1, self._row + min(number, MAX_ROWS)
        if element.get(_TABLE + "visibility") in _HIDDEN:
            for row in range(first, last + 1):
                self.marks.flaws[row].append(["hidden", None])
        for column, cell in self._cells(element):
            self._cell(cell, first, column)
        self._row += number

    def _cells(self, row: ET.Element) -> Iterator[tuple[int, ET.Element]]:
        column = 0
        for cell in row:
            if column >= MAX_COLUMNS:
                return
            yield column, cell
            column += _times(cell, "columns")

    def _cell(self, cell: ET.Element, row: int, column: int) -> None:
        down, across = _spanned(cell, "rows"), _spanned(cell, "columns")
        if down > 1:
            self.marks.down.append([column, row, row + down - 1])
        if across > 1 and row <= ROWS_OF_HEADINGS:
            self.marks.across.append([row, column, column + across - 1])
        if cell.get(_TABLE + "style-name") in self._struck and len(cell):
            self.marks.flaws[row].append(["struck", column])
        if cell.get(_TABLE + "formula") and not cell.get(_OFFICE + "value-type"):
            self.marks.flaws[row].append(["formula", column])


def _times(element: ET.Element, what: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", "1")))


def _spanned(cell: ET.Element, what: str) -> int:
    return int(cell.get(f"{_TABLE}number-{what}-spanned", "1"))
