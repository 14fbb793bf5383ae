"""Tables in and out: workbooks and CSV files as rows of cells, and rows as an XLSX file."""

from app.core.tables.cells import Book, Cell, Flaw, FlawKind, Row, Sheet, folded, one_line
from app.core.tables.errors import NoFileError, UnreadableTableError
from app.core.tables.finding import NO_REPORT, FoundTable, Report, find_table
from app.core.tables.headings import Header, cell_of, find_header, heading_key
from app.core.tables.reading import MAX_FILE_BYTES, check_size, read_book
from app.core.tables.writing import XLSX_MEDIA_TYPE, Table, write_tables, write_xlsx

__all__ = [
    "MAX_FILE_BYTES",
    "NO_REPORT",
    "XLSX_MEDIA_TYPE",
    "Book",
    "Cell",
    "Flaw",
    "FlawKind",
    "FoundTable",
    "Header",
    "NoFileError",
    "Report",
    "Row",
    "Sheet",
    "Table",
    "UnreadableTableError",
    "cell_of",
    "check_size",
    "find_header",
    "find_table",
    "folded",
    "heading_key",
    "one_line",
    "read_book",
    "write_tables",
    "write_xlsx",
]
