"""Which column of a list of another system means what: found, guessed, said by hand, remembered. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext as _
from app.core.tables import (
    Book,
    Cell,
    FoundTable,
    Header,
    Row,
    Sheet,
    find_header,
    find_table,
    folded,
    heading_key,
    one_line,
)
from app.core.words import Word
from app.features.study.lists.rules import ROWS_ABOVE, Unit, is_left_out


class Column(Word):
    """What a column says; amounts say in which unit, where a cell does not say it itself."""

    PHONE = "phone", _("Mobile number")
    NUMBER = "number", _("Staff number")
    NAME = "name", _("Name")
    DAY = "day", _("Day or month")
    TITLE = "title", _("What was studied")
    HOURS = "hours", _("Amount in education hours")
    CLOCK = "clock", _("Amount in hours")
    MINUTES = "minutes", _("Amount in minutes")
    DAYS = "days", _("Amount in days")


UNITS: Final[Mapping[Column, Unit]] = {
    Column.HOURS: Unit.HOURS, Column.CLOCK: Unit.CLOCK, Column.MINUTES: Unit.MINUTES, Column.DAYS: Unit.DAYS
}  # fmt: skip
PEOPLE: Final = frozenset({Column.PHONE, Column.NUMBER, Column.NAME})
HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NAME: ("姓名", "学员姓名", "党员姓名", "用户姓名", "人员姓名", "学员", "Name"),
    Column.PHONE: ("手机号", "手机", "手机号码", "联系电话", "电话", "注册手机", "Mobile"),
    Column.NUMBER: ("工号", "职工编号", "人员编号", "学号", "用户编号", "编号", "Number"),
    Column.DAY: ("日期", "学习日期", "完成日期", "完成时间", "月份", "统计月份", "结业时间", "Day"),
    Column.TITLE: ("内容", "课程", "课程名称", "课程名", "学习内容", "项目", "培训班", "班次名称", "标题", "What"),
    Column.HOURS: ("学时", "学时数", "获得学时", "完成学时", "累计学时", "年度学时", "总学时", "Education hours"),
    Column.CLOCK: ("小时", "小时时长", "小时学习时长", "小时数"),
    Column.MINUTES: ("分钟", "分钟时长", "分钟学习时长", "分钟数", "时长", "学习时长", "Minutes"),
    Column.DAYS: ("天", "天数", "培训天数", "学习天数"),
}
"""What is offered first; the officer says what holds."""
SOURCES: Final = ("学习强国", "干部网络学院")
"""Names that are offered."""
_OUR_OWN: Final = frozenset({"", "原因"})
"""No heading, or that of the reasons in a file that came back."""
_GROWS: Final = ("累计", "年度", "总")


class BadMappingError(BadInputError):
    """Columns with which no row can be read."""

    code = "bad_mapping"
    field = "columns"


class NobodyNamedError(BadMappingError):
    """No column says whose hours they are."""

    message = _("Say which column names the person: by mobile number, staff number or name.")


class NoAmountError(BadMappingError):
    """None or several columns say how much."""

    message = _("Say of exactly one column that it is the amount, and in which unit.")


class SaidTwiceError(BadMappingError):
    """Two columns that are to mean one thing."""

    message = _("Two columns are to be “%(column)s”. Leave one of them unread.")


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a file, told apart also where two are alike."""

    texts: tuple[str, ...]

    @property
    def keys(self) -> list[str]:
        """A name for each column by which it is found again; nothing for those without a heading."""
        seen: dict[str, int] = {}
        keys = []
        for text in self.texts:
            key = "".join(folded(text).split()).casefold()
            seen[key] = seen.get(key, 0) + 1
            keys.append(key if not key or seen[key] == 1 else f"{key}#{seen[key]}")
        return keys

    @property
    def offered(self) -> list[int]:
        """The places of the columns that can be read."""
        return [place for place, text in enumerate(self.texts) if text not in _OUR_OWN and not is_left_out(text)]

    @property
    def left_out(self) -> list[str]:
        """The headings whose columns are never read."""
        return [text for text in self.texts if is_left_out(text)]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the headings that can be read, in whatever order they stand."""
        keys = self.keys
        return hashlib.sha256("\n".join(sorted(keys[place] for place in self.offered)).encode()).hexdigest()

    def places(self, mapping: Mapping[str, str]) -> dict[Column, int]:
        """Where the columns stand that a mapping by headings names."""
        keys = self.keys
        return {Column(mapping[keys[place]]): place for place in self.offered if keys[place] in mapping}

    def mapping(self, said: Sequence[Column | None]) -> dict[str, str]:
        """What was said of each offered column, by headings.

        Raises:
            BadMappingError: no row can be read with it.
        """
        chosen = [column for column in said if column]
        if twice := next((column for column in chosen if chosen.count(column) > 1), None):
            raise SaidTwiceError(column=twice.label)
        if sum(column in UNITS for column in chosen) != 1:
            raise NoAmountError
        if PEOPLE.isdisjoint(chosen):
            raise NobodyNamedError
        keys = self.keys
        return {keys[place]: column.value for place, column in zip(self.offered, said, strict=True) if column}

    def guess(self) -> dict[Column, int]:
        """What the columns seem to mean: for the officer to look at."""
        shown = [text if place in self.offered else None for place, text in enumerate(self.texts)]
        found = find_header([Row(1, tuple(shown))], HEADINGS, required=())
        places = dict(found.columns) if found else {}
        amounts = [column for column in places if column in UNITS]
        return {column: place for column, place in places.items() if column not in amounts[1:]}

    @property
    def grows(self) -> bool:
        """Whether the amounts seem to be totals of a year."""
        guess = self.guess()
        return any(self.texts[place].startswith(_GROWS) for column, place in guess.items() if column in UNITS)


def table_in(book: Book) -> FoundTable[Column] | None:
    """The table of a file under its own headings, whatever they are, without what may never be read.

    Columns mean nothing yet. ``None``: no row within the first ten can be one of headings.
    """
    best: FoundTable[str] | None = None
    for sheets in book.readings:
        lines = [line for sheet in sheets if (line := _heading_line(sheet))]
        if not lines:
            continue
        names = {key: (text,) for text in lines[0] if (key := heading_key(text))}
        reading = Book((sheets,), book.hidden, book.from_1904, book.is_blind)
        found = find_table(reading, names, required=next(iter(names)), about=lambda row, _header: bool(row.cells))
        if found and (best is None or len(found.header.columns) > len(best.header.columns)):
            best = found
    if best is None:
        return None
    texts = _with_what_stands_above(best.header, [sheet for sheets in book.readings for sheet in sheets])
    kept = [bool(text) and not is_left_out(text) for text in texts]
    rows = tuple(replace(row, cells=tuple(map(_if, row.cells, kept))) for row in best.rows)
    columns: dict[Column, int] = {}
    header = Header(best.header.row, columns, tuple(texts), best.header.from_1904)
    return FoundTable(header, rows, report=best.report)


def _heading_line(sheet: Sheet) -> list[str]:
    """The line that holds most words, the first of its like; two at least. Known headings weigh as much again."""
    best: tuple[int, list[str]] = (0, [])
    for row in sheet.rows:
        if row.number > ROWS_ABOVE:
            break
        words = [one_line(cell) for cell in row.cells if _is_word(cell)]
        known = find_header([row], HEADINGS, required=())
        weight = len(words) + (len(known.columns) if known else 0)
        if len(set(words)) > 1 and weight > best[0]:
            best = (weight, words)
    return best[1]


def _is_word(cell: Cell) -> bool:
    text = folded(cell)
    return isinstance(cell, str) and bool(heading_key(text)) and len(text) <= 30 and not text[:1].isdigit()


def _with_what_stands_above(header: Header[str], sheets: Iterable[Sheet]) -> list[str]:
    """The headings; one below joined cells that may not be read says so: 积分 over 本月 is 积分 本月."""
    texts = list(header.headings)
    for sheet in sheets:
        cells = {row.number: row.cells for row in sheet.rows if row.number < header.row}
        for span in sheet.across:
            over = (
                one_line(cells[span.row][span.first]) if span.row in cells and span.first < len(cells[span.row]) else ""
            )
            is_title = span.last - span.first + 1 >= len(texts)
            if not is_title and is_left_out(over):
                for place in range(span.first, min(span.last + 1, len(texts))):
                    texts[place] = f"{over} {texts[place]}".strip()
    return texts


def _if(cell: Cell, is_kept: bool) -> Cell:
    return cell if is_kept else None
