"""The ways in which people keep lists: headings, lines around them, forms of values, encodings. Read as tables."""

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from app.features.imports.gaps import left_out
from app.features.imports.service import table_of
from app.features.imports.values import cell_date, due_day, first_mobile_number, is_yes, mobile_number, person_name
from app.features.members.rules import MemberStatus, Role
from app.features.roster.listing import ROSTER
from app.features.roster.sheet.rows import roster_row
from tests.core.tables.makers import ods

TODAY = date(2026, 11, 29)
HEADINGS = ("姓名", "所在党支部", "手机号码")
ALICE = ("虚艾莉", "一支部", "13800000001")
BOB = ("虚包波", "一支部", "13800000002")


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet(*rows, joined=(), **marks):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in joined:
        book.active.merge_cells(cells)
    for row in marks.get("hidden", ()):
        book.active.row_dimensions[row].hidden = True
    for cell in marks.get("struck", ()):
        book.active[cell].font = Font(strike=True)
    for column in marks.get("hidden_columns", ()):
        book.active.column_dimensions[column].hidden = True
    return saved(book)


def read(content):
    table = table_of(ROSTER, content)
    return [roster_row(row, table.header, TODAY) for row in table.rows]


def people(content):
    return [(row.entry.name, row.entry.branch, row.entry.phone) for row in read(content) if not row.problems]


def gaps(content):
    table = table_of(ROSTER, content)
    return dict(left_out(ROSTER, table.header, table.report))


@pytest.mark.parametrize(
    ("rows", "joined"),
    [
        ([HEADINGS], ()),
        ([("某单位党员花名册",), ("填表单位：某局", None, "2026年11月"), HEADINGS], ("A1:C1",)),
        ([("姓 名", "所在\n党支部", "手机号码（必填）")], ()),
        ([("姓　名*", "党支部名称", "ＭＯＢＩＬＥ")], ()),
        ([("基本情况", None, "联系方式"), ("姓名", "党支部", "手机")], ("A1:B1",)),
        ([("姓名", "组织关系", None), (None, "支部", "手机")], ("A1:A2", "B1:C1")),
        (
            [("党员", None, "联系"), ("姓名", "支部", "电话"), (None, None, "手机")],
            ("A1:B1", "A2:A3", "B2:B3", "C2:C2"),
        ),
        ([HEADINGS, (None, None, None)], ()),
    ],
    ids=["plain", "titles", "wrapped", "wide", "two lines", "joined", "three lines", "blank line below"],
)
def test_headings(rows, joined):
    assert people(sheet(*rows, ALICE, BOB, joined=joined)) == [ALICE, BOB]


def test_headings_again_on_each_printed_page_and_lines_around_the_list():
    content = sheet(
        HEADINGS,
        ALICE,
        (None, None, None),
        HEADINGS,
        BOB,
        ("合计", 2, None),
        ("注：以上人员均为在册党员。",),
        ("填表人：某某", None, "审核人：某某"),
    )
    assert people(content) == [ALICE, BOB]


def test_lines_that_are_left_aside_are_named(english):
    assert gaps(sheet(HEADINGS, ALICE, ("合计", 2, None)))["Lines left aside"] == ["3: 合计 2"]


def test_a_joined_branch_speaks_for_all_below_it():
    content = sheet(HEADINGS, ALICE, ("虚包波", None, "13800000002"), joined=("B2:B3",))
    assert people(content) == [ALICE, BOB]


def test_lines_between_say_group_branch_and_who_has_left():
    content = sheet(
        ("姓名", "手机号码"),
        ("一支部党支部", None),
        ("第一党小组", None),
        ("虚艾莉", "13800000001"),
        ("预备党员", None),
        ("虚包波", "13800000002"),
        ("调出党员", None),
        ("虚沈山", "13800000003"),
    )
    rows = read(content)
    assert [row.entry.name for row in rows] == ["虚艾莉", "虚包波", "虚沈山"]
    assert rows[0].entry.group == "第一党小组"
    assert rows[1].entry.status is MemberStatus.PROBATIONARY
    assert [one.code for one in rows[2].problems] == ["below_leavers"]


def test_a_second_table_below_with_other_headings_is_read():
    content = sheet(
        HEADINGS, ALICE, (None,), ("退休党员",), ("手机", "姓名", "支部"), ("13800000002", "虚包波", "一支部")
    )
    assert people(content) == [ALICE, BOB]


def test_what_the_eye_does_not_see_comes_back_or_is_named(english):
    content = sheet((*HEADINGS, "民族"), (*ALICE, "汉"), BOB, hidden=(3,), struck=("C2",), hidden_columns=("B",))
    assert [[one.code for one in row.problems] for row in read(content)] == [["struck"], ["hidden"]]
    assert gaps(content) == {"Columns not read": ["民族"], "Hidden columns, read all the same": ("所在党支部",)}


def test_other_sheets_are_named(english):
    book = Workbook()
    book.active.title = "填表说明"
    book.active.append(("请按要求填写",))
    book.create_sheet("名册").append(HEADINGS)
    book["名册"].append(ALICE)
    book.create_sheet("旧").append(HEADINGS)
    book["旧"].append(BOB)
    book["旧"].sheet_state = "hidden"
    assert people(saved(book)) == [ALICE]
    assert gaps(saved(book)) == {
        "Hidden sheets, not read": ("旧",),
        "Sheets without the headings, not read": ("填表说明",),
    }


