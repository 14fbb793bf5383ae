"""A year's sheets of everybody, beside one statement by hand that says the same of each person."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
from sqlalchemy import Uuid, bindparam, make_url, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database
from app.features.members.models import Member, Organisation
from app.features.members.rules import OrganisationKind
from app.features.scores import queries as scores
from app.features.scores.periods import period_of
from app.features.scores.queries import MemberSheet
from app.features.scores.sheet import LineResult
from bench.pages import Home
from bench.processes import megabytes
from bench.scale import last_year

AT_ONCE: Final = 500
"""People whose facts are in memory at a time."""
_PEOPLE: Final = (
    select(Member.id)
    .join(Organisation, Organisation.id == Member.branch_id)
    .where(Organisation.kind == OrganisationKind.BRANCH, Member.id > bindparam("after", type_=Uuid()))
    .order_by(Member.id)
    .limit(AT_ONCE)
)
_FIGURE: Final = (
    "(CASE WHEN {0} < 0 THEN '−' ELSE '' END || CAST(abs({0}) / 100 AS VARCHAR) || CASE WHEN abs({0}) % 100 = 0 THEN ''"
    " WHEN abs({0}) % 10 = 0 THEN '.' || CAST(abs({0}) % 100 / 10 AS VARCHAR)"
    " ELSE '.' || substr(CAST(100 + abs({0}) % 100 AS VARCHAR), 2) END)"
)
"""Hundredths as they are written, such as 7.5."""


def year_by_hand(home: Home) -> Iterator[tuple[Any, ...]]:
    """Everybody's sheet, straight from the driver, by id."""
    address = make_url(home.url)
    text = Path(__file__).with_name("year_by_hand.sql").read_text("utf-8")
    joined = "string_agg" if home.engine_pid else "group_concat"
    text = re.sub(r"\[\[(.+?)\]\]", lambda found: _FIGURE.format(f"({found[1]})"), text)
    statement = text.replace("{year}", str(last_year())).replace("{joined}", joined)
    if home.engine_pid is None:
        with closing(sqlite3.connect(str(address.database))) as lite:
            yield from lite.execute(statement)
        return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection, connection.cursor("by_hand") as cursor:
        cursor.itersize = 1000
        yield from cursor.execute(statement.encode())


def year_of_ours(session: Session, sizes: Callable[[], None]) -> Iterator[MemberSheet]:
    """The same from whole sheets, by id, ``AT_ONCE`` people at a time; ``sizes`` is told after each of these."""
    period, last = period_of(clock.today(), year=last_year()), UUID(int=0)
    while ids := session.scalars(_PEOPLE, {"after": last}).all():
        yield from (shown for shown, _kept in scores.sheets_of(session, ids, period))
        last = ids[-1]
        sizes()


def told(shown: MemberSheet) -> tuple[Any, ...]:
    """One sheet as the statement says it."""
    sheet = shown.sheet
    lines = [cell for section in sheet.sections for line in section.lines for cell in (line.points, _steps(line))]
    extra = sheet.sections[-1]
    return (
        shown.name,
        shown.branch_name,
        shown.group_name,
        shown.post,
        sheet.standing.value,
        shown.exemption,
        len(shown.vetoes),
        len({name for names in shown.elsewhere.values() for name in names}),
        shown.number_of_facts,
        *lines,
        *(section.points for section in sheet.sections),
        extra.withheld,
        sheet.base,
        sheet.total,
        sheet.advice.value if sheet.advice else None,
        int(sheet.double_good),
    )


def _steps(line: LineResult) -> str:
    return "".join(f"; {step.found}/{step.counted}: {step.formula}{'!' if step.limits else ''}" for step in line.steps)


def compare_year(home: Home) -> tuple[float, float]:
    """Print what a year's sheets cost; gives the ratio, and by how many megabytes memory grew in the second half.

    Raises:
        RuntimeError: the statement says anything else of anybody than the sheet does.
    """
    began = home.own_cpu()
    people = sum(1 for _row in year_by_hand(home))
    hand = home.own_cpu() - began
    memory: list[float] = []
    database = Database(home.url)
    with database.read() as session:
        began = home.own_cpu()
        number = sum(1 for _shown in year_of_ours(session, lambda: memory.append(megabytes())))
        ours = home.own_cpu() - began
    with database.read() as session:
        both = zip_longest(year_by_hand(home), year_of_ours(session, lambda: None))
        different = sum(row is None or shown is None or row[1:] != told(shown) for row, shown in both)
    database.close()
    if different or number != people:
        raise RuntimeError(f"{different} sheets are not those of the statement by hand")
    half = len(memory) // 2
    grown = max(memory[half:]) - max(memory[:half])
    print(
        f"{home.name:11}year's sheets of {people}: by hand {hand:.1f} s CPU, ours {ours:.1f}, ratio {ours / hand:.1f}; "
        f"{ours / people * 1000:.2f} ms a sheet; memory {max(memory[:half]):.0f} MB, then {grown:+.0f} MB",
        flush=True,
    )
    return ours / hand, grown
