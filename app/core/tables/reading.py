"""Files of other people: XLSX and CSV, read with limits and refused in one clear sentence each."""

import csv
import io
import math
import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader

from app.core.tables import errors
from app.core.tables.cells import Cell, Row, Sheet
from app.core.tables.merged import fill_down, joined_ranges

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 50 * 1024 * 1024
MAX_ROWS: Final = 20_000
"""Rows with content in one sheet; the largest organ has 5,000 branches' officers, a file holds one organ's part."""
MAX_COLUMNS: Final = 100
MAX_BLANK_RUN: Final = 1_000
"""After so many blank rows the sheet has ended: formats set on whole columns reach to the last row of Excel."""
LAST_EXCEL_ROW: Final = 1_048_576

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_ERROR_VALUES = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_DAMAGE = (
    BadZipFile,
    zlib.error,
    ParseError,
    csv.Error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    ArithmeticError,
    RuntimeError,
)
"""What openpyxl and zipfile raise on damaged files (found by flipping bytes, see the tests)."""

warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")  # missing styles and the like: no news


def check_size(size: int) -> None:
    """Refuse a file before it is read into memory.

    Raises:
        FileTooLargeError: ``size`` is above ``MAX_FILE_BYTES``.
    """
    if size > MAX_FILE_BYTES:
        raise errors.FileTooLargeError(megabytes=MAX_FILE_BYTES // 1024**2)


def read_sheets(content: bytes) -> Iterator[Sheet]:
    """The sheets of a file, one after the other. The content decides what it is, never the file's name.

    Raises:
        UnreadableTableError: each subclass in ``errors`` says why and what to do.
    """
    check_size(len(content))
    if not content.strip():
        raise errors.EmptyFileError
    if content.startswith(_OLE):
        raise errors.ProtectedFileError if _ENCRYPTED_PART in content else errors.OldFormatError
    try:
        if content.startswith(_ZIP):
            yield from _workbook_sheets(content)
        else:
            yield Sheet("", _csv_rows(content))
    except _DAMAGE as damage:
        raise errors.BrokenFileError from damage


def _workbook_sheets(content: bytes) -> Iterator[Sheet]:
    with ZipFile(io.BytesIO(content)) as archive:
        parts = {part.filename: part.file_size for part in archive.infolist()}
    if sum(parts.values()) > MAX_UNPACKED_BYTES:  # zipfile never unpacks more of a part than it declares
        raise errors.UnpackedTooLargeError(megabytes=MAX_UNPACKED_BYTES // 1024**2)
    if "[Content_Types].xml" not in parts or "xl/workbook.bin" in parts:
        raise errors.OldFormatError
    reader = ExcelReader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    reader.read()
    worksheets = {sheet.title: sheet for sheet in reader.wb.worksheets}
    visible = [
        (worksheets[sheet.name], part.target)
        for sheet, part in reader.parser.find_sheets()
        if sheet.name in worksheets and sheet.state == "visible"
    ]
    if not visible:
        raise errors.NoSheetError
    for worksheet, part_name in visible:
        cells = worksheet.iter_rows(max_row=LAST_EXCEL_ROW, max_col=MAX_COLUMNS, values_only=True)
        rows = _filled_rows(cells)
        with reader.archive.open(part_name) as part:
            yield Sheet(worksheet.title, fill_down(rows, joined_ranges(part.read())))


def _csv_rows(content: bytes) -> list[Row]:
    text = _decoded(content)
    first_lines = text[:2000]
    delimiter = max(",\t;", key=first_lines.count)
    return _filled_rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _decoded(content: bytes) -> str:
    """The text of a CSV file: Excel in China writes GB18030, WPS and the web UTF-8, "Unicode text" is UTF-16.

    Raises:
        BrokenFileError: it is none of these.
    """
    by_mark = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for encoding in (by_mark, "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise errors.BrokenFileError


def _filled_rows(rows: Iterable[Sequence[object]]) -> list[Row]:
    filled: list[Row] = []
    for number, values in enumerate(rows, start=1):
        cells = [_cell(value) for value in values[:MAX_COLUMNS]]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            if len(filled) == MAX_ROWS:
                raise errors.TooManyRowsError(rows=MAX_ROWS)
            filled.append(Row(number, tuple(cells)))
        elif number - (filled[-1].number if filled else 0) > MAX_BLANK_RUN:
            break
    return filled


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value if value.strip() and value.strip() not in _ERROR_VALUES else None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, float) and not math.isfinite(value):
        return None  # a number too large for any cell, which JSON cannot say either
    if value is None or isinstance(value, (int, float, date)):
        return value
    return str(value)
