"""Small files that are large inside: refused in a bounded time and memory, each with a sentence."""

import resource
import time

import pytest

from app.core.tables import UnreadableTableError, read_book
from app.core.workbooks.limits import MEMORY_BYTES
from tests.core.tables.makers import ods, xlsx

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>%s</worksheet>'
CELL = b'<table:table-cell office:value-type="string"%s><text:p>a</text:p></table:table-cell>'
CORNERS = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
HOSTILE = {
    "two million cells in a row": lambda: xlsx(
        SHEET % (b'<row r="1">' + b"<c><v>1</v></c>" * 2_000_000 + b"</row>", b"")
    ),
    "2.4 million shared texts": lambda: xlsx(
        SHEET % (b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>', b""),
        strings=b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + b"<si><t>a</t></si>" * 2_400_000
        + b"</sst>",
    ),
    "two million layers": lambda: xlsx(SHEET % (b"<a>" * 2_000_000 + b"</a>" * 2_000_000, b"")),
    "layers without an end": lambda: xlsx(b"<a>" * 4_000_000),
    "joined cells without an end": lambda: xlsx(
        SHEET % (b"", b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 900_000 + b"</mergeCells>")
    ),
    "two corners of the largest sheet": lambda: xlsx(SHEET % (CORNERS, b"")),
    "a row again and again": lambda: ods(
        b'<table:table-row table:number-rows-repeated="1000000000">' + CELL % b"" + b"</table:table-row>"
    ),
    "a row and its cells again and again": lambda: ods(
        b'<table:table-row table:number-rows-repeated="1048576">'
        + CELL % b' table:number-columns-repeated="16384"'
        + b"</table:table-row>"
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_soon_and_takes_no_memory_here(name):
    content = HOSTILE[name]()
    assert len(content) < 200_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    with pytest.raises(UnreadableTableError) as refused:
        read_book(content)
    assert refused.value.code in {"too_much", "too_many_rows", "broken_file"}
    assert refused.value.sentence
    assert time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - begun < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000, "kilobytes"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MEMORY_BYTES
