"""The columns of a duty list and the names branches give them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


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
