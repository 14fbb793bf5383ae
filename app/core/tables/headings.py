"""Finding the row of headings, wherever it is, and the columns under other people's names for them."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from app.core.tables.cells import Cell, Row, Span, folded, one_line

ROWS_BEFORE_HEADER = 50
"""Titles, unit and date lines stand above the headings; further down nobody looks."""
LINES_OF_HEADINGS = 3
"""Joined headings have two lines below each other, sometimes three."""

K = TypeVar("K")
Known = Mapping[str, tuple[K, int]]
"""The column each heading names, and how telling the name is; 0 is best."""
_ASIDE = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|【([^】]*)】")
_NOT_A_WORD = re.compile(r"[\W_]+")
_ONLY_ASIDE = 100
"""What is added to the rank of a name that stands in brackets only."""


@dataclass(frozen=True, slots=True)
class Header(Generic[K]):
    """The row of headings and what was understood of it."""

    row: int
    """Row number in the sheet, from 1; of several lines the last."""
    columns: Mapping[K, int]
    """Index of each known column in a row's cells, from 0."""
    headings: tuple[str, ...]
    """All headings as they are written, by index."""
    from_1904: bool = False
    """Whether numbers of days count from 1904 in this file."""

    @property
    def unread(self) -> tuple[str, ...]:
        """Headings nobody asked for, in their order."""
        read = set(self.columns.values())
        return tuple(text for index, text in enumerate(self.headings) if text and index not in read)


def cell_of(row: Row, header: Header[K], column: K) -> Cell:
    """What ``row`` says in ``column``; ``None`` where the file has no such column."""
    index = header.columns.get(column)
    return row.cells[index] if index is not None and index < len(row.cells) else None


def heading_key(cell: Cell) -> str:
    """A heading for comparing: ``姓 名 *`` and ``姓名(必填)`` are ``姓名``."""
    return _NOT_A_WORD.sub("", _ASIDE.sub("", folded(cell))).casefold()


def known_headings(names: Mapping[K, Sequence[str]]) -> Known[K]:
    """The columns by the keys of their ``names``, the most telling of which come first."""
    return {
        heading_key(name): (column, rank)
        for column, column_names in names.items()
        for rank, name in enumerate(column_names)
    }


def find_header(
    rows: Sequence[Row], names: Mapping[K, Sequence[str]], *, required: Collection[K], across: Iterable[Span] = ()
) -> Header[K] | None:
    """The row that holds most known headings, or ``None`` if none holds the ``required`` ones and one more.

    ``names`` lists the usual names of each column, the most telling first: when two columns would fit, the
    better name wins, then the left one. Where a second line of headings directly below is as good, it is
    taken, because the names above it are joined cells: under those (``across``) the lower line decides.
    """
    known = known_headings(names)
    spans = list(across)
    best: _Found[K] | None = None
    for position in range(min(len(rows), ROWS_BEFORE_HEADER)):
        for last, titles in _lines(rows, position, known, spans):
            columns = _columns(titles, known)
            if len(columns) < 2 or not set(required) <= columns.keys():
                continue
            if last > position:
                lower = _columns(rows[last].cells, known)
                if set(required) <= lower.keys() and len(lower) >= len(columns):
                    continue  # the lower line says as much by itself: what stands above it is a title
            directly_below = best is not None and last == best.last + 1
            if (
                best is None
                or len(columns) > len(best.columns)
                or (directly_below and len(columns) == len(best.columns))
            ):
                best = _Found(last, columns, titles)
    if best is None:
        return None
    return Header(rows[best.last].number, best.columns, tuple(one_line(title) for title in best.titles))


class _Found(NamedTuple, Generic[K]):
    last: int
    columns: dict[K, int]
    titles: Sequence[Cell]


def _lines(
    rows: Sequence[Row], first: int, known: Known[K], spans: Sequence[Span]
) -> Iterator[tuple[int, Sequence[Cell]]]:
    """The headings that begin in a row: of that line alone, then together with lines of headings below it."""
    titles: Sequence[Cell] = rows[first].cells
    yield first, titles
    for last in range(first + 1, min(first + LINES_OF_HEADINGS, len(rows))):
        if rows[last].number != rows[last - 1].number + 1:
            return
        joined = {
            column: span.first
            for span in spans
            if span.row == rows[last - 1].number
            for column in range(span.first, span.last + 1)
        }
        together = _together(titles, rows[last].cells, joined, known)
        if together is None:
            return
        titles = together
        yield last, titles


def _together(
    upper: Sequence[Cell], lower: Sequence[Cell], joined: Mapping[int, int], known: Known[K]
) -> list[Cell] | None:
    """Headings of two lines, or ``None`` where the lower one is none: it says something new only under joined cells."""
    titles: list[Cell] = []
    reach: Cell = None
    divides = False
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else None
        below = lower[column] if column < len(lower) else None
        if column in joined:
            above = upper[joined[column]]
        elif above is not None:
            reach = above
        if below is None or below == above:
            titles.append(above)
        elif not isinstance(below, str):
            return None
        elif column in joined or (above is None and reach is not None):
            divides = True
            titles.append(_joined_name(above or reach, below, known))
        elif above is reach and _reaches_on(upper, lower, column):
            titles.append(_joined_name(above, below, known))
        else:
            return None
    return titles if divides else None


def _reaches_on(upper: Sequence[Cell], lower: Sequence[Cell], column: int) -> bool:
    """Whether the heading above ``column`` may stand for the next one too: blank above, and a heading below."""
    after = column + 1
    return after < len(lower) and lower[after] is not None and (after >= len(upper) or upper[after] is None)


def _joined_name(above: Cell, below: str, known: Known[K]) -> str:
    """``职务`` over ``党内`` is ``党内职务``; ``联系方式`` over ``手机`` is ``手机``."""
    candidates = (f"{below}{one_line(above)}", f"{one_line(above)}{below}", below)
    return next((name for name in candidates if heading_key(name) in known), candidates[1])


def _columns(cells: Sequence[Cell], known: Known[K]) -> dict[K, int]:
    found: dict[K, tuple[int, int]] = {}
    for index, cell in enumerate(cells):
        if not isinstance(cell, str) or (match := _meant(cell, known)) is None:
            continue
        column, rank = match
        if column not in found or (rank, index) < found[column]:
            found[column] = (rank, index)
    return {column: index for column, (_, index) in found.items()}


def _meant(cell: str, known: Known[K]) -> tuple[K, int] | None:
    """``职务(党内)`` means ``党内职务``, ``手机(必填)`` means ``手机``, ``隶属组织(党支部)`` at last ``党支部``."""
    base = heading_key(cell)
    if base in known and "(" not in (text := folded(cell)) and "[" not in text and "【" not in text:
        return known[base]
    asides = ["".join(filter(None, groups)) for groups in _ASIDE.findall(folded(cell))]
    for aside in asides:
        if match := known.get(heading_key(aside) + base):
            return match
    if base in known:
        return known[base]
    for aside in asides:
        if match := known.get(heading_key(aside)):
            return match[0], match[1] + _ONLY_ASIDE
    return None
