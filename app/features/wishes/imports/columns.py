"""The columns of a list of wishes and the names communities give them; words for categories, and yes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.core.tables import folded
from app.features.wishes.rules import Category


class Column(StrEnum):
    """What a list says of a wish, in the order of the template."""

    TITLE = "title"
    NEED = "need"
    CATEGORY = "category"
    YUAN = "yuan"
    WANTED_BY = "wanted_by"
    NAME = "name"
    PHONE = "phone"
    ADDRESS = "address"
    AGREED = "agreed"
    SENSITIVE = "sensitive"
    UNDER_14 = "under_14"
    GUARDIAN = "guardian"


HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.TITLE: ("微心愿", "心愿", "微心愿内容", "心愿内容", "心愿名称", "微心愿名称", "愿望", "Wish", "Title"),
    Column.NEED: ("具体需求", "需求说明", "具体情况", "详细说明", "心愿说明", "需求", "情况说明", "Need", "Details"),
    Column.CATEGORY: ("类别", "心愿类别", "心愿类型", "类型", "分类", "Category", "Kind"),
    Column.YUAN: ("预计金额", "金额", "预算", "预计费用", "所需金额", "估价", "Yuan", "Estimate"),
    Column.WANTED_BY: ("期望完成时间", "希望完成时间", "期望时间", "完成时限", "期限", "截止日期", "Wanted by"),
    Column.NAME: ("姓名", "心愿人", "心愿人姓名", "许愿人", "居民姓名", "联系人", "Name", "Wisher"),
    Column.PHONE: ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式", "Phone"),
    Column.ADDRESS: ("住址", "地址", "家庭住址", "联系地址", "居住地址", "Address"),
    Column.AGREED: ("本人同意", "是否同意", "同意登记", "已征得同意", "Agreed"),
    Column.SENSITIVE: ("敏感信息同意", "敏感信息单独同意", "单独同意", "Sensitive"),
    Column.UNDER_14: ("未满14周岁", "是否未满14周岁", "14岁以下", "Under 14"),
    Column.GUARDIAN: ("监护人同意", "监护人是否同意", "Guardian agrees"),
}
"""The first name is the template's."""
SERIAL: Final = frozenset({"序号", "序", "编号", "no"})
"""Headings of a column that only counts the rows; nobody misses it."""
LIMITS: Final = {Column.NEED: 300, Column.NAME: 40, Column.PHONE: 30, Column.ADDRESS: 120}
"""Characters; the widths of the tables. A long title goes into the need."""
_CATEGORIES: Final[Mapping[str, Category]] = {
    **dict.fromkeys(("助老", "老人", "敬老", "为老", "养老", "elderly"), Category.ELDERLY),
    **dict.fromkeys(("助学", "学生", "教育", "school"), Category.SCHOOL),
    **dict.fromkeys(("助残", "残疾人", "disability"), Category.DISABILITY),
    **dict.fromkeys(("助困", "帮困", "困难", "扶困", "hardship"), Category.HARDSHIP),
    **dict.fromkeys(("家政维修", "维修", "家政", "修理", "repairs"), Category.REPAIRS),
    **dict.fromkeys(("陪伴走访", "陪伴", "走访", "陪护", "company"), Category.COMPANY),
    **dict.fromkeys(("政策咨询", "咨询", "政策", "法律咨询", "advice"), Category.ADVICE),
    **dict.fromkeys(("其他", "其它", "other"), Category.OTHER),
}


def category(text: str) -> Category | None:
    """The category that is meant: something else where none is named, ``None`` for a word nobody knows."""
    word = folded(text).casefold().removesuffix("类")
    return _CATEGORIES.get(word) if word else Category.OTHER
