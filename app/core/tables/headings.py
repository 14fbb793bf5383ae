"""Finding the row of headings, wherever it is, and the columns under other people's names for them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.tables.cells import Cell, Row, folded, one_line

ROWS_BEFORE_HEADER = 50
"""Titles, unit and date lines stand above the headings; further down nobody looks."""

K = TypeVar("K")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Header(Generic[K]):
    """The row of headings and what was understood of it."""

    row: int
    """Row number in the sheet, from 1."""
    columns: Mapping[K, int]
    """Index of each known column in a row's cells, from 0."""
    headings: tuple[str, ...]
    """All headings as they are written, by index."""

    @property
    def unread(self) -> tuple[str, ...]:
        """Headings nobody asked for, in their order."""
        read = set(self.columns.values())
        return tuple(text for index, text in enumerate(self.headings) if text and index not in read)


def heading_key(cell: Cell) -> str:
    """A heading for comparing: ``姓 名 *`` and ``姓名(必填)`` are ``姓名``."""
    return _NOT_A_WORD.sub("", _ASIDE.sub("", folded(cell))).casefold()


def find_header(rows: Sequence[Row], names: Mapping[K, Sequence[str]], *, required: Collection[K]) -> Header[K] | None:
    """The row that holds most known headings, or ``None`` if none holds the ``required`` ones and one more.

    ``names`` lists the usual names of each column, the most telling first: when two columns would fit, the
    better name wins, then the left one. Where a second line of headings directly below is as good, it is
    taken, because the names above it are joined cells.
    """
    known = {
        heading_key(name): (column, rank)
        for column, column_names in names.items()
        for rank, name in enumerate(column_names)
    }
    best: tuple[int, Row, dict[K, int]] | None = None
    for position, row in enumerate(rows[:ROWS_BEFORE_HEADER]):
        columns = _columns(row.cells, known)
        if len(columns) < 2 or not set(required) <= columns.keys():
            continue
        directly_below = best is not None and position == best[0] + 1
        if best is None or len(columns) > len(best[2]) or (directly_below and len(columns) == len(best[2])):
            best = (position, row, columns)
    if best is None:
        return None
    return Header(best[1].number, best[2], tuple(one_line(cell) for cell in best[1].cells))


def _columns(cells: Sequence[Cell], known: Mapping[str, tuple[K, int]]) -> dict[K, int]:
    found: dict[K, tuple[int, int]] = {}
    for index, cell in enumerate(cells):
        if not isinstance(cell, str) or (match := known.get(heading_key(cell))) is None:
            continue
        column, rank = match
        if column not in found or (rank, index) < found[column]:
            found[column] = (rank, index)
    return {column: index for column, (_, index) in found.items()}
