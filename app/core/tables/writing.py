"""Rows out as an XLSX or CSV file that opens well and cannot run anything."""

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.core import exports
from app.core.tables.cells import LIKE_A_FORMULA, Cell, one_line

XLSX_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL_CHARACTERS: Final = 32_767
"""Excel's own limit; longer text is cut."""
MAX_NAME_UNITS: Final = 31
"""UTF-16 units of a sheet's name; a longer one is cut."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDE_SIGNS: Final = str.maketrans("[]:*?/\\'", "［］：＊？／＼’")
"""Signs that no sheet's name may have (the last one not at its ends) → those that look like them."""

_WIDE_IN_FILES: Final = str.maketrans('<>|"', "＜＞｜＂")
"""What names of files may not have besides."""


class Table(NamedTuple):
    """One sheet of a file: its name (any text), its heading row and the rows below."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_xlsx(sheet_name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A file of one sheet; see ``write_tables``."""
    return write_tables([Table(sheet_name, headings, rows)])


def write_tables(tables: Iterable[Table]) -> bytes:
    """A sheet for each table, with a heading row that stays in sight and can filter; CSV where that is chosen.

    Every text stays text: the cell's format says so (a phone number keeps its form, and a text that begins
    like a formula is none even after somebody edits the cell). Rows are written as they come and wait on the disk:
    a file of 100,000 takes no more memory than one of 100.
    """
    if exports.as_csv():
        return _csv_of(list(tables))
    buffer = io.BytesIO()
    workbook = Workbook(
        buffer,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "num_format": "@"})
    plain = workbook.add_format({"num_format": "@", "valign": "top"})
    quoted = workbook.add_format({"num_format": "@", "valign": "top", "quote_prefix": True})
    names = {"", "history"}  # no sheet may be called so
    for table in tables:
        names.add((name := _sheet_name(table.name, names)).casefold())
        sheet = workbook.add_worksheet(name)
        widths = [_width(text) for text in table.headings]
        _write_row(sheet, 0, table.headings, heading, heading)
        count = 0
        for count, cells in enumerate(table.rows, start=1):
            _write_row(sheet, count, cells, plain, quoted)
            for index, cell in enumerate(cells):
                widths[index] = max(widths[index], _width(one_line(cell)))
        for index, width in enumerate(widths):
            sheet.set_column(index, index, min(width + 2, 40))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, count, len(table.headings) - 1)
    workbook.close()
    return buffer.getvalue()


def _csv_of(tables: Sequence[Table]) -> bytes:
    """One table as CSV (UTF-8 with its mark, as Excel wants it), several as a ZIP with one for each."""
    if len(tables) == 1:
        return _csv(tables[0])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for number, table in enumerate(tables, start=1):
            name = f"{number:02} {_sheet_name(table.name, ()).translate(_WIDE_IN_FILES)}.csv"
            package.writestr(zipfile.ZipInfo(name), _csv(table), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    write = csv.writer(text).writerow
    for cells in (table.headings, *table.rows):
        write([_guarded(cell) for cell in cells])
    return exports.BOM + text.getvalue().encode("utf-8", "replace")


def _guarded(cell: Cell) -> Cell:
    """A text that no program takes for a formula: CSV has no format that says so, an apostrophe does it everywhere.

    Reading takes one off again, so a text that has its own already gets one more.
    """
    if cell is None or isinstance(cell, (int, float)):
        return cell
    text = str(cell)
    return f"'{text}" if LIKE_A_FORMULA.match(text) else text


def _sheet_name(wanted: str, taken: Collection[str]) -> str:
    """What a spreadsheet accepts as a name: as ``wanted`` as can be, and none of those ``taken`` (casefolded)."""
    plain = "".join(sign if sign.isprintable() else " " for sign in wanted.translate(_WIDE_SIGNS)).strip()
    name, number = _cut(plain, MAX_NAME_UNITS), 1
    while name.casefold() in taken:
        number += 1
        end = f" {number}"
        name = (_cut(plain, MAX_NAME_UNITS - len(end)) + end).strip()
    return name


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore").strip()


def _write_row(sheet: Worksheet, row: int, cells: Sequence[Cell], plain: Format, quoted: Format) -> None:
    for column, cell in enumerate(cells):
        if cell is None or cell == "":
            continue
        if isinstance(cell, (int, float)):
            sheet.write_number(row, column, cell)
            continue
        text = str(cell)[:MAX_CELL_CHARACTERS]
        sheet.write_string(row, column, text, quoted if text.startswith(_FORMULA_STARTS) else plain)


def _width(text: str) -> int:
    """Columns a text takes: a Chinese character is as wide as two Latin ones."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
