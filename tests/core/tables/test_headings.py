"""The row of headings is found wherever it is and whatever decorates it."""

import pytest

from app.core.tables import Row, find_header
from app.core.tables.headings import heading_key

NAMES = {"name": ("姓名", "名字"), "phone": ("手机号码", "手机", "联系方式"), "post": ("行政职务", "职务")}


def header(*rows):
    return find_header([Row(number, cells) for number, cells in enumerate(rows, 1)], NAMES, required=("name",))


@pytest.mark.parametrize(
    "written", ["姓名", "姓 名", " 姓\n名 ", "姓名*", "姓名(必填)", "姓名(全名)", "姓名:", "【必填】姓名"]
)
def test_decorated_headings_are_the_same(written):
    assert heading_key(written) == "姓名"


def test_full_width_and_capitals_do_not_matter():
    assert heading_key("ＭＯＢＩＬＥ Phone") == "mobilephone"


def test_titles_above_the_headings_are_passed_over():
    found = header(
        ("党员花名册",), ("填表单位:办公室", None, "姓名"), ("序号", "姓 名", "手机", "民族"), (1, "张三", "138")
    )

    assert found.row == 3
    assert found.columns == {"name": 1, "phone": 2}
    assert found.unread == ("序号", "民族")


def test_the_more_telling_name_wins_over_the_left_one():
    assert header(("职务", "姓名", "行政职务", "手机")).columns == {"post": 2, "name": 1, "phone": 3}
    assert header(("手机", "姓名", "手机")).columns == {"phone": 0, "name": 1}


def test_of_two_lines_of_headings_the_lower_one_counts():
    assert header(("姓名", "联系方式"), ("姓名", "手机", "电话"), ("张三", "138", "")).row == 2
    assert header(("姓名", "手机"), ("张三", "138"), ("姓名", "手机")).row == 1


@pytest.mark.parametrize("rows", [[], [("姓名",)], [("手机", "职务")], [("张三", "138")]])
def test_without_a_name_and_one_more_there_is_no_header(rows):
    assert header(*rows) is None
