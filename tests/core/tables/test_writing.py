"""What goes out opens as it was written and cannot run anything."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.core.tables import Table, read_book, write_tables, write_xlsx
from app.core.tables.cells import Flaw, FlawKind
from app.core.tables.reading import ERROR_VALUES

DANGEROUS = ["=1+1", "+86 138", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "\t=1", "http://example.org"]


def reread(rows, headings=("A", "B")):
    return [row.cells for row in read_book(write_xlsx("名册", headings, rows)).readings[0][0].rows]


def test_rows_come_back_as_they_were():
    assert reread([("张三", "013800000000"), ("", 3), (None, 2.5)]) == [
        ("A", "B"),
        ("张三", "013800000000"),
        (None, 3),
        (None, 2.5),
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_looks_like_a_formula_is_text_even_after_editing(text):
    cell = load_workbook(io.BytesIO(write_xlsx("名册", ("A",), [(text,)])))["名册"]["A2"]

    assert cell.value == text
    assert cell.data_type == "s"
    assert cell.number_format == "@"
    assert cell.quotePrefix is (text[0] in "=+-@\t")
    assert cell.hyperlink is None


def test_headings_stay_in_sight():
    sheet = load_workbook(io.BytesIO(write_xlsx("名册", ("A", "B"), [("1", "2")])))["名册"]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda text: text.strip())


@given(TEXTS.filter(lambda text: text.strip() not in ERROR_VALUES))
def test_any_text_comes_back(text):
    assert reread([(text,)], ("A",))[1:] in ([(text,)], [])


@pytest.mark.parametrize("word", sorted(ERROR_VALUES))
def test_a_word_that_stands_for_a_failed_formula_comes_back_as_a_flaw(word):
    (_headings, row) = read_book(write_xlsx("名册", ("A", "B"), [("张三", word)])).readings[0][0].rows
    assert row.cells == ("张三",)
    assert row.flaws == (Flaw(FlawKind.ERROR, 1),)


def sheet_names(*names):
    content = write_tables(Table(name, ("A",), [("1",)]) for name in names)
    return load_workbook(io.BytesIO(content)).sheetnames


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("买买提:艾力", "买买提：艾力"),
        ("张[三]", "张［三］"),
        ("A/B", "A／B"),
        ("O'", "O’"),
        ("History", "History 2"),
        ("", "2"),
        ("长" * 40, "长" * 31),
        ("😀" * 20, "😀" * 15),
    ],
)
def test_a_sheet_may_be_called_like_anybody(name, kept):
    assert sheet_names(name) == [kept]


def test_equal_names_are_told_apart():
    assert sheet_names("Li", "li", "长" * 31, "长" * 40) == ["Li", "li 2", "长" * 31, "长" * 29 + " 2"]


NAMES = (
    st.text(st.sampled_from("aA张三😀ß[]:*?/\\' \n\x00\ud800")) | st.text() | st.sampled_from(["History", "'history'"])
)


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_whatever_the_names_the_file_opens_with_a_sheet_for_each(names):
    found = sheet_names(*names)
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        assert name.strip("'") == name
        assert name.casefold() != "history"
        assert not set(name) & set("[]:*?/\\")
        assert 0 < len(name.encode("utf-16-le")) <= 62
