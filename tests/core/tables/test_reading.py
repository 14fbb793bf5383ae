"""Files of other people: what is read, and the one sentence with which the rest is refused."""

import io
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.core import tables
from app.core.tables import Flaw, FlawKind, Row, UnreadableTableError, read_book, reading

ROSTER = Path(__file__).parents[2] / "features/roster/data/roster.xlsx"


def workbook(*rows, joined=(), hidden=False):
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for cells in joined:
        sheet.merge_cells(cells)
    if hidden:
        book.create_sheet("second")
        sheet.sheet_state = "hidden"
    return saved(book)


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rows_of(content):
    return read_book(content).readings[0][0].rows


def refusal(content):
    with pytest.raises(UnreadableTableError) as refused:
        read_book(content)
    assert refused.value.sentence.endswith((".", "。"))
    return refused.value.code


def test_cells_keep_their_kind_and_rows_their_numbers():
    content = workbook(["名册"], [], [" 王 ", 1, 2.5, date(2014, 7, 5), True, None])

    assert rows_of(content) == [Row(1, ("名册",)), Row(3, (" 王 ", 1, 2.5, date(2014, 7, 5), "TRUE"))]


def test_error_values_of_formulas_are_blank_and_named():
    failed = Flaw(FlawKind.ERROR, 0)
    assert rows_of(workbook(["#N/A", "a"], ["#REF!"])) == [Row(1, (None, "a"), (failed,)), Row(2, (), (failed,))]
    assert rows_of("姓名,手机\n#N/A,1\n".encode())[1] == Row(2, (None, "1"), (failed,))


def test_numbers_beyond_all_bounds_are_blank():
    with zipfile.ZipFile(io.BytesIO(workbook(["a", 5]))) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<v>5</v>", b"<v>1e999</v>")

    assert rows_of(archive(parts)) == [Row(1, ("a",))]


def test_a_joined_cell_speaks_for_all_its_rows_that_hold_something():
    content = workbook(
        ["支部", "姓名"], ["一支部", "甲"], [None, "乙"], [None, None], ["二支部", "丙"], joined=("A2:A4", "A1:B1")
    )

    assert [row.cells for row in rows_of(content)] == [
        ("支部",),
        ("一支部", "甲"),
        ("一支部", "乙"),
        ("二支部", "丙"),
    ]


def test_hidden_sheets_are_passed_over():
    book = Workbook()
    book.active.append(["old"])
    book.active.sheet_state = "hidden"
    book.create_sheet("新").append(["new"])

    found = read_book(saved(book))
    assert [(sheet.name, sheet.rows) for sheet in found.readings[0]] == [("新", [Row(1, ("new",))])]
    assert found.hidden == ("Sheet",)


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("utf-16", "\t"), ("gb18030", ";"), ("utf-8", "\t")],
)
def test_csv_in_the_encodings_and_delimiters_of_the_office(encoding, delimiter):
    text = f"姓名{delimiter}备注\r\n\r\n张三丰{delimiter}“退休”\r\n"

    assert rows_of(text.encode(encoding)) == [Row(1, ("姓名", "备注")), Row(3, ("张三丰", "“退休”"))]


def test_workbooks_without_styles_are_read_quietly():
    with zipfile.ZipFile(io.BytesIO(workbook(["a"]))) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist() if "theme" not in name}
    parts["xl/styles.xml"] = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'

    assert rows_of(archive(parts)) == [Row(1, ("a",))]


def test_columns_beyond_the_limit_are_not_read():
    assert rows_of(workbook([1] * 150)) == [Row(1, (1,) * tables.reading.MAX_COLUMNS)]


def test_what_stands_below_many_blank_rows_is_read():
    book = Workbook()
    book.active["A1"] = "first"
    book.active["N1048576"] = "stray"

    assert [(row.number, row.cells[-1]) for row in rows_of(saved(book))] == [(1, "first"), (1_048_576, "stray")]


def test_a_password_is_named():
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refusal(encrypted) == "protected_file"


def test_other_formats_are_named():
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le")) == "broken_file"
    assert refusal(archive({"word/document.xml": b"<document/>"})) == "other_format"
    assert refusal(archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b""})) == "other_format"


@pytest.mark.parametrize(
    "start",
    [
        b"<html><body><table><tr><td>",
        b"\xef\xbb\xbf\r\n<!DOCTYPE html>",
        b"<meta charset=gb2312>",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "<html>".encode("utf-16"),
        b"MIME-Version: 1.0",
    ],
)
def test_a_web_page_under_the_name_of_a_workbook_is_named(start):
    assert refusal(start + b" and more") == "web_page"


def archive(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"PK\x03\x04 and then nonsense", id="no archive"),
        pytest.param(archive({"[Content_Types].xml": b"<Types"}), id="no XML"),
        pytest.param(ROSTER.read_bytes()[:-2000], id="cut off"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff", id="picture"),
        pytest.param(b'"' + b"x" * 200_000, id="endless CSV field"),
    ],
)
def test_damaged_files_are_refused(content):
    assert refusal(content) == "broken_file"


def test_an_empty_file_is_refused():
    assert refusal(b" \n") == "empty_file"


def test_a_workbook_without_a_visible_sheet_is_refused():
    content = workbook(["a"], hidden=True)
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        parts = {name: zipped.read(name) for name in zipped.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'state="visible"', b'state="hidden"')
    assert refusal(archive(parts)) == "no_sheet"


def test_a_large_file_is_refused_by_its_size_alone():
    with pytest.raises(tables.UnreadableTableError) as refused:
        tables.check_size(50 * 1024 * 1024)
    assert refused.value.code == "file_too_large"
    assert refused.value.status == 413
    tables.check_size(tables.MAX_FILE_BYTES)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = archive({"[Content_Types].xml": b"<Types/>", "xl/worksheets/sheet1.xml": b"\0" * 60_000_000})

    assert len(bomb) < 100_000
    assert refusal(bomb) == "unpacked_too_large"


def test_entities_that_grow_without_end_are_refused():
    grow = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 20) for n in range(1, 9))
    laughs = b'<?xml version="1.0"?><!DOCTYPE Types [<!ENTITY e0 "ha">' + grow + b"]><Types>&e8;</Types>"

    assert refusal(archive({"[Content_Types].xml": laughs})) == "broken_file"


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)

    assert refusal(b"a\nb\nc\nd\n") == "too_many_rows"
    assert len(rows_of(b"a\nb\n\nc\n")) == 3


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    read_or_refused(content)


@given(st.integers(0, len(ROSTER.read_bytes()) - 1), st.integers(0, 255))
def test_a_roster_with_a_flipped_byte_is_read_or_refused(position, byte):
    content = bytearray(ROSTER.read_bytes())
    content[position] = byte
    read_or_refused(bytes(content))


def read_or_refused(content):
    with suppress(UnreadableTableError):
        read_book(content)
