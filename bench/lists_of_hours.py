"""A list of 5,000 rows of hours: reading it in portions, handing it in, confirming it; beside the same by hand.

``python -m bench.lists_of_hours [--rows N]``, on both databases. By hand is openpyxl and one INSERT a thousand rows: no
rule is asked, nobody looked for and nothing kept in between. Memory is what this process holds more at its highest than
before; the workbook itself is read by another process (docs/decisions/0031). It ends with 1 where handing in and
confirming keep the writer longer than their goal, an entry is missing, or memory grows with the rows.
"""

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from openpyxl import load_workbook
from sqlalchemy import Table, func, select

from app.core import clock
from app.core.ids import new_id
from app.core.tables import write_xlsx
from app.features.education.rules import HoursClass
from app.features.imports import columns, service
from app.features.imports.lists import Placed
from app.features.study.lists import profiles
from app.features.study.lists import service as lists
from app.features.study.lists.listing import HOURS
from app.features.study.lists.mapping import Column
from app.features.study.lists.models import HoursEntry, HoursImport
from bench.installation import ENGINES, Installation, installation
from tests.makers import Person

HEADINGS: Final = ("姓名", "手机号", "完成日期", "课程名称", "学时", "积分", "排名")
MEANS: Final = (Column.NAME, Column.PHONE, Column.DAY, Column.TITLE, Column.HOURS)
PEOPLE: Final = 200
WRITER_GOAL_S: Final = 6.0
"""How long the one writer of SQLite is kept by handing in, on a machine that others use."""
MEMORY_GOAL_MB: Final = 60.0
T = TypeVar("T")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5000)
    rows = parser.parse_args().rows
    missed = False
    for engine in ENGINES:
        with tempfile.TemporaryDirectory(prefix="sanliang-bench-") as folder:
            missed |= _run(Path(folder), engine, rows)
    print(f"Goals: each unit of work below {WRITER_GOAL_S} s, memory below {MEMORY_GOAL_MB:.0f} MB")
    sys.exit(missed)


def _run(folder: Path, engine: str, rows: int) -> bool:
    with installation(folder, engine, members=PEOPLE) as here:
        content = _export(here.members, rows)
        before = _highest()
        table, reading = _timed(lambda: service.table_of(HOURS, content))
        upload_id, keeping = _timed(lambda: _keep(here, table))
        portions = _portions(here, upload_id)
        _look, looking = _timed(lambda: _plan(here, upload_id))
        _done, handing_in = _timed(lambda: _hand_in(here, upload_id))
        number, confirming = _timed(lambda: _confirm(here, upload_id))
        grown = _highest() - before
        by_hand = _timed(lambda: _by_hand(here, content))[1]
        ours = reading + keeping + sum(portions) + looking + handing_in + confirming
        print(
            f"{engine:10} {number} of {rows} rows; read {reading:.2f} s, kept {keeping:.2f} s, "
            f"{len(portions)} portions of at most {max(portions):.2f} s, previewed {looking:.2f} s, "
            f"handed in {handing_in:.2f} s, confirmed {confirming:.2f} s; in all {ours:.2f} s, "
            f"by hand {by_hand:.2f} s, ratio {ours / by_hand:.2f}; memory +{grown:.0f} MB"
        )
        return number != rows or max(handing_in, confirming) > WRITER_GOAL_S or grown > MEMORY_GOAL_MB


def _export(people: Sequence[Person], rows: int) -> bytes:
    first = clock.today() - timedelta(days=300)
    if first.year < clock.today().year:
        first = date(clock.today().year, 1, 1)
    days = (clock.today() - first).days + 1
    lines = []
    for n in range(rows):
        one = people[n % len(people)]
        lines.append((one.name, one.phone, first + timedelta(days=n % days), f"课程{n}", "30分钟", n, n))
    return write_xlsx("学习记录", HEADINGS, lines)


def _keep(here: Installation, table: Any) -> Any:
    with here.database.write() as session:
        actor = here.people.sam.actor
        placed = Placed(actor.branch_id, {})
        upload = service.keep_upload(session, actor, HOURS, file_name="导出.xlsx", table=table, placed=placed)
        said = profiles.ListChoices("干部网络学院", HoursClass.NETWORK, is_cumulative=False)
        header = service.about(HOURS, upload).header
        columns.settle(session, HOURS, upload, profiles.say(session, actor, upload, header, columns=MEANS, new=said))
        return upload.id


def _portions(here: Installation, upload_id: Any) -> list[float]:
    """How long each portion takes that the page asks for."""
    took = []
    while True:
        start = time.perf_counter()
        with here.database.write() as session:
            upload = service.upload_of(session, here.people.sam.actor, HOURS, upload_id, hold=True)
            service.read_next(session, HOURS, upload)
            done = service.rows_read(session, upload) >= upload.row_count
        took.append(time.perf_counter() - start)
        if done:
            return took


def _plan(here: Installation, upload_id: Any) -> int:
    with here.database.read() as session:
        actor = here.people.sam.actor
        upload = service.upload_of(session, actor, HOURS, upload_id)
        return HOURS.count_new(service.plan(session, actor, HOURS, upload).rows)


def _hand_in(here: Installation, upload_id: Any) -> None:
    with here.database.write() as session:
        service.confirm(session, here.people.sam.actor, HOURS, upload_id=upload_id)


def _confirm(here: Installation, upload_id: Any) -> int:
    with here.database.write() as session:
        return lists.confirm(session, here.people.dora.actor, list_id=upload_id)


def _by_hand(here: Installation, content: bytes) -> None:
    """The same rows with openpyxl and INSERT."""
    sheet = load_workbook(io.BytesIO(content), read_only=True).active
    assert sheet is not None
    ids = {one.phone: one for one in here.members}
    table = cast(Table, HoursEntry.__table__)
    of = {
        "id": new_id(), "organisation_id": here.people.sam.branch_id, "source": "x", "fingerprint": "0" * 64,
        "file_name": "x", "hours_class": HoursClass.NETWORK, "is_cumulative": False,
        "brought_by_id": here.people.sam.id, "brought_at": clock.now(),
    }  # fmt: skip
    with here.database.write() as session:
        session.execute(cast(Table, HoursImport.__table__).insert(), of)
        some: list[dict[str, Any]] = []
        for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True)):
            one = ids[str(row[1])]
            some.append(
                {
                    "id": new_id(), "import_id": of["id"], "member_id": one.id, "branch_id": one.branch_id,
                    "brought_by_id": here.people.sam.id,
                    "on": date.fromisoformat(str(row[2])[:10]), "title": str(row[3]),
                    "minutes": 30, "total": None, "key": f"hand{number:060}", "is_history": False,
                }
            )  # fmt: skip
            if len(some) == 1000:
                session.execute(table.insert(), some)
                some.clear()
        if some:
            session.execute(table.insert(), some)
        assert session.scalar(select(func.count()).select_from(HoursEntry))


def _timed(do: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    done = do()
    return done, time.perf_counter() - start


def _highest() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    os.environ.setdefault("SANLIANG_LANGUAGE", "zh_CN")
    main()
