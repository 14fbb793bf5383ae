"""Files that go out: the roster itself, an empty one to fill in, and the rows that need a correction."""

from collections.abc import Iterable, Sequence
from typing import Final

from app.core.tables import Cell, write_xlsx
from app.features.roster.rules import Entry
from app.features.roster.sheet.columns import HEADINGS, REASON, Column, heading
from app.features.roster.sheet.words import words

SHEET_NAME: Final = "党员花名册"
HOW_TO: Final = (
    "说明：",
    "说明1：姓名、所在党支部、手机号码必填；没有手机的同志请填党员编号。",
    "说明2：日期写成 2014-07-05，不知道哪一天的写成 2014-07。",
    "说明3：党内职务填支部书记、副书记、组织委员、宣传委员、纪检委员或党小组组长；免去职务的填“党员”。",
    "说明4：是否预备党员填“是”或“否”。备注写明长期病休、退休、借调等的，导入后免计分。",
    "说明5：空着的格子不会改动系统里已有的内容。这几行说明可以留着，导入时自动跳过。",
)
"""Below the headings of an empty roster; an import passes over lines that begin with 说明."""

_HEADINGS: Final = tuple(heading(column) for column in HEADINGS)
_SAID: Final = tuple(column for column in HEADINGS if column is not Column.SERIAL)


def roster_file(entries: Iterable[Entry]) -> bytes:
    """Everybody in ``entries``, in their order. Importing the file again changes nothing."""
    rows: Iterable[tuple[Cell, ...]] = (
        (number, *(words(entry, column) for column in _SAID)) for number, entry in enumerate(entries, 1)
    )
    return write_xlsx(SHEET_NAME, _HEADINGS, rows)


def empty_file() -> bytes:
    """The headings, and below them how to fill in the rows."""
    return write_xlsx(SHEET_NAME, _HEADINGS, ((line,) for line in HOW_TO))


def returned_file(headings: Sequence[str], rows: Iterable[tuple[Sequence[Cell], str]]) -> bytes:
    """Rows as they came under the file's own headings, each with what is wrong with it in a last column.

    Correct them there and import the file again: the last column is not read.
    """
    headings = headings[:-1] if headings[-1] == REASON else headings  # the file has come back once already
    width = len(headings)
    padded = ((*cells[:width], *("",) * (width - len(cells)), reason) for cells, reason in rows)
    return write_xlsx(SHEET_NAME, (*headings, REASON), padded)
