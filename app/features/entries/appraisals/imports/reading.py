"""A list of quarterly grades: its columns, what a row says, and what taking it in would do. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.core.errors import AppError, NotFoundError
from app.core.i18n import LazyText
from app.core.i18n import lazy_gettext as _
from app.core.tables import Header, Row, cell_of, folded
from app.features.entries.appraisals.rules import (
    NOTE_LENGTH,
    GradeWaitsError,
    OwnAppraisalError,
    Quarter,
    QuarterNotOverError,
    ReasonWantedError,
    grade_of,
    is_yearly,
    quarter_of,
)
from app.features.imports.people import Candidate, People
from app.features.imports.rows import Problem, ReadRow, RowReader, RowVerdict
from app.features.imports.values import is_cut_number, mobile_number, person_name, plain, said
from app.features.ledger.closings import YearClosedError
from app.features.ledger.rules import AppraisalGrade
from app.features.members.rules import masked_phone

_BELOW_THE_TABLE: Final = ("说明", "注", "合计", "总计", "填表", "制表", "填报", "审核", "单位")


class Column(StrEnum):
    """What a list says of a grade, in the order of the template."""

    NAME = "name"
    NUMBER = "number"
    QUARTER = "quarter"
    GRADE = "grade"
    NOTE = "note"


HEADINGS: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NAME: ("姓名", "党员姓名", "被考核人", "考核对象", "人员姓名", "Name"),
    Column.NUMBER: (
        "手机或工号", "手机", "手机号", "手机号码", "联系电话", "电话", "工号", "职工编号", "人员编号", "党员编号",
        "Mobile", "Number",
    ),
    Column.QUARTER: ("季度", "考核季度", "考核周期", "考核期", "Quarter"),
    Column.GRADE: ("等次", "考核等次", "平时考核等次", "平时考核结果", "考核结果", "评定等次", "结果", "Grade"),
    Column.NOTE: ("备注", "说明", "原因", "变更原因", "Remark"),
}  # fmt: skip
"""The first name is the template's."""
SENTENCES: Final[Mapping[str, LazyText]] = {
    "no_name": _("Nobody is named in this row. Write the name, or the mobile or staff number."),
    "unknown_person": _("Nobody whose grades you enter is “%(name)s”. Grades of another branch are entered there."),
    "same_name": _("%(number)s people are called “%(name)s”. Choose who is meant."),
    "other_person": _("“%(name)s” and the number do not belong to one person. Correct one of them."),
    "cut_number": _("The number under %(column)s was cut by Excel. Write it as text."),
    "no_quarter": _("No quarter is written. Write 1 to 4, 一季度 or Q1."),
    "bad_quarter": _("“%(typed)s” is no quarter. Write 1 to 4, 一季度 or Q1; with its year: 2026年一季度."),
    "no_grade": _("No grade is written. Write 好, 较好, 一般, 较差 or 不确定等次."),
    "bad_grade": _("“%(typed)s” is no grade of a quarter. Write 好, 较好, 一般, 较差 or 不确定等次."),
    "yearly_grade": _(
        "“%(typed)s” is a grade of the yearly assessment. Quarters have 好, 较好, 一般, 较差 or 不确定等次."
    ),
    "twice": _("Row %(row)s gives the same person another grade for the same quarter. Leave one of them."),
    **{
        error.code: error.message
        for error in (QuarterNotOverError, GradeWaitsError, ReasonWantedError, OwnAppraisalError, YearClosedError)
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGrade:
    """What a row says."""

    name: str
    number: str
    """A mobile number, or the number by which the person signs in."""
    quarter: Quarter | None
    grade: AppraisalGrade | None
    note: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row and what would be done with it."""

    row: ReadRow[ReadGrade]
    verdict: RowVerdict
    who: Candidate | None = None
    problems: tuple[Problem, ...] = ()
    namesakes: tuple[Candidate, ...] = ()
    """Those of one name, where the row has no number that says who is meant."""


def is_about_a_grade(row: Row, header: Header[Column]) -> bool:
    """Whether a row is none of the blank lines, repeated headings and lines below the table."""
    name = said(cell_of(row, header, Column.NAME))
    if name == header.headings[header.columns[Column.NAME]]:
        return False
    first = next((folded(cell) for cell in row.cells if cell is not None), "")
    if first.startswith(_BELOW_THE_TABLE):
        return False
    return bool(name or said(cell_of(row, header, Column.GRADE)) or row.flaws)


def grade_row(row: Row, header: Header[Column], today: date) -> ReadRow[ReadGrade]:
    """What one row says; each problem is named."""
    reader = _Reader(row, header, today)
    return reader.read(reader.entry())


class _Reader(RowReader[Column]):
    def entry(self) -> ReadGrade:
        """What the row says, as far as it can be read."""
        number = mobile_number(self.cell(Column.NUMBER)) or folded(self.text(Column.NUMBER)).removesuffix(".0")
        if number and is_cut_number(self.cell(Column.NUMBER)):
            self.problem("cut_number", column=self.heading(Column.NUMBER))
        name = person_name(self.text(Column.NAME))
        if not name and not number:
            self.problem("no_name")
        return ReadGrade(
            name=name, number=number, quarter=self._quarter(), grade=self._grade(),
            note=self.text(Column.NOTE, NOTE_LENGTH)[:NOTE_LENGTH],
        )  # fmt: skip

    def _quarter(self) -> Quarter | None:
        typed = self.text(Column.QUARTER)
        quarter = quarter_of(typed, self.today) if typed else None
        if quarter is None:
            self.problem("bad_quarter" if typed else "no_quarter", typed=typed)
        return quarter

    def _grade(self) -> AppraisalGrade | None:
        typed = self.text(Column.GRADE)
        grade = grade_of(typed)
        if grade is None:
            self.problem("yearly_grade" if is_yearly(typed) else "bad_grade" if typed else "no_grade", typed=typed)
        return grade


Check = Callable[[UUID, Quarter, AppraisalGrade, str], RowVerdict]
"""What becomes of a grade of somebody for a quarter, with its remark.

Raises:
    AppError: it cannot be entered, and why.
"""


def planned(
    rows: Iterable[ReadRow[ReadGrade]], people: Sequence[Candidate], check: Check, chosen: Mapping[str, str]
) -> list[PlannedRow]:
    """What taking ``rows`` in would do, in their order; a row with a problem does not hold up the others.

    ``chosen`` says by the place of a row who of several people of one name is meant.
    """
    seen: dict[tuple[UUID, Quarter], tuple[AppraisalGrade, str]] = {}
    found = []
    known = People(people)
    for row in rows:
        who, problems, verdict = None, list(row.problems), RowVerdict.PROBLEM
        namesakes = () if row.entry.number else known.named(row.entry.name)
        meant = _who(row.entry, known.of_number(row.entry.number), namesakes, chosen.get(row.place))
        if isinstance(meant, Problem):
            problems.append(meant)
        else:
            who = meant
        quarter, grade = row.entry.quarter, row.entry.grade
        if who and quarter and grade and not problems:
            before = seen.setdefault((who.id, quarter), (grade, row.place))
            try:
                verdict = check(who.id, quarter, grade, row.entry.note)
            except AppError as error:
                problems.append(Problem(error.code))
            if before[1] != row.place:
                verdict = RowVerdict.SAME
                if before[0] is not grade:
                    problems.append(Problem("twice", {"row": before[1]}))
        verdict = RowVerdict.PROBLEM if problems else verdict
        found.append(PlannedRow(row, verdict, who, tuple(problems), namesakes if len(namesakes) > 1 else ()))
    return found


def chosen_for(rows: Sequence[PlannedRow], place: str, who: UUID) -> dict[str, str]:
    """The rows that ``who`` goes for, once chosen for the one at ``place``: all of the name where nobody is chosen yet.

    Where the list has that name twice for one quarter, more than one of them is meant: then the one row alone.
    """
    here = next((one for one in rows if one.row.place == place), None)
    if here is None or who not in {one.id for one in here.namesakes}:
        raise NotFoundError
    alike = [one for one in rows if one.namesakes == here.namesakes]
    many = len({one.row.entry.quarter for one in alike}) < len(alike)
    rest = [] if many else [one.row.place for one in alike if one.who is None]
    return dict.fromkeys((place, *rest), str(who))


def _who(
    entry: ReadGrade, told: Candidate | None, named: Sequence[Candidate], chosen: str | None
) -> Candidate | Problem | None:
    """Whose grade a row is: the number says it best, and must not contradict the name."""
    if entry.number:
        if told is None:
            return Problem("unknown_person", {"name": masked_phone(entry.number) or entry.number})
        if entry.name and plain(told.name) != plain(entry.name):
            return Problem("other_person", {"name": entry.name})
        return told
    if len(named) > 1:
        if meant := [one for one in named if str(one.id) == chosen]:
            return meant[0]
        return Problem("same_name", {"name": entry.name, "number": str(len(named))})
    if entry.name and not named:
        return Problem("unknown_person", {"name": entry.name})
    return named[0] if named else None
