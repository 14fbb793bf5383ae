"""Joined cells: a branch's name often stands once beside all its members."""

from collections.abc import Iterable
from dataclasses import replace

from app.core.tables.cells import Cell, Row

Joined = tuple[int, int, int]
"""Column index from 0, first and last row number of a range that spans several rows."""


def fill_down(rows: list[Row], ranges: Iterable[Joined]) -> list[Row]:
    """The rows with the top value of each joined range repeated in the range's other rows.

    Only rows that hold something else are filled, so that blank lines stay blank.
    """
    position = {row.number: index for index, row in enumerate(rows)}
    filled_to: dict[int, int] = {}
    filled: dict[int, dict[int, Cell]] = {}
    for column, first, last in sorted(ranges):
        if first <= filled_to.get(column, 0) or first not in position:
            continue  # ranges of a sound sheet never overlap, so the work stays linear in its rows
        filled_to[column] = last
        top = rows[position[first]].cells
        value = top[column] if column < len(top) else None
        if value is None:
            continue
        for index in range(position[first] + 1, len(rows)):
            if rows[index].number > last:
                break
            filled.setdefault(index, {})[column] = value
    return [_with(row, filled[index]) if index in filled else row for index, row in enumerate(rows)]


def _with(row: Row, values: dict[int, Cell]) -> Row:
    cells = list(row.cells)
    for column, value in values.items():
        cells.extend([None] * (column + 1 - len(cells)))
        if cells[column] is None:
            cells[column] = value
    return replace(row, cells=tuple(cells))
