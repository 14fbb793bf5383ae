"""What a cell may hold, and its text."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date | None
"""A cell as it was stored: numbers stay numbers and days stay days, because their text forms differ."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not blank. ``number`` is the one Excel shows, from 1; trailing blanks are cut."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible sheet; a CSV file is one sheet without a name."""

    name: str
    rows: list[Row]


_INVISIBLE = re.compile("[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")
_SPACES = re.compile(r"[\s\u00a0\u3000]+")


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
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def folded(cell: Cell) -> str:
    """The text with full-width letters, digits and signs made half-width (NFKC), for comparing and parsing."""
    return one_line(unicodedata.normalize("NFKC", one_line(cell)))
