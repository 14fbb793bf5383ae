"""The same tables as plain CSV: one switch for all files, and nothing in them runs."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import exports
from app.core.tables import Table, read_book, write_tables, write_xlsx
from tests.core.tables.test_writing import DANGEROUS
from tests.makers import as_member

CHOSEN = {"Cookie": f"{exports.COOKIE}=csv"}


@pytest.fixture
def chosen():
    exports.use("csv", b"")
    yield
    exports.use(None, b"")


def rows_of(content):
    assert content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.usefixtures("chosen")
def test_a_table_as_it_is_and_read_again():
    rows = [("张三", "013800000000", None), ("李四，“组长”", 3, 2.5), ("两行\n字", -7, "a,b")]
    content = write_xlsx("名册", ("姓名", "手机", "数"), rows)
    assert rows_of(content) == [
        ["姓名", "手机", "数"],
        ["张三", "013800000000", ""],
        ["李四，“组长”", "3", "2.5"],
        ["两行\n字", "-7", "a,b"],
    ]
    again = read_book(content).readings[0][0].rows
    assert [row.cells[0] for row in again][:2] == ["姓名", "张三"]


@pytest.mark.usefixtures("chosen")
@pytest.mark.parametrize("text", DANGEROUS)
def test_no_program_takes_a_text_for_a_formula(text):
    [_heading, [cell]] = rows_of(write_xlsx("名册", ("A",), [(text,)]))
    assert cell.lstrip("'") == text
    assert cell[0] not in "=+-@\t\r"


@given(st.text(st.sampled_from("'=+-@3天"), min_size=1))
def test_what_goes_out_comes_in_unchanged_also_what_looks_like_a_formula(text):
    exports.use("csv", b"")
    try:
        [_heading, row] = read_book(write_xlsx("名册", ("A",), [(text,)])).readings[0][0].rows
        assert row.cells == (text,)
    finally:
        exports.use(None, b"")


@pytest.mark.usefixtures("chosen")
def test_several_tables_are_a_package_of_files():
    content = write_tables([Table("人/员", ("A",), [("1",)]), Table("人/员", ("B",), [])])
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.namelist() == ["01 人／员.csv", "02 人／员.csv"]
        assert rows_of(package.read("01 人／员.csv")) == [["A"], ["1"]]
    assert exports.named("表.xlsx", "", content) == ("表.zip", "application/zip")


def test_chosen_once_all_files_of_the_browser_are_plain(client, alice):
    kept = client.post("/me/preferences", data={"files": "csv", "next": "/me"}, headers=as_member(alice))
    assert "sanliang_files=csv" in kept.headers["set-cookie"]
    both = {"Cookie": f"{as_member(alice)['Cookie']}; {CHOSEN['Cookie']}"}
    client.cookies.clear()
    for address, headers in (("/me/export.xlsx", both), ("/me/export.xlsx?as=csv", as_member(alice))):
        answer = client.get(address, headers=headers)
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["content-disposition"].endswith(".zip")
    assert "spreadsheetml" in client.get("/me/export.xlsx?as=xlsx", headers=both).headers["content-type"]
    assert "spreadsheetml" in client.get("/me/export.xlsx", headers=as_member(alice)).headers["content-type"]


def test_a_list_of_one_table_is_one_file(client, sam):
    answer = client.get("/shows/duties/template.xlsx?as=csv", headers=as_member(sam))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].endswith(".csv")
    assert rows_of(answer.content)[0]
