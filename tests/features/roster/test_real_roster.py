"""The roster an organ really keeps: found, read, and six rows back with a reason each."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from app.features.imports.rows import RowVerdict
from app.features.imports.service import table_of
from app.features.members.rules import ExemptionKind
from app.features.roster.listing import ROSTER as ROSTER_LIST
from app.features.roster.plan.verdicts import plan_import
from app.features.roster.rules import ExistingBranch, ExistingRoster, NoteCode, ProblemCode
from app.features.roster.sheet.rows import unit_above
from tests.features.roster.makers import read_file

ROSTER = Path(__file__).parent / "data/roster.xlsx"
BRANCHES = ("办公室党支部", "监察处党支部", "刑事司法处党支部")
SIX = {
    74: ProblemCode.PHONE_TAKEN,
    75: ProblemCode.UNKNOWN_BRANCH,
    76: ProblemCode.MISSING_NAME,
    77: ProblemCode.BAD_DATE,
    78: ProblemCode.BAD_PHONE,
    79: ProblemCode.DUPLICATE_ROW,
}


@pytest.fixture(scope="module")
def rows():
    return read_file(ROSTER.read_bytes(), today=date(2026, 11, 22))


def planned(rows, branches=BRANCHES, *, create_branches=False):
    existing = ExistingRoster(branches=tuple(ExistingBranch(uuid4(), name) for name in branches))
    return plan_import(rows, existing, create_branches=create_branches)


def test_headings_in_the_third_row_and_the_unit_above_them():
    table = table_of(ROSTER_LIST, ROSTER.read_bytes())
    assert (table.header.row, unit_above(table.above), table.header.unread) == (3, "机关党委", ())


def test_seventy_people_into_three_branches_and_six_rows_back(rows):
    plan = planned(rows)

    assert len(plan.having(RowVerdict.NEW)) == 70
    assert {row.row.number: row.problems[0].code for row in plan.having(RowVerdict.PROBLEM)} == SIX
    assert len(plan.rows) == 76
    assert plan.new_branches == ()


@pytest.mark.parametrize("known", [BRANCHES, ()])
def test_seventy_one_into_four_branches_when_missing_ones_are_created(rows, known):
    plan = planned(rows, known, create_branches=True)

    assert len(plan.having(RowVerdict.NEW)) == 71
    assert {row.row.number for row in plan.having(RowVerdict.PROBLEM)} == SIX.keys() - {75}
    assert plan.new_branches == tuple(name for name in (*BRANCHES, "火星探测党支部") if name not in known)


def test_people_are_read_as_they_are_meant(rows):
    people = {row.entry.name: row.entry for row in rows}

    assert {"金红", "孔勇", "邱勇", "沈芳"} <= people.keys()
    assert people["彭芳梅"].phone == "13793834701"
    assert people["彭芳梅"].joined == "2016-10"
    assert people["唐梅军"].born == "1964-03-07"
    assert people["沈芳"].exemption is ExemptionKind.ILLNESS
    assert {len(row.entry.phone) for row in rows if row.entry.phone} == {11}


def test_what_is_odd_is_noted_and_imported(rows):
    notes = [note.code for row in planned(rows).having(RowVerdict.NEW) for note in row.notes]

    assert set(notes) == {
        NoteCode.JOINED_BEFORE_BIRTH,
        NoteCode.JOINED_YOUNG,
        NoteCode.EXEMPT,
        NoteCode.LEADER_WITHOUT_GROUP,
    }
