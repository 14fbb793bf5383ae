"""How much a workbook may be."""

from typing import Final

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


class RefusedError(Exception):
    """The code of a refusal (``tables.errors``)."""
