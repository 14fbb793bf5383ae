"""The program: a workbook on standard input, what it holds as JSON on standard output."""

import contextlib
import io
import json
import math
import sys
from datetime import date, datetime, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from app.core.workbooks.inside import Inside
from app.core.workbooks.limits import CPU_S, MAX_COLUMNS, MAX_ROWS, MEMORY_BYTES, ROWS_OF_HEADINGS, Marks, RefusedError


def main() -> None:
    """Read standard input, write what was found or the code of a refusal to standard output."""
    _bound()
    content = sys.stdin.buffer.read()
    try:
        answer: dict[str, Any] = read(content)
    except RefusedError as refusal:
        answer = {"refused": str(refusal)}
    except PasswordError:
        answer = {"refused": "protected_file"}
    except MemoryError:
        answer = {"refused": "too_much"}
    except Exception:  # noqa: BLE001 - of a damaged file anything may come; it ends here
        answer = {"refused": "broken_file"}
    json.dump(answer, sys.stdout, separators=(",", ":"))


def read(content: bytes) -> dict[str, Any]:
    """``sheets`` (see ``_sheet``), names of ``hidden`` ones, ``from_1904``, and ``blind`` where rows may be hidden.

    Raises:
        RefusedError: it holds more than any list, or no sheet that is seen.
    """
    look = Inside(content) if content.startswith(b"PK") else None
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    hidden = [sheet.name for sheet in book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible]
    sheets = []
    is_blind = False
    for name in book.sheet_names:
        if name in hidden:
            continue
        with contextlib.suppress(CalamineError):  # a chart that fills a sheet has no cells
            marks = look.marks(name) if look else None
            is_blind = is_blind or marks is None
            sheets.append(_sheet(book.get_sheet_by_name(name), marks or Marks({})))
    if not sheets:
        raise RefusedError("no_sheet")
    return {"sheets": sheets, "hidden": hidden, "from_1904": look is not None and look.from_1904, "blind": is_blind}


def _sheet(sheet: CalamineSheet, marks: Marks) -> dict[str, Any]:
    """Its ``rows`` that hold something as [number, cells, flaws], and its joined cells."""
    flaws = marks.flaws
    margin: list[Any] = [None] * (sheet.start[1] if sheet.start else 0)
    rows: list[list[Any]] = []
    width = 0
    for number, values in enumerate(sheet.iter_rows(), start=1):
        cells = [*margin, *map(_cell, values)]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells and not any(kind in {"formula", "error"} for kind, _column in flaws.get(number, ())):
            continue
        width = max(width, len(cells))
        if len(rows) == MAX_ROWS:
            raise RefusedError("too_many_rows")
        rows.append([number, cells[:MAX_COLUMNS], flaws.get(number, [])])
    joined = sheet.merged_cell_ranges or []
    return {
        "name": sheet.name,
        "rows": rows,
        "down": [*marks.down]
        + [[left, top + 1, bottom + 1] for (top, left), (bottom, _right) in joined if bottom > top],
        "across": marks.across
        + [
            [top + 1, left, right]
            for (top, left), (_bottom, right) in joined
            if right > left and top < ROWS_OF_HEADINGS
        ],
        "hidden_columns": marks.hidden_columns,
        "is_cut": width > MAX_COLUMNS,
    }


def _cell(value: Any) -> Any:
    """A text, a number, or a day in a list of one; nothing is ``None``."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return [_day(value).isoformat()]
    if isinstance(value, date):
        return [value.isoformat()]
    if isinstance(value, float):
        if not math.isfinite(value):
            return None  # a number too large for any cell, which JSON cannot say either
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return value if isinstance(value, int) else str(value)


def _day(moment: datetime) -> date:
    """The day of ``moment``; one within a minute of midnight means that midnight.

    Days written in Shanghai's old local time come 43 seconds short.
    """
    return (moment + timedelta(minutes=1)).date()


def _bound() -> None:
    """Bound this process, where the system can; elsewhere its parent's patience does."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not everywhere

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
