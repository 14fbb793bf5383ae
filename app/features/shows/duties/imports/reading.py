"""The columns of a duty list, and what a row says of a duty: never raising for a row, each problem named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.tables import Cell, Header, Row, cell_of, folded
from app.core.words import Word
from app.features.imports.rows import ReadRow, RowReader
from app.features.imports.values import due_day, is_cut_number, mobile_number, said
from app.features.ledger.periods import open_from
from app.features.shows.duties.rules import BASIS_LENGTH, MATTER_LENGTH, YEARS_AHEAD, DutyKind, Repeat

MOST_ROWS: Final = 2000
_BELOW_THE_TABLE: Final = re.compile(r"合计|总计|说明|注\s?[:\d]|填表|制表|填报|审核|单位")
_BETWEEN_NAMES: Final = re.compile(r"[、,;/\n和及]+")
_KINDS: Final[Mapping[str, DutyKind]] = {
    **dict.fromkeys(("业务", "业务工作", "业务职责", "工作", "行政", "中心工作", "work"), DutyKind.WORK),
    **dict.fromkeys(("党务", "党务工作", "党建", "党建工作", "党务职责", "支部工作", "party"), DutyKind.PARTY),
}
_REPEATS: Final[Mapping[str, Repeat]] = {
    **dict.fromkeys(("", "一次", "一次性", "单次", "不重复", "once", "none"), Repeat.NONE),
    **dict.fromkeys(("每月", "月", "月度", "按月", "每月一次", "monthly"), Repeat.MONTHLY),
    **dict.fromkeys(
        ("每季度", "每季", "季", "季度", "按季", "每季度一次", "quarterly", "every quarter"), Repeat.QUARTERLY
    ),
    **dict.fromkeys(("每年", "年", "年度", "按年", "每年一次", "yearly"), Repeat.YEARLY),
}


class Column(StrEnum):
    """What a list says of a duty, in the order of the file that goes out."""

    SERIAL = "serial"
    HOLDER = "holder"
    NUMBER = "number"
    PHONE = "phone"
    KIND = "kind"
    MATTER = "matter"
    BASIS = "basis"
    DUE_ON = "due_on"
    HELPERS = "helpers"
    REPEAT = "repeat"


HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.SERIAL: ("序号", "序", "编号", "No", "Serial"),
    Column.HOLDER: (
        "责任人",
        "责任党员",
        "责任人员",
        "负责人",
        "承办人",
        "党员姓名",
        "姓名",
        "责任人姓名",
        "Responsible",
        "Name",
        "Holder",
    ),
    Column.NUMBER: ("党员编号", "人员编号", "工号", "职工编号", "Member number", "Staff number"),
    Column.PHONE: ("手机号码", "手机号", "手机", "联系电话", "电话", "联系方式", "Mobile phone", "Mobile", "Phone"),
    Column.KIND: ("类别", "职责类别", "清单类别", "任务类别", "事项类别", "类型", "业务/党务", "Kind", "Type"),
    Column.MATTER: (
        "工作事项",
        "责任事项",
        "职责事项",
        "事项",
        "工作任务",
        "重点任务",
        "任务",
        "任务名称",
        "工作内容",
        "任务内容",
        "责任清单",
        "任务清单",
        "工作清单",
        "职责清单",
        "具体任务",
        "主要工作",
        "重点工作",
        "Matter",
        "Duty",
        "Task",
    ),
    Column.BASIS: ("工作依据", "依据", "任务来源", "来源", "文件依据", "制度依据", "Basis", "Source"),
    Column.DUE_ON: (
        "完成时限",
        "时限",
        "完成时间",
        "办结时限",
        "完成期限",
        "截止时间",
        "截止日期",
        "时间节点",
        "完成日期",
        "时限要求",
        "Due",
        "Due on",
        "Due date",
        "Deadline",
    ),
    Column.HELPERS: (
        "协助人",
        "协办人",
        "配合人员",
        "协助人员",
        "协同人员",
        "参与人",
        "参与人员",
        "Helpers",
        "Helper",
        "With",
    ),
    Column.REPEAT: ("重复", "周期", "频次", "频率", "完成频次", "工作频次", "Repeat", "Frequency"),
}
"""Names of each column, the most telling first. The first one is what the file that goes out says: a list that hangs
on the wall stays Chinese whatever the language on the screen."""
REASON: Final = "原因"
"""The heading beside the rows that come back because something in them is wrong."""


def heading(column: Column) -> str:
    """The name of ``column`` in a file that goes out."""
    return HEADINGS[column][0]


class ProblemCode(Word):
    """Why a row waits while the others are taken in. Other programs read these codes: they never change."""

    MISSING_MATTER = "missing_matter", _("What is to be done is missing. Write it in.")
    MISSING_HOLDER = "missing_holder", _("Nobody is named. Write in who is responsible.")
    UNKNOWN_PERSON = "unknown_person", _("“%(name)s” is nobody of this branch. Check the name.")
    AMBIGUOUS_PERSON = (
        "ambiguous_person",
        _("%(number)s members are called %(name)s. Add the mobile number or the member number in a column of its own."),
    )
    DIFFERENT_PERSON = (
        "different_person",
        _("The number belongs to %(owner)s, the name says “%(name)s”. Correct one of the two."),
    )
    UNKNOWN_HELPER = (
        "unknown_helper",
        _("The helper “%(name)s” is nobody of this branch. Check the name or leave it out."),
    )
    AMBIGUOUS_HELPER = (
        "ambiguous_helper",
        _("%(number)s members are called %(name)s. Leave the helper out and add them on the duty's page."),
    )
    MISSING_DUE = "missing_due", _("The due day is missing. Write it like 2026-06-30, or 6月底.")
    BAD_DUE = "bad_due", _("“%(typed)s” names no day. Write it like 2026-06-30, 6月底, 二季度 or 年底.")
    DUE_TOO_EARLY = "due_too_early", _("%(typed)s lies before the open year. Correct the year.")
    DUE_TOO_LATE = "due_too_late", _("%(typed)s is many years away. Correct the year.")
    UNKNOWN_KIND = "unknown_kind", _("“%(typed)s” is neither 业务 nor 党务. Write one of the two.")
    UNKNOWN_REPEAT = "unknown_repeat", _("“%(typed)s” is none of 每月, 每季度, 每年. Write one of them, or nothing.")
    CUT_NUMBER = (
        "cut_number",
        _(
            "Excel has cut the number under %(column)s: it keeps 15 digits. Format the column as text and write the "
            "number in again."
        ),
    )
    DUPLICATE_ROW = "duplicate_row", _("The same duty stands in row %(row)s already. Keep one of the two rows.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDuty:
    """What a row says."""

    holders: tuple[str, ...]
    """Names; several mean a duty for each."""
    phone: str
    member_number: str
    kind: DutyKind
    matter: str
    basis: str
    due_on: date | None
    helpers: tuple[str, ...]
    repeat: Repeat


ListRow = ReadRow[ReadDuty]
"""A row of the list."""


def list_row(row: Row, header: Header[Column], today: date) -> ListRow:
    """What one row says. Due days before the open year are too early: nobody can meet them any more."""
    reader = _ListReader(row, header, today)
    return reader.read(reader.entry())


def is_about_a_duty(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and lines below the table."""
    matter = said(cell_of(row, header, Column.MATTER))
    if matter == header.headings[header.columns[Column.MATTER]]:
        return False
    if matter or said(cell_of(row, header, Column.DUE_ON)) or row.flaws:
        return True
    first = next((folded(cell) for cell in row.cells if cell is not None), "")
    return bool(said(cell_of(row, header, Column.HOLDER))) and not _BELOW_THE_TABLE.match(first)


