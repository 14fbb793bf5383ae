"""Files that go out: an empty list to fill in, and the rows that need a correction."""

from collections.abc import Iterable, Sequence
from typing import Final

from app.core.tables import Cell, write_xlsx
from app.features.wishes.imports.columns import HEADINGS

SHEET_NAME: Final = "微心愿清单"
REASON: Final = "退回原因"
HOW_TO: Final = (
    "说明：",
    "说明1：每行一个心愿，“微心愿”必填，一句话写清要什么；姓名、电话写在自己的列里，不要写进心愿。",
    "说明2：类别填助老、助学、助残、助困、家政维修、陪伴走访、政策咨询或其他。",
    "说明3：填了姓名、电话或住址的，要先征得本人同意，在“本人同意”填“是”。",
    "说明4：说到疾病、残疾、困难、宗教的，要单独征得同意，在“敏感信息同意”填“是”。",
    "说明5：未满14周岁的，由监护人同意，在“监护人同意”填“是”。",
    "说明6：同一份表导入两次，心愿也只有一份。这几行说明可以留着，导入时自动跳过。",
)
"""Below the headings of an empty list; an import passes over lines that begin with 说明."""
_HEADINGS: Final = tuple(names[0] for names in HEADINGS.values())


def empty_file() -> bytes:
    """The headings, and below them how to fill in the rows."""
    return write_xlsx(SHEET_NAME, _HEADINGS, ((line,) for line in HOW_TO))


def returned_file(headings: Sequence[str], rows: Iterable[tuple[Sequence[Cell], str]]) -> bytes:
    """Rows as they came under the file's own headings, each with what is wrong with it in a last column."""
    headings = headings[:-1] if headings[-1] == REASON else headings  # the file has come back once already
    width = len(headings)
    padded = ((*cells[:width], *("",) * (width - len(cells)), reason) for cells, reason in rows)
    return write_xlsx(SHEET_NAME, (*headings, REASON), padded)
