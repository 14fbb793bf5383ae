"""Rosters and their rows for tests about them."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.core import clock
from app.core.tables import write_xlsx
from app.features.imports.service import table_of
from app.features.roster import service
from app.features.roster.importer import SERVER, Importer
from app.features.roster.listing import ROSTER as ROSTER_LIST
from app.features.roster.rules import Plan, RosterRow
from app.features.roster.sheet.rows import roster_row

ROSTER = Path(__file__).parent / "data/roster.xlsx"
ROSTER_BRANCHES = ("办公室党支部", "监察处党支部", "刑事司法处党支部")
HEADINGS = ("姓名", "所在党支部", "手机号码", "党小组", "党内职务", "备注")


def roster_file(*rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS) -> bytes:
    """An XLSX with ``rows`` below ``headings``; the first of them is row 2."""
    return write_xlsx("名册", headings, [(*row, *("",) * (len(headings) - len(row))) for row in rows])


def read_file(content: bytes, *, today: date | None = None) -> list[RosterRow]:
    """What the rows of a file say."""
    table = table_of(ROSTER_LIST, content)
    return [roster_row(row, table.header, today or clock.today()) for row in table.rows]


def import_file(
    session: Session, content: bytes, importer: Importer = SERVER, *, create_branches: bool = False
) -> Plan:
    """Import a file in one go."""
    return service.import_rows(session, importer, read_file(content), create_branches=create_branches)


def tally(plan: Plan) -> dict[str, int]:
    """How many rows have each verdict."""
    counts: dict[str, int] = {}
    for row in plan.rows:
        counts[row.verdict.value] = counts.get(row.verdict.value, 0) + 1
    return counts
