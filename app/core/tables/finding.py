"""All tables of a file that have the headings asked for, and what else stands in the file and was not read."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

from app.core.tables.cells import Book, Cell, Flaw, Row, Sheet, folded, one_line
from app.core.tables.headings import Header, find_header, heading_key

LINES_NAMED: Final = 20
"""Lines left aside that are shown; of the others the number."""
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of a sheet that were read: the numbers of the first and the last, and how many."""

    sheet: str
    first: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """What of a file was read and what was not, so that nothing is passed over in silence."""

    read: tuple[Stretch, ...] = ()
    other_sheets: tuple[str, ...] = ()
    """Sheets with something on them, but without the headings."""
    empty_sheets: tuple[str, ...] = ()
    """Sheets with headings and nothing below."""
    hidden_sheets: tuple[str, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    """Headings of columns that are not seen and were read all the same."""
    unheaded: tuple[str, ...] = ()
    """Letters of columns that hold something and have no heading."""
    lines: tuple[str, ...] = ()
    """Lines below the headings that are none of the list: totals, signatures, explanations."""
    more_lines: int = 0
    """How many of them are not named in ``lines``."""
    is_cut: bool = False
    """Whether there are more columns than are read."""
    is_blind: bool = False
    """Whether the format does not tell which rows are hidden or struck out."""

    @property
    def has_gaps(self) -> bool:
        """Whether something was not read that somebody may miss."""
        return bool(self.other_sheets or self.hidden_sheets or self.unheaded or self.is_cut or len(self.read) > 1)


NO_REPORT: Final = Report()


@dataclass(frozen=True, slots=True)
class FoundTable(Generic[K]):
    """The rows of a file under one row of headings; where it has several tables, under those of the first."""

    header: Header[K]
    rows: tuple[Row, ...]
    above: tuple[Row, ...] = ()
    """Titles and the like over the first table."""
    report: Report = NO_REPORT


def find_table(
    book: Book,
    names: Mapping[K, Sequence[str]],
    *,
    required: K,
    about: Callable[[Row, Header[K]], bool],
    section: re.Pattern[str] | None = None,
) -> FoundTable[K] | None:
    """All rows below headings of these ``names``; ``None`` where no sheet has the ``required`` one and one more.

    ``about`` says whether a row is one of the list, or a blank line of the form, a total, a signature. A line that
    stands alone and fits ``section`` is kept with the rows below it.
    """
    search = _Search(names, required, about, section)
    found = [table for sheets in book.readings if (table := search.all_of(sheets))]
    if not found:
        return None
    best = max(found, key=lambda table: (len(table.header.columns), len(table.rows)))
    report = replace(best.report, hidden_sheets=book.hidden, is_blind=book.is_blind)
    return replace(best, header=replace(best.header, from_1904=book.from_1904), report=report)


@dataclass(frozen=True, slots=True)
class _Search(Generic[K]):
    names: Mapping[K, Sequence[str]]
    required: K
    about: Callable[[Row, Header[K]], bool]
    section: re.Pattern[str] | None

    def all_of(self, sheets: Sequence[Sheet]) -> FoundTable[K] | None:
        """The tables of all sheets as one."""
        tables: list[tuple[Sheet, FoundTable[K]]] = []
        others = []
        for sheet in sheets:
            on_it = list(self._on(sheet))
            tables += [(sheet, table) for table in on_it]
            if not on_it and sheet.rows:
                others.append(sheet.name)
        if not tables:
            return None
        several = len({id(sheet) for sheet, table in tables if table.rows}) > 1
        first = next((table for _sheet, table in tables if table.rows), tables[0][1])
        together = _Together(first.header)
        rows: list[Row] = []
        for sheet, table in tables:
            rows += together.laid_out(table, label=sheet.name if several else "")
        lines = [line for _sheet, table in tables for line in table.report.lines]
        report = Report(
            read=tuple(
                Stretch(sheet.name, table.rows[0].number, table.rows[-1].number, len(table.rows))
                for sheet, table in tables
                if table.rows
            ),
            other_sheets=tuple(others),
            empty_sheets=tuple(sheet.name for sheet, table in tables if not table.rows and several),
            hidden_columns=tuple(
                dict.fromkeys(heading for _sheet, table in tables for heading in table.report.hidden_columns)
            ),
            unheaded=tuple(dict.fromkeys(letter for _sheet, table in tables for letter in table.report.unheaded)),
            lines=tuple(lines[:LINES_NAMED]),
            more_lines=max(0, len(lines) - LINES_NAMED),
            is_cut=any(sheet.is_cut for sheet in sheets),
        )
        return FoundTable(together.header, tuple(rows), first.above, report)

    def _on(self, sheet: Sheet) -> Iterator[FoundTable[K]]:
        header = find_header(sheet.rows, self.names, required=(self.required,), across=sheet.across)
        if header is None:
            return
        above = tuple(row for row in sheet.rows if row.number < header.row)
        below = [row for row in sheet.rows if row.number > header.row]
        for first, last in self._side_by_side(header):
            part = header if last is None and not first else self._part(header, first, last)
            rows = below if part is header else [_cut(row, first, last) for row in below]
            for one in self._below(part, [row for row in rows if row.cells or row.flaws]):
                hidden = tuple(
                    one.header.headings[index]
                    for index in sorted(one.header.columns.values())
                    if index + first in sheet.hidden_columns
                )
                yield replace(one, above=above, report=replace(one.report, hidden_columns=hidden))

    def _below(self, header: Header[K], rows: Sequence[Row]) -> Iterator[FoundTable[K]]:
        """The rows below ``header``, until other headings begin another table."""
        again = frozenset(self.names[self.required])
        taken: list[Row] = []
        lines: list[str] = []
        section = ""
        for position, row in enumerate(rows):
            if any(isinstance(cell, str) and len(cell) < 20 and "".join(cell.split()) in again for cell in row.cells):
                other = find_header([row], self.names, required=(self.required,))
                if other and other.columns == header.columns:
                    continue  # headings repeated on each printed page
                if other and len(other.columns) > 1:
                    yield self._table(header, taken, lines)
                    yield from self._below(other, rows[position + 1 :])
                    return
            alone = _alone(row)
            if alone and self.section and self.section.search(alone):
                section = alone
            elif self.about(row, header):
                taken.append(replace(row, section=section) if section else row)
            elif any(isinstance(cell, str) and cell.strip() for cell in row.cells):
                lines.append(f"{row.number}: {' '.join(filter(None, map(one_line, row.cells)))}"[:80])
        yield self._table(header, taken, lines)

    def _table(self, header: Header[K], rows: list[Row], lines: list[str]) -> FoundTable[K]:
        width = max((len(row.cells) for row in rows), default=0)
        headed = {index for index, text in enumerate(header.headings) if text}
        unheaded = [
            _letters(index)
            for index in range(width)
            if index not in headed and any(index < len(row.cells) and row.cells[index] is not None for row in rows)
        ]
        return FoundTable(header, tuple(rows), report=Report(lines=tuple(lines), unheaded=tuple(unheaded)))

    def _side_by_side(self, header: Header[K]) -> Iterator[tuple[int, int | None]]:
        """First and last column of each table that stands beside another one with the same headings."""
        keys = [heading_key(text) for text in header.headings]
        place = header.columns[self.required]
        places = [index for index, key in enumerate(keys) if key == keys[place]]
        starts = [0]
        for other in places[1:]:
            start = other
            while (
                start > places[0]
                and places[0] - (other - start) > 0
                and keys[start - 1] == keys[places[0] - (other - start) - 1]
            ):
                start -= 1
            starts.append(start)
        parts = [keys[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
        if len(starts) == 1 or any(len([key for key in part if key and key in parts[0]]) < 2 for part in parts):
            yield 0, None
            return
        yield from zip(starts, [*starts[1:], None], strict=True)

    def _part(self, header: Header[K], first: int, last: int | None) -> Header[K]:
        cells = header.headings[first:last]
        found = find_header([Row(header.row, cells)], self.names, required=(self.required,))
        return found or Header(header.row, {}, cells)


class _Together(Generic[K]):
    """One row of headings for tables whose columns may stand in another order."""

    def __init__(self, header: Header[K]) -> None:
        self.header = header

    def laid_out(self, table: FoundTable[K], *, label: str) -> Iterable[Row]:
        """The rows of ``table`` with their cells where ``header`` has their column."""
        order = self._order(table.header)
        moved = order != list(range(len(order)))
        for row in table.rows:
            one = _moved(row, order, len(self.header.headings)) if moved else row
            yield replace(one, table=label) if label else one

    def _order(self, header: Header[K]) -> list[int]:
        """Where each column of ``header`` stands in the common one, which grows by what it has not."""
        headings, columns = list(self.header.headings), dict(self.header.columns)
        read = {index: column for column, index in header.columns.items()}
        order = []
        for index, text in enumerate(header.headings):
            column = read.get(index)
            if column is not None and column in columns:
                order.append(columns[column])
                continue
            same = [place for place, known in enumerate(headings) if known == text and place not in columns.values()]
            place = same[0] if same and column is None and text else len(headings)
            if place == len(headings):
                headings.append(text)
            if column is not None:
                columns[column] = place
            order.append(place)
        self.header = replace(self.header, headings=tuple(headings), columns=columns)
        return order


def _moved(row: Row, order: Sequence[int], width: int) -> Row:
    cells = [*row.cells[: len(order)]]
    laid: list[Cell] = [None] * width
    for index, cell in enumerate(cells):
        laid[order[index]] = cell
    flaws = tuple(
        Flaw(flaw.kind, order[flaw.column] if flaw.column is not None and flaw.column < len(order) else flaw.column)
        for flaw in row.flaws
    )
    return replace(row, cells=tuple(laid), flaws=flaws)


def _cut(row: Row, first: int, last: int | None) -> Row:
    cells = list(row.cells[first:last])
    while cells and cells[-1] is None:
        cells.pop()
    flaws = tuple(
        Flaw(flaw.kind, None if flaw.column is None else flaw.column - first)
        for flaw in row.flaws
        if flaw.column is None or (flaw.column >= first and (last is None or flaw.column < last))
    )
    return replace(row, cells=tuple(cells), flaws=flaws)


def _alone(row: Row) -> str:
    """The text of a line that holds nothing else."""
    said = [cell for cell in row.cells if cell is not None]
    return folded(said[0]) if len(said) == 1 and isinstance(said[0], str) else ""


def _letters(index: int) -> str:
    """``0`` → ``A``, ``27`` → ``AB``."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
