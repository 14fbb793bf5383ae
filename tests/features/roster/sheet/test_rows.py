"""From the cells of a row to what it says of a person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.tables import Row, find_header
from app.features.imports.rows import reason
from app.features.imports.service import NoHeaderError, NoRowsError, table_of
from app.features.members.models import Member, Organisation
from app.features.members.rules import ExemptionKind, MemberStatus, Role, Sex
from app.features.roster.listing import ROSTER
from app.features.roster.rules import SENTENCES, NoteCode, ProblemCode, ReadPerson, note_sentence
from app.features.roster.sheet.columns import HEADINGS, Column
from app.features.roster.sheet.rows import LIMITS, is_about_a_person, roster_row, unit_above

TODAY = date(2026, 11, 22)
TITLES = (
    "序号",
    "姓 名",
    "性别",
    "出生年月",
    "所在党支部",
    "党小组",
    "党内职务",
    "职务",
    "入党时间",
    "转正时间",
    "手机",
    "备注",
)


def parsed(*rows, titles=TITLES):
    header = find_header([Row(1, titles)], HEADINGS, required=(Column.NAME,))
    numbered = [Row(number, tuple(cells)) for number, cells in enumerate(rows, 2)]
    return [roster_row(row, header, TODAY) for row in numbered if is_about_a_person(row, header)]


def person(titles=("姓名", "所在党支部", "手机"), **more):
    """One row with a sound name, branch and phone, and ``more`` columns by their heading."""
    cells = {"姓名": "张三丰", "所在党支部": "一支部", "手机": "13812345678", **more}
    (row,) = parsed(tuple(cells.values()), titles=tuple(cells))
    return row


def test_a_row_with_everything():
    (row,) = parsed(
        (
            1,
            "金  红",
            "女",
            "1974.10",
            " 一支部 ",
            "第一党小组",
            "副书记",
            "处长",
            "1998年7月",
            date(1999, 7, 1),
            13812345678,
            "借调",
        ),
    )

    assert row.number == 2
    assert row.cells[:2] == (1, "金  红")
    assert row.entry == ReadPerson(
        name="金红",
        branch="一支部",
        group="第一党小组",
        phone="13812345678",
        sex=Sex.FEMALE,
        born="1974-10",
        joined="1998-07",
        confirmed="1999-07-01",
        roles=frozenset({Role.DEPUTY}),
        post="处长",
        note="借调",
        exemption=ExemptionKind.SECONDED,
    )
    assert row.problems == row.notes == ()


@pytest.mark.parametrize("column", HEADINGS)
def test_headings_name_one_column_only(column):
    for other, names in HEADINGS.items():
        assert other is column or not set(names) & set(HEADINGS[column])


@pytest.mark.parametrize(
    "row",
    [
        (),
        (None,) * 12,
        (71,),
        (71, None, "男", None, "一支部", "一组"),
        ("说明:预备党员填“是”。",),
        ("说明：一、本表……", None, None, "请核对"),
        ("合计", 70),
        ("共 70 人",),
        ("注:1. 姓名与身份证一致",),
        (None, None, None, None, None, None, None, "填表人:王某", None, "审核人:李某"),
        ("制表人", "王某", None, None, None, None, None, None, "2026.11"),
        TITLES,
    ],
)
def test_rows_that_are_about_nobody_are_passed_over(row):
    assert parsed(row) == []


def test_a_person_with_a_phone_is_never_taken_for_a_footer():
    (row,) = parsed(("单位聪", "一支部", "13812345678"), titles=("姓名", "所在党支部", "手机"))
    assert row.entry.name == "单位聪"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"姓名": None}, ProblemCode.MISSING_NAME),
        ({"姓名": 70}, ProblemCode.BAD_NAME),
        ({"姓名": "王" * 61}, "too_long"),
        ({"手机": "1390000"}, ProblemCode.BAD_PHONE),
        ({"入党时间": "二〇一二年某月"}, ProblemCode.BAD_DATE),
        ({"转正时间": "98.7"}, ProblemCode.BAD_DATE),
        ({"备注": "字" * 201}, "too_long"),
        ({"党员类型": "发展对象"}, ProblemCode.NOT_A_MEMBER),
    ],
)
def test_problems_say_what_to_do(cells, code):
    (problem,) = person(**cells).problems

    assert problem.code == code
    assert "%(" not in reason([problem], SENTENCES)


def test_a_row_tells_all_its_problems_at_once():
    codes = [problem.code for problem in person(姓名="", 手机="12", 入党时间="?").problems]
    assert codes == [ProblemCode.MISSING_NAME, ProblemCode.BAD_PHONE, ProblemCode.BAD_DATE]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"出生年月": "1987-08-21", "入党时间": "1980/1/27"}, NoteCode.JOINED_BEFORE_BIRTH),
        ({"出生年月": "1972-12-21", "入党时间": "1990-12-20"}, NoteCode.JOINED_YOUNG),
        ({"入党时间": "2014.07", "转正时间": "2014.06"}, NoteCode.CONFIRMED_EARLY),
        ({"入党时间": "2026.12"}, NoteCode.IN_THE_FUTURE),
        ({"入党时间": 2016.1}, NoteCode.OCTOBER_GUESSED),
        ({"党内职务": "青年委员"}, NoteCode.UNKNOWN_POST),
        ({"性别": "?"}, NoteCode.UNKNOWN_SEX),
    ],
)
def test_what_is_odd_but_possible_is_a_note(cells, code):
    row = person(**cells)

    assert row.problems == ()
    assert [note.code for note in row.notes] == [code]
    assert "%(" not in note_sentence(row.notes[0])


@pytest.mark.parametrize(
    "cells",
    [
        {"出生年月": "1972-12-21", "入党时间": "1990-12-21"},
        {"出生年月": "1972-12", "入党时间": "1990-12-01"},
        {"出生年月": "1972", "入党时间": "1990-01-01"},
        {"入党时间": "2026.11", "转正时间": "2027.11"},
        {"入党时间": "2014-07-05", "转正时间": "2014"},
    ],
)
def test_what_may_well_be_is_no_note(cells):
    assert person(**cells).notes == ()


def test_probation_in_both_forms_of_the_column():
    assert person(是否预备党员="是").entry.status is MemberStatus.PROBATIONARY
    assert person(党员类型="正式党员").entry.status is MemberStatus.FULL
    assert person(是否预备党员=None).entry.status is None


def test_limits_are_the_widths_of_the_tables():
    columns = Member.__table__.c
    widths = {column: columns[column.value].type.length for column in LIMITS if column.value in columns}
    place = Organisation.__table__.c.name.type.length
    assert widths | {Column.BRANCH: place, Column.GROUP: place} == LIMITS


def test_an_unknown_post_is_kept_in_the_remarks_once():
    row = person(党内职务="组织委员、青年委员", 备注="退休")
    assert row.entry.roles == {Role.ORGANISATION}
    assert row.entry.note == "退休;党内职务:青年委员"
    assert person(党内职务="青年委员", 备注=row.entry.note).entry.note == row.entry.note


def test_identity_card_numbers_are_not_read():
    row = person(身份证号="110101199001011234", 公民身份号码="110101199001011234")
    assert "110101199001011234" not in repr(row.entry)


def test_the_sheet_with_the_headings_is_taken_and_the_unit_read():
    table = table_of(ROSTER, "填报单位:市司法局\n姓名,手机\n张三,13812345678\n".encode("gb18030"))

    assert unit_above(table.above) == "市司法局"
    assert [row.cells for row in table.rows] == [("张三", "13812345678")]


def test_a_file_without_headings_is_refused():
    with pytest.raises(NoHeaderError) as refused:
        table_of(ROSTER, "张三,13812345678\n李四,13812345679\n".encode())
    assert refused.value.code == "no_header"


def test_a_file_with_nobody_below_the_headings_is_refused():
    with pytest.raises(NoRowsError):
        table_of(ROSTER, "姓名,手机\n,\n合计,0\n".encode())


@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.floats(), st.integers(), st.dates()), max_size=14))
def test_no_row_raises(cells):
    parsed(cells)