def test_a_column_without_a_heading_is_named(english):
    assert gaps(sheet(HEADINGS, (*ALICE, "已核对")))["Columns without a heading, not read"] == ("D",)


@pytest.mark.parametrize("formula", ["=1/0", "=B2&C2"])
def test_formulas_whose_result_was_not_saved(formula):
    (row,) = read(sheet(HEADINGS, ("虚艾莉", formula, "13800000001")))
    assert [one.code for one in row.problems] == ["formula"]


def test_a_failed_formula_is_no_blank_cell():
    (row,) = read(sheet((*HEADINGS, "是否预备党员"), (*ALICE, "#REF!")))
    assert [one.code for one in row.problems] == ["error"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_text_files(encoding, sign):
    text = "\r\n".join(sign.join(row) for row in (HEADINGS, ALICE, BOB))
    assert people(text.encode(encoding)) == [ALICE, BOB]


def test_the_line_with_which_excel_is_told_the_sign():
    assert people("sep=|\r\n姓名|支部|手机\r\n虚艾莉|一支部|13800000001\r\n".encode()) == [ALICE]


CELL = '<table:table-cell office:value-type="string"%s><text:p>%s</text:p></table:table-cell>'


def ods_row(*cells, row=""):
    cells = [cell if cell.startswith("<") else CELL % ("", cell) for cell in cells]
    return f"<table:table-row{row}>{''.join(cells)}</table:table-row>"


def test_an_open_document_with_repeated_and_joined_cells():
    joined = CELL % (' table:number-rows-spanned="2"', "一支部")
    rows = (
        ods_row(*HEADINGS)
        + ods_row("虚艾莉", joined, "13800000001")
        + ods_row("虚包波", "<table:covered-table-cell/>", "13800000002")
        + '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert people(ods(rows.encode())) == [ALICE, BOB]


def test_what_is_hidden_or_struck_out_in_an_open_document():
    styles = (
        b'<office:automatic-styles><style:style style:name="ce1" style:family="table-cell">'
        b'<style:text-properties style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    )
    rows = (
        ods_row(*HEADINGS)
        + ods_row(*ALICE, row=' table:visibility="filter"')
        + ods_row("虚包波", "一支部", CELL % (' table:style-name="ce1"', "13800000002"))
        + ods_row("虚沈山", "一支部", '<table:table-cell table:formula="of:=[.A1]"/>')
    )
    found = [[one.code for one in row.problems] for row in read(ods(rows.encode(), styles))]
    assert found == [["hidden"], ["struck"], ["formula"]]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("1988年7月5日", "1988-07-05"),
        ("一九八八年七月五日", "1988-07-05"),
        ("二〇一四年七月", "2014-07"),
        ("2014.7", "2014-07"),
        ("2014/7/5 0:00", "2014-07-05"),
        (20140705, "2014-07-05"),
        (41825, "2014-07-05"),
        ("41825", "2014-07-05"),
        ("20141", None),
        ("98.7", None),
        ("88年7月", None),
        ("2014-02-30", None),
        ("长期", None),
    ],
)
def test_days(cell, meant):
    assert cell_date(cell) == meant


def test_days_of_old_macs():
    assert cell_date(29406, from_1904=True) == "1984-07-05"
    assert due_day(44742, year=2026, from_1904=True) == date(2026, 7, 1)


def test_a_month_that_may_be_october_is_no_due_day():
    assert due_day(2026.1, year=2026) is None


def test_moments_just_before_midnight_are_the_next_day():
    (row,) = read(sheet((*HEADINGS, "入党时间"), (*ALICE, datetime.fromisoformat("2014-06-30T23:59:17"))))
    assert row.entry.joined == "2014-07-01"


@pytest.mark.parametrize(
    "cell",
    [
        "138 0000 0001",
        "+86 138-0000-0001",
        "１３８０００００００１",
        13800000001.0,
        "'13800000001",
        '="13800000001"',
        "1.3800000001E10",
    ],
)
def test_mobile_numbers(cell):
    assert mobile_number(cell) == "13800000001"


@pytest.mark.parametrize("cell", ["1.38E+10", "138****0001", "110101199001011234", "010-62345678"])
def test_no_mobile_number_is_made_up(cell):
    assert mobile_number(cell) is None
    assert first_mobile_number(str(cell)) is None


@pytest.mark.parametrize(
    ("cell", "name"),
    [("王　 芳", "王芳"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("\ufeff王芳\u200b", "王芳"), ("Anna Li", "Anna Li")],
)
def test_names(cell, name):
    assert person_name(cell) == name


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("是", True), ("√", True), ("TRUE", True), ("否", False), ("", False), ("×", False), ("13岁", None)],
)
def test_yes_and_no(cell, answer):
    assert is_yes(cell) is answer


def test_brackets_in_headings_say_which_post_is_meant():
    (row,) = read(sheet((*HEADINGS, "职务（党内）", "职务（行政）"), (*ALICE, "副书记", "处长")))
    assert (row.entry.roles, row.entry.post) == ({Role.DEPUTY}, "处长")


def test_numbers_of_identity_cards_are_not_kept():
    (row,) = read(sheet((*HEADINGS, "党员编号", "身份证号"), (*ALICE, "110101199001011234", "110101199001011234")))
    assert [one.code for one in row.problems] == ["identity_card"]


def test_a_column_full_of_branches_is_the_branch_whatever_its_heading():
    (row,) = read(sheet(("姓名", "所属单位", "手机"), ("虚艾莉", "一处党支部", "13800000001")))
    assert row.entry.branch == "一处党支部"
