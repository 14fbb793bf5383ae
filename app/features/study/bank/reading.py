"""A list of questions: its columns, what a row says, and what taking it in would do. Pure. Source: domain, study §3."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.core.tables import Header, Row, cell_of, folded
from app.features.imports.rows import Problem, ReadRow, RowReader, RowVerdict
from app.features.imports.values import said
from app.features.study.bank.rules import (
    EXPLANATION_LENGTH,
    LETTERS,
    OPTION_LENGTH,
    SOURCE_LENGTH,
    STEM_LENGTH,
    TAG_LENGTH,
    Flaw,
    NewQuestion,
    stem_key,
)
from app.features.study.quiz.rules import QuestionType

_EXPLAINS: Final = ("说明", "注：", "注:")


class Column(StrEnum):
    """What a list says of a question, in the order of the template."""

    KIND = "kind"
    STEM = "stem"
    A = "a"
    B = "b"
    C = "c"
    D = "d"
    E = "e"
    F = "f"
    G = "g"
    H = "h"
    KEY = "key"
    EXPLANATION = "explanation"
    SOURCE = "source"
    TAG = "tag"


_OPTIONS: Final = tuple(Column(letter.lower()) for letter in LETTERS)
HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.KIND: ("题型", "类型", "题目类型", "试题类型", "Kind"),
    Column.STEM: ("题干", "题目", "试题", "题目内容", "试题内容", "Question"),
    **{Column(one.lower()): (f"选项{one}", one, f"{one}选项", f"答案{one}", f"Option {one}") for one in LETTERS},
    Column.KEY: ("答案", "正确答案", "标准答案", "参考答案", "Answer"),
    Column.EXPLANATION: ("解析", "答案解析", "试题解析", "Explanation"),
    Column.SOURCE: ("来源", "出处", "Source"),
    Column.TAG: ("标签", "分类", "知识点", "Tag"),
}
"""The first name is the template's."""
_KINDS: Final[Mapping[str, QuestionType]] = MappingProxyType(
    dict.fromkeys(("单选", "单选题", "单项选择", "单项选择题", "single"), QuestionType.SINGLE)
    | dict.fromkeys(("多选", "多选题", "多项选择", "多项选择题", "multiple"), QuestionType.MULTIPLE)
    | dict.fromkeys(("判断", "判断题", "是非", "是非题", "truefalse"), QuestionType.TRUE_FALSE)
)
QuestionRow = ReadRow[NewQuestion]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what would be done with it."""

    row: QuestionRow
    verdict: RowVerdict
    problems: tuple[Problem, ...] = ()


def is_about_a_question(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and explanations."""
    typed = said(cell_of(row, header, Column.STEM))
    first = said(row.cells[0]) if row.cells else ""
    if typed == header.headings[header.columns[Column.STEM]] or first.startswith(_EXPLAINS):
        return False
    return bool(typed or said(cell_of(row, header, Column.KEY)) or row.flaws)


def question_row(row: Row, header: Header[Column], today: date) -> QuestionRow:
    """What a row says, read on ``today``."""
    reader = RowReader(row, header, today)
    new = NewQuestion(
        kind=_kind(reader),
        stem=reader.text(Column.STEM, STEM_LENGTH),
        options=[reader.text(column, OPTION_LENGTH) for column in _OPTIONS],
        typed_key=reader.text(Column.KEY),
        explanation=reader.text(Column.EXPLANATION, EXPLANATION_LENGTH) or None,
        source=reader.text(Column.SOURCE, SOURCE_LENGTH) or None,
        tag=reader.text(Column.TAG, TAG_LENGTH) or None,
    )
    for found in new.flaws():
        reader.problem(found.flaw, **found.values)
    if new.is_doubtful:
        reader.note(Flaw.ONE_OF_SEVERAL)
    return reader.read(new)


def _kind(reader: RowReader[Column]) -> QuestionType | None:
    typed = reader.text(Column.KIND)
    kind = _KINDS.get(folded(typed).casefold().replace(" ", ""))
    if not typed:
        reader.problem(Flaw.NO_KIND)
    elif kind is None:
        reader.problem(Flaw.UNKNOWN_KIND, typed=typed[:20])
    return kind


def planned(rows: Iterable[QuestionRow], known: Collection[str]) -> list[PlannedRow]:
    """What taking ``rows`` in would do to a bank that asks ``known`` already; a bad row holds up no other."""
    seen: dict[str, str] = {}
    found = []
    for row in rows:
        key = stem_key(row.entry.stem)
        if row.problems:
            found.append(PlannedRow(row, RowVerdict.PROBLEM, row.problems))
        elif key in seen:
            found.append(PlannedRow(row, RowVerdict.PROBLEM, (Problem(Flaw.DUPLICATE, {"row": seen[key]}),)))
        else:
            seen[key] = row.place
            found.append(PlannedRow(row, RowVerdict.SAME if key in known else RowVerdict.NEW))
    return found
