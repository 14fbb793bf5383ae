"""The roster as a file that an import reads back without a change."""

from collections.abc import Iterable
from typing import Final

from app.core.tables import Cell, write_xlsx
from app.features.roster.rules import Entry
from app.features.roster.sheet.columns import HEADINGS, Column, heading
from app.features.roster.sheet.words import words

SHEET_NAME: Final = "党员花名册"
_HEADINGS: Final = tuple(heading(column) for column in HEADINGS)
_SAID: Final = tuple(column for column in HEADINGS if column is not Column.SERIAL)


def roster_file(entries: Iterable[Entry]) -> bytes:
    """Everybody in ``entries``, in their order. Importing the file again changes nothing."""
    rows: Iterable[tuple[Cell, ...]] = (
        (number, *(words(entry, column) for column in _SAID)) for number, entry in enumerate(entries, 1)
    )
    return write_xlsx(SHEET_NAME, _HEADINGS, rows)
