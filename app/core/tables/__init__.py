"""Tables in and out: XLSX and CSV files as rows of cells, and rows as an XLSX file."""

from app.core.tables.cells import Cell, Row, Sheet, folded, one_line
from app.core.tables.errors import NoFileError, UnreadableTableError
from app.core.tables.headings import Header, find_header
from app.core.tables.reading import MAX_FILE_BYTES, check_size, read_sheets
from app.core.tables.writing import XLSX_MEDIA_TYPE, Table, write_tables, write_xlsx

__all__ = [
    "MAX_FILE_BYTES",
    "XLSX_MEDIA_TYPE",
    "Cell",
    "Header",
    "NoFileError",
    "Row",
    "Sheet",
    "Table",
    "UnreadableTableError",
    "check_size",
    "find_header",
    "folded",
    "one_line",
    "read_sheets",
    "write_tables",
    "write_xlsx",
]
