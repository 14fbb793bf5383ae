"""How large a list may be that somebody brings, in numbers."""

from datetime import date, timedelta

import pytest

from app.core.tables import reading, writing
from app.core.workbooks import limits
from app.features.imports import pages, service, values
from app.features.roster.sheet import rows
from app.features.shows.duties.imports import reading as duties


@pytest.mark.parametrize(
    ("limit", "number"),
    [
        (reading.MAX_FILE_BYTES, 10_485_760),
        (reading.MAX_UNPACKED_BYTES, 52_428_800),
        (reading.PATIENCE_S, 60),
        (limits.MEMORY_BYTES, 805_306_368),
        (limits.CPU_S, 20),
        (limits.MAX_CELLS, 1_000_000),
        (limits.MAX_STRINGS, 500_000),
        (limits.MAX_DEPTH, 200),
        (limits.MAX_PARTS, 2_000),
        (limits.MAX_ROWS, 20_000),
        (limits.MAX_COLUMNS, 100),
        (writing.MAX_CELL_CHARACTERS, 32_767),
        (pages.ROWS_ON_A_PAGE, 100),
        (service.KEPT_FOR, timedelta(days=1)),
        (duties.MOST_ROWS, 2_000),
        (rows.ADULT_YEARS, 18),
        (values.EXCEL_EPOCH, date(1899, 12, 30)),
    ],
)
def test_limits(limit, number):
    assert limit == number
