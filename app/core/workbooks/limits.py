"""How much a workbook may be."""

from dataclasses import dataclass, field
from typing import Any, Final

MEMORY_BYTES: Final = 768 * 1024 * 1024
CPU_S: Final = 20
MAX_CELLS: Final = 1_000_000
"""Cells of a whole workbook: 20,000 rows of fifty columns."""
MAX_STRINGS: Final = 500_000
MAX_DEPTH: Final = 200
"""Elements within elements; a workbook has a dozen."""
MAX_PARTS: Final = 2_000
MAX_ROWS: Final = 20_000
"""Rows with content in one sheet; the largest organ has 5,000 branches' officers, a file holds one organ's part."""
MAX_COLUMNS: Final = 100
ROWS_OF_HEADINGS: Final = 60
"""Cells joined over several columns matter in headings only."""

Flaws = dict[int, list[list[Any]]]
"""What stands in the way of a row, by its number: pairs of a kind and, from 0, the column it is about (or None)."""


@dataclass(slots=True)
class Marks:
    """What a sheet says beside its cells."""

    flaws: Flaws
    hidden_columns: list[int] = field(default_factory=list)
    down: list[list[int]] = field(default_factory=list)
    """Cells joined over several rows: column from 0, first and last row from 1."""
    across: list[list[int]] = field(default_factory=list)
    """Cells of headings joined over several columns: row from 1, first and last column from 0."""


class RefusedError(Exception):
    """The code of a refusal (``tables.errors``)."""
