"""The columns of a list of wishes, and what a row says of one: never raising for a row, each problem named."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from app.core.tables import Header, Row, cell_of, folded, one_line
from app.features.imports.rows import RowReader
from app.features.imports.values import due_day, first_mobile_number, is_yes
from app.features.private.rules import ConsentKind
from app.features.wishes.imports.rules import ImportRow, ProblemCode, ReadWish
from app.features.wishes.intake.rules import PersonalDataError, check_says_nobody
from app.features.wishes.residents.rules import dialled, is_delicate, title_from, without_owner
from app.features.wishes.rules import MOST_YUAN, TITLE_LENGTH, Category


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


_EXAMPLE: Final = "说明"
_TEXT: Final = frozenset({Column.TITLE, Column.NEED, Column.NAME, Column.PHONE, Column.ADDRESS})
"""A row in which none of these is filled is a blank line of the form."""
_CONSENTS: Final = {
    ConsentKind.ORDINARY: Column.AGREED,
    ConsentKind.SENSITIVE: Column.SENSITIVE,
    ConsentKind.GUARDIAN: Column.GUARDIAN,
}


def wish_row(row: Row, header: Header[Column], today: date) -> ImportRow:
    """What one row says."""
    reader = _WishReader(row, header, today)
    entry = reader.entry()
    reader.check(entry)
    return reader.read(entry)


def is_about_a_wish(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and explanations."""
    title = one_line(cell_of(row, header, Column.TITLE))
    if title == header.headings[header.columns[Column.TITLE]]:
        return False  # headings repeated on each printed page
    first = next((folded(cell) for cell in row.cells if cell is not None), "")
    if first.startswith(_EXAMPLE):
        return False
    said = any(cell_of(row, header, column) is not None for column in header.columns if column in _TEXT)
    return said or any(flaw.column == header.columns[Column.TITLE] for flaw in row.flaws)


class _WishReader(RowReader[Column]):
    def entry(self) -> ReadWish:
        """What the row says, as far as it can be read."""
        name = self._text(Column.NAME)
        title, need = self._wish(name)
        return ReadWish(
            title=title,
            need=need,
            category=self._category(),
            yuan=self._yuan(),
            wanted_by=self._wanted_by(),
            name=name,
            phone=self._phone(),
            address=self._text(Column.ADDRESS),
            agreed=tuple(kind for kind, column in _CONSENTS.items() if self._is_yes(column)),
        )

    def check(self, entry: ReadWish) -> None:
        """What the row as a whole must not be."""
        if entry.contact.filled and ConsentKind.ORDINARY not in entry.agreed:
            self.problem(ProblemCode.NOT_AGREED)
        if is_delicate(entry.category, entry.title, entry.need) and ConsentKind.SENSITIVE not in entry.agreed:
            self.problem(ProblemCode.NOT_AGREED_SENSITIVE)
        if self._is_yes(Column.UNDER_14) and ConsentKind.GUARDIAN not in entry.agreed:
            self.problem(ProblemCode.NO_GUARDIAN)
        try:
            check_says_nobody(entry.title, entry.need, contact=entry.contact)
        except PersonalDataError:
            self.problem(ProblemCode.NAMES_SOMEBODY)

    def _text(self, column: Column) -> str:
        return self.text(column, LIMITS[column])[: LIMITS[column]]

    def _wish(self, name: str) -> tuple[str, str]:
        """Title and need, each without its owner; a long title is a need with the title still to come."""
        said = without_owner(self.text(Column.TITLE), name=name)
        need = without_owner(self._text(Column.NEED), name=name)
        if not said:
            self.problem(ProblemCode.NO_WISH)
        if len(said) <= TITLE_LENGTH:
            return said, need
        whole = self.within(Column.TITLE, f"{said} {need}".strip(), LIMITS[Column.NEED])
        return title_from(said), whole[: LIMITS[Column.NEED]]

    def _category(self) -> Category:
        found = category(self.text(Column.CATEGORY))
        if found is None:
            self.problem(ProblemCode.UNKNOWN_CATEGORY, column=self.heading(Column.CATEGORY))
        return found or Category.OTHER

    def _phone(self) -> str:
        typed = self._text(Column.PHONE).removesuffix(".0")
        number = dialled(typed) or first_mobile_number(typed)
        if typed and number is None:
            self.problem(ProblemCode.BAD_PHONE)
        return number or ""

    def _yuan(self) -> int | None:
        typed = folded(self.cell(Column.YUAN)).removesuffix("元").removesuffix(".00").removesuffix(".0").strip()
        if not typed:
            return None
        if not typed.isdecimal() or int(typed) > MOST_YUAN:
            self.problem(ProblemCode.BAD_YUAN)
            return None
        return int(typed)

    def _wanted_by(self) -> date | None:
        cell = self.cell(Column.WANTED_BY)
        if not self.text(Column.WANTED_BY):
            return None
        day = due_day(cell, year=self.today.year, from_1904=self.header.from_1904)
        if day is None:
            self.problem(ProblemCode.BAD_DAY)
        elif day < self.today:
            self.problem(ProblemCode.DAY_PASSED)
        return day

    def _is_yes(self, column: Column) -> bool:
        answer = is_yes(one_line(self.cell(column)))
        if answer is None and ProblemCode.NEITHER_YES_NOR_NO not in [problem.code for problem in self.problems]:
            self.problem(ProblemCode.NEITHER_YES_NOR_NO, column=self.heading(column))
        return bool(answer)
