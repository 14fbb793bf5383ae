"""Finding the roster in a file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.tables import Header, Row, find_header, folded, read_sheets
from app.features.roster.errors import NoHeaderError, NoRowsError
from app.features.roster.sheet.columns import HEADINGS, Column
from app.features.roster.sheet.rows import is_about_a_person

_UNIT: Final = re.compile(r"(?:填[表报]|报送)?单位(?:名称)?(?:\(盖?章\))?\s?:\s?(.+)")


@dataclass(frozen=True, slots=True)
class RosterTable:
    """The sheet of a file that holds a roster."""

    header: Header[Column]
    rows: Sequence[Row]
    """The rows below the headings that are about people; there is at least one."""
    unit: str
    """The organ named above the headings (填表单位), or empty."""


def roster_table(content: bytes) -> RosterTable:
    """The first sheet of the file that has the headings of a roster.

    Raises:
        UnreadableTableError: the file cannot be read as a table.
        NoHeaderError: no sheet has a row with the heading of a name and one more.
        NoRowsError: nobody stands below the headings.
    """
    for sheet in read_sheets(content):
        if header := find_header(sheet.rows, HEADINGS, required=(Column.NAME,)):
            above = [row for row in sheet.rows if row.number < header.row]
            below = [row for row in sheet.rows if row.number > header.row and is_about_a_person(row, header)]
            if not below:
                raise NoRowsError
            return RosterTable(header, below, _unit(above))
    raise NoHeaderError


def _unit(rows: Iterable[Row]) -> str:
    matches = (_UNIT.match(folded(cell)) for row in rows for cell in row.cells)
    return next((match[1].strip() for match in matches if match), "")
