"""Files that go out: an empty list to fill in, and the rows that need a correction."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core.tables import Cell, write_xlsx
from app.features.imports.lists import ListKind


def empty_file(kind: ListKind[Any, Any, Any]) -> bytes:
    """The headings, and below them how to fill in the rows."""
    headings = [names[0] for column, names in kind.names.items() if column not in kind.not_in_template]
    return write_xlsx(kind.words.sheet_name, headings, ((line,) for line in kind.how_to))


def returned_file(
    kind: ListKind[Any, Any, Any], headings: Sequence[str], rows: Iterable[tuple[Sequence[Cell], str]]
) -> bytes:
    """Rows as they came under the file's own headings, each with what is wrong with it in a last column.

    Correct them there and bring the file in again: the last column is not read.
    """
    headings = headings[:-1] if headings[-1] == kind.reason_heading else headings  # the file has come back once already
    width = len(headings)
    padded = ((*cells[:width], *("",) * (width - len(cells)), reason) for cells, reason in rows)
    return write_xlsx(kind.words.sheet_name, (*headings, kind.reason_heading), padded)
