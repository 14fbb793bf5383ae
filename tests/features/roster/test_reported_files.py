"""Files like those that users of neighbouring software reported, all invented: what is read of each."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from app.core.tables import UnreadableTableError
from app.features.imports.gaps import left_out, read_as
from app.features.imports.rows import RowVerdict
from app.features.imports.service import table_of
from app.features.members.rules import MemberStatus, Role, Sex
from app.features.roster.listing import ROSTER
from app.features.roster.plan.verdicts import plan_import
from app.features.roster.rules import ExistingBranch, ExistingMember, ExistingRoster, NoteCode, ProblemCode
from app.features.roster.sheet.rows import roster_row

REPORTED = Path(__file__).parent / "data/reported"
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/rel": b"http://purl.oclc.org/ooxml/officeDocument/rel",
}
TODAY = date(2026, 11, 29)
FULL, PROBATIONARY = MemberStatus.FULL, MemberStatus.PROBATIONARY


def table(name):
    return table_of(ROSTER, (REPORTED / name).read_bytes())


def read(name):
    found = table(name)
    return [roster_row(row, found.header, TODAY) for row in found.rows]


def entries(name, *fields):
    """The fields of each row that has no problem."""
    rows = [row for row in read(name) if not row.problems]
    return [tuple(getattr(row.entry, field) for field in fields) for row in rows]


def codes(name, kind="problems"):
    """Problems or notes by place and name."""
    return {(row.place, row.entry.name): [one.code for one in getattr(row, kind)] for row in read(name)}


@pytest.mark.parametrize(
    ("name", "fields", "right"),
    [
        (
            "one-sheet-per-branch.xlsx",
            ("name", "branch"),
            [("壬甲", "办公室党支部"), ("壬乙", "监察处党支部"), ("壬丙", "监察处党支部")],
        ),
        (
            "split-heading-zhiwu.xlsx",
            ("name", "roles", "post"),
            [("酉甲", {Role.DEPUTY}, "办公室主任"), ("酉乙", {Role.ORGANISATION}, "二级调研员")],
        ),
        (
            "side-by-side.xlsx",
            ("name", "phone"),
            [
                ("戌甲", "13900003003"),
                ("戌乙", "13900003004"),
                ("戌丙", "13900003005"),
                ("戌丁", "13900003006"),
            ],
        ),
        (
            "real-huizong-headings.xlsx",
            ("name", "branch", "status", "born", "joined"),
            [
                ("亥甲", "监察处党支部", FULL, "1990-03-07", "2019-12-08"),
                ("亥乙", "刑事司法处党支部", PROBATIONARY, "1991-02-08", "2026-05-23"),
            ],
        ),
        ("date1904.xlsx", ("born", "joined"), [("1984-07-05", "2010-07-01")] * 2),
        (
            "date-43-seconds-short.xlsx",
            ("born", "joined"),
            [("1990-05-01", "2014-07-01"), ("1980-01-02", "2005-07")],
        ),
        ("cjk-builtin-date-format.xlsx", ("born",), [("1984-07-05",)] * 3),
        ("phonetic.xlsx", ("name",), [("单晓东",)]),
        ("x000D-escape.xlsx", ("name",), [("申甲",)]),
        ("excel-proof-text.csv", ("phone",), [("13900002001",), ("13900002002",), ("13900002003",)]),
        ("gap-of-3000-rows.xlsx", ("name",), [("末行甲",), ("末行乙",)]),
        (
            "excel-97.xls",
            ("name", "branch", "phone", "born", "joined", "status"),
            [
                ("虚甲", "办公室党支部", "13900006001", "1984-07-05", "2010-07", FULL),
                ("虚乙", "办公室党支部", "13900006002", "1984-07-05", "2026-06-01", PROBATIONARY),
            ],
        ),
    ],
)
def test_what_stands_in_the_file_is_read(name, fields, right):
    assert entries(name, *fields) == right


def test_a_strict_workbook_is_read_like_any_other():
    """ISO 29500 Strict names its parts otherwise; some programs save it."""
    strict = io.BytesIO()
    with zipfile.ZipFile(REPORTED / "phonetic.xlsx") as usual, zipfile.ZipFile(strict, "w") as written:
        for part in usual.namelist():
            content = usual.read(part)
            for old, new in STRICT.items():
                content = content.replace(old, new)
            written.writestr(part, content)
    assert "单晓东" in str(table_of(ROSTER, strict.getvalue()).rows)


def test_the_comma_parts_columns_although_remarks_are_full_of_semicolons():
    (first, *_others) = read("remarks-with-semicolons.csv")
    assert first.entry.note == "党小组长;工会委员;妇委会委员;青年理论小组;应急分队"


def test_a_hidden_row_comes_back():
    assert codes("hidden-filtered-row.xlsx") == {
        ("2", "庚在册"): [],
        ("3", "庚已调出"): ["hidden"],
        ("4", "庚在册二"): [],
    }


def test_who_is_no_member_is_a_problem_and_who_is_on_probation_is_no_full_one():
    found = {
        row.entry.name: (row.entry.status, [one.code for one in row.problems])
        for row in read("non-members-in-staff-list.xlsx")
    }
    assert [found[f"面貌{sign}"] for sign in "甲乙壬癸子"] == [
        (FULL, []),
        *[(PROBATIONARY, [])] * 4,
    ]
    assert [found[f"面貌{sign}"][1] for sign in "丙丁戊己庚辛丑卯"] == [[ProblemCode.NOT_A_MEMBER]] * 8
    assert found["面貌寅"][1] == [ProblemCode.UNKNOWN_STATUS]


def test_numbers_that_excel_has_cut_are_named():
    found = [row.problems[0].code if row.problems else None for row in read("long-member-numbers.xlsx")]
    assert found == [*[ProblemCode.CUT_NUMBER] * 4, None]


def test_names_with_something_behind_them():
    found = {row.entry.name: (row.entry, [note.code for note in row.notes]) for row in read("names.xlsx")}
    assert (found["李梅"][0].sex, found["李梅"][1]) == (Sex.FEMALE, [NoteCode.SEX_DIFFERS])
    assert found["王芳"][0].status is PROBATIONARY
    assert [found[name][1] for name in ("钱1", "吴(大)", "沈(2)")] == [[NoteCode.ODD_NAME]] * 3
    assert [found[name][1] for name in ("周*", "郑*伟")] == [[NoteCode.LOST_CHARACTER]] * 2
    assert {"张三", "欧阳修", "阿依古丽·买买提", "葛洪"} <= found.keys()


def test_characters_that_were_lost_are_noted():
    assert all(codes == [NoteCode.LOST_CHARACTER] for codes in codes_of_notes("gbk-question-mark.csv"))


def codes_of_notes(name):
    return list(codes(name, "notes").values())


def test_of_two_numbers_the_first_mobile_is_taken_and_said():
    rows = read("phones.xlsx")
    assert [(row.entry.phone or "")[-4:] for row in rows] == [
        *(f"99{number}" for number in range(11, 17)),
        "",
        *(f"99{number}" for number in range(18, 23)),
    ]
    assert [[note.code for note in row.notes] for row in rows[2:6]] == [[NoteCode.PHONE_PICKED]] * 4
    assert [row.problems[0].code for row in rows if row.problems] == [ProblemCode.BAD_PHONE]


def test_a_formula_without_its_result_says_what_to_do():
    assert codes("formula-without-cached-value.xlsx") == {("2", ""): ["formula"]}


def test_a_web_page_is_called_one():
    with pytest.raises(UnreadableTableError, match="web_page"):
        table("html-named.xls")


def planned(name, *members):
    branches = tuple(ExistingBranch(uuid4(), name) for name in ("办公室党支部", "监察处党支部"))
    return plan_import(read(name), ExistingRoster(branches, members), create_branches=False).rows


def test_duplicates_are_found_as_before():
    assert [(row.verdict, [one.code for one in row.problems]) for row in planned("duplicates.xlsx")] == [
        (RowVerdict.NEW, []),
        (RowVerdict.NEW, []),
        (RowVerdict.PROBLEM, [ProblemCode.DUPLICATE_ROW]),
        *[(RowVerdict.NEW, [])] * 3,
    ]


def test_what_was_not_read_is_named(english):
    found = table("real-huizong-headings.xlsx")
    assert left_out(ROSTER, found.header, found.report) == [("Columns not read", ["班级/单位", "专业", "身份证号码"])]
    assert ("隶属组织（党支部）", "所在党支部") in read_as(ROSTER, found.header)
    old = table("excel-97.xls")
    assert left_out(ROSTER, old.header, old.report) == [
        ("Hidden sheets, not read", ("旧表",)),
        ("Lines left aside", ["5: 合计 2"]),
    ]
    assert old.report.is_blind


def test_people_of_two_sheets_with_the_same_row_numbers_are_two():
    rows = planned("one-sheet-per-branch.xlsx")
    assert [row.verdict for row in rows] == [RowVerdict.NEW] * 3
    again = planned(
        "one-sheet-per-branch.xlsx",
        *(ExistingMember(uuid4(), replace(row.entry, member_number=row.entry.phone)) for row in rows),
    )
    assert [row.verdict for row in again] == [RowVerdict.SAME] * 3
