"""Rows of a list of days off: their columns, what people write in them, and what is said of bad ones."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.tables import Header, Row, cell_of, folded
from app.core.workdays import DayKind
from app.features.holidays.rules import DayRow, ProblemCode, ReadHoliday, note_of, problem_of
from app.features.imports.rows import RowReader
from app.features.imports.values import cell_date, said

_EXPLAINS: Final = re.compile(r"说明|注[:：]|备注")
_WEEKDAY: Final = re.compile(r"\s*[(（]?(?:星期|周)[一二三四五六日天][)）]?$")
_WHOLE_DAY: Final = len("2027-01-01")


class Column(StrEnum):
    """What a list says of a day."""

    DAY = "day"
    KIND = "kind"


HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.DAY: ("日期", "日子", "放假日期", "Date", "Day"),
    Column.KIND: (
        "安排",
        "放假安排",
        "放假或上班",
        "放假/上班",
        "类型",
        "类别",
        "性质",
        "Kind",
        "Type",
        "Off or working",
    ),
}
ALSO: Final = frozenset({"节日", "节假日", "名称", "星期", "备注", "原因", "Holiday", "Weekday", "Name"})
"""Columns of such lists that nobody misses."""
_KINDS: Final[Mapping[str, DayKind]] = MappingProxyType(
    dict.fromkeys(("放假", "休息", "休", "假", "放", "节假日", "法定节假日", "off", "holiday"), DayKind.OFF)
    | dict.fromkeys(
        ("上班", "补班", "调休上班", "班", "工作日", "上", "working", "work", "working day"), DayKind.WORKING
    )
)


def is_about_a_day(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and explanations."""
    typed = said(cell_of(row, header, Column.DAY))
    if typed == header.headings[header.columns[Column.DAY]] or _EXPLAINS.match(typed):
        return False
    return bool(typed or said(cell_of(row, header, Column.KIND)) or row.flaws)


def day_row(row: Row, header: Header[Column], today: date) -> DayRow:
    """What a row says, read on ``today``."""
    reader = RowReader(row, header, today)
    day, kind = _day(reader), _kind(reader)
    if day is not None and (problem := problem_of(day, kind, today=today)):
        reader.problems.append(problem)
    note = None if day is None else note_of(day, kind)
    return reader.read(ReadHoliday(day, kind, reader.text(Column.DAY)), [note] if note else [])


def _day(reader: RowReader[Column]) -> date | None:
    typed = reader.text(Column.DAY)
    cell = reader.cell(Column.DAY)
    if not typed:
        reader.problem(ProblemCode.MISSING_DAY)
        return None
    cell = _WEEKDAY.sub("", folded(cell)) if isinstance(cell, str) else cell
    known = cell_date(cell, from_1904=reader.header.from_1904)
    if known is None or len(known) != _WHOLE_DAY:
        reader.problem(ProblemCode.BAD_DAY, typed=typed)
        return None
    return date.fromisoformat(known)


def _kind(reader: RowReader[Column]) -> DayKind | None:
    typed = reader.text(Column.KIND)
    kind = _KINDS.get(folded(typed).casefold())
    if not typed:
        reader.problem(ProblemCode.MISSING_KIND)
    elif kind is None:
        reader.problem(ProblemCode.UNKNOWN_KIND, typed=typed)
    return kind
