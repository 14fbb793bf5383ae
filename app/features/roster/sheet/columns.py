"""The columns of a roster and the names organs give them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Column(StrEnum):
    """What a roster says of a member, in the order of the file that goes out."""

    SERIAL = "serial"
    MEMBER_NUMBER = "member_number"
    NAME = "name"
    SEX = "sex"
    BORN = "born"
    BRANCH = "branch"
    GROUP = "group"
    ROLES = "roles"
    POST = "post"
    JOINED = "joined"
    CONFIRMED = "confirmed"
    STATUS = "status"
    PHONE = "phone"
    NOTE = "note"


HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.SERIAL: ("序号", "序", "编号", "No", "Serial"),
    Column.MEMBER_NUMBER: (
        "党员编号",
        "人员编号",
        "工号",
        "职工编号",
        "员工编号",
        "人员代码",
        "Member number",
        "Member no",
        "Staff number",
    ),
    Column.NAME: ("姓名", "党员姓名", "名字", "Name", "Full name", "Member name"),
    Column.SEX: ("性别", "Sex", "Gender"),
    Column.BORN: (
        "出生年月",
        "出生日期",
        "出生年月日",
        "出生时间",
        "生日",
        "Date of birth",
        "Birth date",
        "Birthday",
        "Born",
    ),
    Column.BRANCH: (
        "所在党支部",
        "党支部",
        "所在支部",
        "所属党支部",
        "所属支部",
        "支部",
        "支部名称",
        "党支部名称",
        "所在党支部名称",
        "所属党支部名称",
        "组织关系所在党支部",
        "所在党组织",
        "所属党组织",
        "党组织名称",
        "隶属党支部",
        "隶属党组织",
        "隶属组织",
        "组织关系所在单位",
        "组织关系",
        "组织",
        "Party branch",
        "Branch",
        "Branch name",
    ),
    Column.GROUP: ("党小组", "所在党小组", "所属党小组", "党小组名称", "小组", "Party group", "Group"),
    Column.ROLES: ("党内职务", "党内任职", "支部职务", "党务职务", "党内岗位", "Party post", "Party position", "Role"),
    Column.POST: (
        "行政职务",
        "职务职级",
        "行政职务职级",
        "现任职务",
        "单位职务",
        "工作职务",
        "职务",
        "工作岗位",
        "岗位",
        "职级",
        "Working post",
        "Post",
        "Position",
        "Job title",
    ),
    Column.JOINED: (
        "入党时间",
        "入党日期",
        "入党年月",
        "加入党组织时间",
        "加入党组织日期",
        "何时入党",
        "入党年月日",
        "Joined the Party",
        "Date joined",
        "Joined on",
        "Joined",
    ),
    Column.CONFIRMED: (
        "转正时间",
        "转正日期",
        "转正年月",
        "转为正式党员日期",
        "转为正式党员时间",
        "预备党员转正日期",
        "预备党员转正时间",
        "Full member since",
        "Confirmed",
    ),
    Column.STATUS: (
        "是否预备党员",
        "是否预备",
        "预备党员",
        "党员类型",
        "党员类别",
        "正式/预备",
        "政治面貌",
        "Probationary",
        "Member type",
        "Status",
    ),
    Column.PHONE: (
        "手机号码",
        "手机号",
        "手机",
        "移动电话",
        "联系手机",
        "联系电话",
        "本人联系电话",
        "电话号码",
        "电话",
        "联系方式",
        "Mobile phone",
        "Mobile",
        "Phone number",
        "Phone",
        "Telephone",
    ),
    Column.NOTE: ("备注", "备注说明", "说明", "Remarks", "Remark", "Notes", "Note"),
}
"""Names of each column, the most telling first. The first one is what the file that goes out says: a roster is
a document of the organ and stays Chinese whatever the language on the screen. Numbers of identity cards are
not among them on purpose: what is not needed is not read."""


REASON: Final = "原因"
"""The heading beside the rows that come back because something in them is wrong."""


def heading(column: Column) -> str:
    """The name of ``column`` in a file that goes out."""
    return HEADINGS[column][0]
