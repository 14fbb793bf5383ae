"""Files of other people: XLSX, XLS, ODS and CSV, read with limits and refused in one clear sentence each."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from app.core.settings import PROJECT_DIR
from app.core.tables import errors
from app.core.tables.cells import LIKE_A_FORMULA, Book, Cell, Flaw, FlawKind, Row, Sheet, Span
from app.core.tables.merged import fill_down
from app.core.workbooks.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 50 * 1024 * 1024
PATIENCE_S: Final = 60
"""How long a workbook may be read; the process that reads it has bounds of its own."""
_PROGRAM: Final = (
    sys.executable,
    "-I",
    "-c",
    f"import sys; sys.path.insert(0, {str(PROJECT_DIR)!r}); from app.core.workbooks.reading import main; main()",
)
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART: Final = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<(?:!doctype|html|head|meta|table|\?xml|workbook)\b|MIME-Version:)", re.IGNORECASE
)
_TELLING_PARTS: Final = frozenset({"[Content_Types].xml", "content.xml"})
_OTHER_PARTS: Final = ("xl/workbook.bin", "word/", "ppt/")
ERROR_VALUES: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
"""What a table program shows where a formula failed: no text of anybody."""
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_REFUSALS: Final[Mapping[str, type[errors.UnreadableTableError]]] = MappingProxyType(
    {
        refusal.code: refusal
        for refusal in (errors.ProtectedFileError, errors.NoSheetError, errors.TooMuchError, errors.BrokenFileError)
    }
)


def check_size(size: int) -> None:
    """Refuse a file before it is read into memory.

    Raises:
        FileTooLargeError: ``size`` is above ``MAX_FILE_BYTES``.
    """
    if size > MAX_FILE_BYTES:
        raise errors.FileTooLargeError(megabytes=MAX_FILE_BYTES // 1024**2)


def read_book(content: bytes) -> Book:
    """What a file holds. The content decides what it is, never the file's name.

    Raises:
        UnreadableTableError: each subclass in ``errors`` says why and what to do.
    """
    check_size(len(content))
    if not content.strip():
        raise errors.EmptyFileError
    if content.startswith(_ZIP):
        _check_archive(content)
        return _workbook(content)
    if content.startswith(_OLE):
        if _ENCRYPTED_PART in content:
            raise errors.ProtectedFileError
        return _workbook(content)
    if _WEB_PAGE.match(content[:200].replace(b"\x00", b"").removeprefix(b"\xff\xfe")):
        raise errors.WebPageError
    text = _decoded(content)
    try:
        return Book(tuple((Sheet("", rows),) for rows in _tables_of(text)))
    except csv.Error as damage:
        raise errors.BrokenFileError from damage


def _check_archive(content: bytes) -> None:
    """Refuse by the archive's own table of contents; nothing is unpacked beyond what it declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {part.filename: part.file_size for part in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError) as damage:
        raise errors.BrokenFileError from damage
    if sum(parts.values()) > MAX_UNPACKED_BYTES:
        raise errors.UnpackedTooLargeError(megabytes=MAX_UNPACKED_BYTES // 1024**2)
    if not _TELLING_PARTS & parts.keys() or any(name.startswith(_OTHER_PARTS) for name in parts):
        raise errors.OtherFormatError


def _workbook(content: bytes) -> Book:
    """Read by a process of its own (``core/workbooks``): what brings it down brings nobody else down."""
    try:
        done = subprocess.run(_PROGRAM, input=content, capture_output=True, check=False, timeout=PATIENCE_S)  # noqa: S603
    except subprocess.TimeoutExpired as slow:
        raise errors.TooMuchError from slow
    if done.returncode < 0:  # ended by its bounds
        raise errors.TooMuchError
    if done.returncode > 0:
        raise errors.BrokenFileError
    found = json.loads(done.stdout)
    if code := found.get("refused"):
        raise errors.TooManyRowsError(rows=MAX_ROWS) if code == "too_many_rows" else _REFUSALS[code]
    sheets = tuple(_sheet(sheet) for sheet in found["sheets"])
    return Book((sheets,), tuple(found["hidden"]), found["from_1904"], found["blind"])


def _sheet(found: Mapping[str, Any]) -> Sheet:
    rows = [
        _row(number, [date.fromisoformat(cell[0]) if isinstance(cell, list) else cell for cell in cells], flaws)
        for number, cells, flaws in found["rows"]
    ]
    return Sheet(
        found["name"],
        fill_down([row for row in rows if row.cells or row.flaws], map(tuple, found["down"])),
        tuple(Span(*span) for span in found["across"]),
        frozenset(found["hidden_columns"]),
        found["is_cut"],
    )


def _row(number: int, cells: list[Cell], flaws: list[list[Any]]) -> Row:
    """A row without the words that stand for a formula's failure; its flaws name them."""
    said = [Flaw(FlawKind(kind), column) for kind, column in flaws]
    for column, cell in enumerate(cells):
        if isinstance(cell, str) and cell.strip() in ERROR_VALUES:
            cells[column] = None
            said.append(Flaw(FlawKind.ERROR, column))
    while cells and cells[-1] is None:
        cells.pop()
    return Row(number, tuple(cells), tuple(dict.fromkeys(said)))


def _tables_of(text: str) -> Iterator[list[Row]]:
    """The rows of a text file, for each sign that may part its columns."""
    first_line = _SEPARATOR_LINE.match(text)
    signs = first_line[1] if first_line else [sign for sign in ",\t;|" if sign in text] or [","]
    for sign in signs:
        rows: list[Row] = []
        count = 0
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=sign), start=1):
            count += len(values)
            if count > MAX_CELLS:
                raise errors.TooMuchError
            row = _row(number, [_unguarded(value) if value.strip() else None for value in values[:MAX_COLUMNS]], [])
            if row.cells and not (first_line and number == 1):
                if len(rows) == MAX_ROWS:
                    raise errors.TooManyRowsError(rows=MAX_ROWS)
                rows.append(row)
        yield rows


def _unguarded(value: str) -> str:
    """Without the apostrophe that kept it from being a formula: a list goes out and comes in unchanged."""
    return value[1:] if value.startswith("'") and LIKE_A_FORMULA.match(value) else value


def _decoded(content: bytes) -> str:
    """The text of a CSV file: Excel in China writes GB18030, WPS and the web UTF-8, "Unicode text" is UTF-16.

    Raises:
        BrokenFileError: it is none of these.
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise errors.BrokenFileError


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\x00" in content:  # commas and line ends of UTF-16 without its mark
        high, low = content[::2].count(0), content[1::2].count(0)
        return ("utf-16-le", "utf-16-be") if low > high else ("utf-16-be", "utf-16-le")
    return ("utf-8-sig", "gb18030")
