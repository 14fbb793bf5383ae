"""What a cell may hold, and its text."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

Cell = str | int | float | date | None
"""A cell as it was stored: numbers stay numbers and days stay days, because their text forms differ."""
LIKE_A_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
"""How a text begins that programs may run, also behind apostrophes: CSV has one put before it, and taken off again."""


class FlawKind(StrEnum):
    """Why a row must not be taken as it stands."""

    HIDDEN = "hidden"
    """Whoever looks at the file does not see it."""
    STRUCK = "struck"
    """A line goes through it."""
    FORMULA = "formula"
    """The file holds how to compute it, and no result."""
    ERROR = "error"
    """Its formula failed: ``#REF!``."""


class Flaw(NamedTuple):
    """What stands in the way, and in which column, from 0; ``None`` means the whole row."""

    kind: FlawKind
    column: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank. ``number`` is the one Excel shows, from 1; trailing blanks are cut."""

    number: int
    cells: tuple[Cell, ...]
    flaws: tuple[Flaw, ...] = ()
    table: str = ""
    """The sheet it stands on, where a file has several tables."""
    section: str = ""
    """The line that stands alone above it and its like (第一党小组, 调出党员)."""


class Span(NamedTuple):
    """Cells joined over several columns: the row's number, first and last column from 0."""

    row: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is seen; a CSV file is one sheet without a name."""

    name: str
    rows: list[Row]
    across: tuple[Span, ...] = ()
    hidden_columns: frozenset[int] = frozenset()
    is_cut: bool = False
    """Whether it has more columns than are read."""


@dataclass(frozen=True, slots=True)
class Book:
    """A file that was read."""

    readings: tuple[tuple[Sheet, ...], ...]
    """Its sheets; of a text file once for each sign that may part its columns."""
    hidden: tuple[str, ...] = ()
    """Sheets that are not seen and were not read."""
    from_1904: bool = False
    """Whether its day numbers count from 1904, as on old Macs."""
    is_blind: bool = False
    """Whether its format does not tell here which rows are hidden or struck out."""


_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff\U000e0100-\U000e01ef]"
)
_SPACES = re.compile(r"[\s\u00a0\u3000]+")
_ESCAPED = re.compile(r"_x(?:000[9AaDd]|00[0Aa]0)_")
_GUARDED = re.compile(r'="(.*)"|\'(?=[^\'])(.*)', re.DOTALL)
"""What other programs put around a number so that Excel leaves it alone."""


def one_line(cell: Cell) -> str:
    """The cell as clean text of one line: invisible characters gone, runs of spaces made one, ends stripped.

    Whole numbers lose the ``.0`` of a number cell; days read ``2014-07-05``.
    """
    if cell is None:
        return ""
    if isinstance(cell, float):
        whole = math.isfinite(cell) and cell.is_integer() and abs(cell) < 1e15
        cell = int(cell) if whole else repr(cell)
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    if guarded := _GUARDED.fullmatch(text):
        text = guarded[1] if guarded[1] is not None else guarded[2]
    return _SPACES.sub(" ", _INVISIBLE.sub("", _ESCAPED.sub(" ", text))).strip()


def folded(cell: Cell) -> str:
    """The text with full-width letters, digits and signs made half-width (NFKC), for comparing and parsing."""
    return one_line(unicodedata.normalize("NFKC", one_line(cell)))
