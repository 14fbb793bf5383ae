"""Files that go out: the list itself, an empty one to fill in, and the rows that need a correction."""

from collections.abc import Iterable, Sequence
from typing import Final

from app.core.tables import Cell, write_xlsx
from app.features.shows.duties.imports.reading import HEADINGS, heading
from app.features.shows.duties.rules import DutyKind, DutyState, Repeat
from app.features.shows.duties.view import ShownDuty

SHEET_NAME: Final = "党员责任清单"
HOW_TO: Final = (
    "说明：",
    "说明1：责任人、工作事项、完成时限必填。责任人写几个人，就给每个人各立一条。",
    "说明2：完成时限写成 2026-06-30，也可以写 6月底、二季度、年底。",
    "说明3：类别填“业务”或“党务”，空着按业务；重复填“每月”“每季度”“每年”，空着只办一次。",
    "说明4：本支部有同名的党员，请填党员编号或手机号码。",
    "说明5：清单上已有的同一事项不会重复。这几行说明可以留着，导入时自动跳过。",
)
"""Below the headings of an empty list; an import passes over lines that begin with 说明."""
_HEADINGS: Final = tuple(heading(column) for column in HEADINGS)
ALSO: Final = ("进展", "完成情况")
"""Columns of the list that goes out; an import does not read them, because an officer decides."""
_KINDS: Final = {DutyKind.WORK: "业务", DutyKind.PARTY: "党务"}
_REPEATS: Final = {Repeat.NONE: "", Repeat.MONTHLY: "每月", Repeat.QUARTERLY: "每季度", Repeat.YEARLY: "每年"}
_STATES: Final = {
    DutyState.OPEN: "未开始",
    DutyState.STARTED: "进行中",
    DutyState.IN_DIFFICULTY: "有困难",
    DutyState.REPORTED: "待审批",
    DutyState.KEPT: "已完成",
    DutyState.MISSED: "未完成",
    DutyState.EXCUSED: "客观原因未完成",
    DutyState.CANCELLED: "已取消",
}
"""The list is a document of the branch and stays Chinese whatever the language on the screen."""


def list_file(people: Iterable[tuple[str, Sequence[ShownDuty]]]) -> bytes:
    """Names with their duties, in their order. Importing the file again adds nothing."""
    duties = [duty for _name, theirs in people for duty in theirs]
    rows: Iterable[tuple[Cell, ...]] = (
        (
            serial,
            duty.responsible,
            duty.member_number,
            None,
            _KINDS[duty.kind],
            duty.matter,
            duty.basis,
            duty.due_on,
            "、".join(duty.helpers),
            _REPEATS[duty.repeat],
            _STATES[duty.state],
            duty.sentence or (duty.note if duty.is_open else None),
        )
        for serial, duty in enumerate(duties, 1)
    )
    return write_xlsx(SHEET_NAME, (*_HEADINGS, *ALSO), rows)