def _names(cell: Cell) -> tuple[str, ...]:
    """``张 三、李四`` → two names, without the spaces that align two characters with three."""
    lines = [cell] if not isinstance(cell, str) else cell.splitlines()
    names = (
        re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", name).strip()
        for line in lines
        for name in _BETWEEN_NAMES.split(said(line))
    )
    return tuple(dict.fromkeys(name for name in names if name))


class _ListReader(RowReader[Column]):
    def entry(self) -> ReadDuty:
        """What the row says, as far as it can be read."""
        matter = self.text(Column.MATTER, MATTER_LENGTH)
        if not matter and not self.problems:
            self.problem(ProblemCode.MISSING_MATTER)
        phone = mobile_number(self.cell(Column.PHONE)) or ""  # an office number says nothing about who is meant
        number = folded(self.text(Column.NUMBER))
        if number and is_cut_number(self.cell(Column.NUMBER)):
            self.problem(ProblemCode.CUT_NUMBER, column=self.heading(Column.NUMBER))
        holders = _names(self.cell(Column.HOLDER))
        if not (holders or phone or number):
            self.problem(ProblemCode.MISSING_HOLDER)
        return ReadDuty(
            holders=holders,
            phone=phone,
            member_number=number,
            kind=self._kind(),
            matter=matter,
            basis=self.text(Column.BASIS, BASIS_LENGTH),
            due_on=self._due(),
            helpers=_names(self.cell(Column.HELPERS)),
            repeat=self._repeat(),
        )

    def _kind(self) -> DutyKind:
        word = folded(self.text(Column.KIND)).casefold()
        kind = _KINDS.get(word.replace(" ", ""))
        if word and kind is None:
            self.problem(ProblemCode.UNKNOWN_KIND, typed=word)
        return kind or DutyKind.WORK

    def _repeat(self) -> Repeat:
        word = folded(self.text(Column.REPEAT)).casefold()
        repeat = _REPEATS.get(word)
        if repeat is None:
            self.problem(ProblemCode.UNKNOWN_REPEAT, typed=word)
        return repeat or Repeat.NONE

    def _due(self) -> date | None:
        typed = self.text(Column.DUE_ON)
        cell = self.cell(Column.DUE_ON)
        due_on = due_day(cell, year=self.today.year, from_1904=self.header.from_1904) if typed else None
        if not typed:
            self.problem(ProblemCode.MISSING_DUE)
        elif due_on is None:
            self.problem(ProblemCode.BAD_DUE, typed=typed)
        elif due_on < open_from(self.today):
            self.problem(ProblemCode.DUE_TOO_EARLY, typed=typed)
        elif due_on.year > self.today.year + YEARS_AHEAD:
            self.problem(ProblemCode.DUE_TOO_LATE, typed=typed)
        return due_on
