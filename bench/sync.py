"""What taking in a captured record or a code of the room costs: CPU per item in batches, on both databases.

``python -m bench.sync [--items N]``. Beside it, in the same run: raw ``executemany`` of the same rows, one request per
item, and codes of the room in batches of 50, one phone's of 50 meetings. Time of the server's process and of the
database's processes is added up; that of the sender is not. It ends with 1 where an item of a batch of 50 costs more
than its goal.
"""

import argparse
import http.client
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any, Final
from uuid import UUID

from cryptography.fernet import Fernet
from psycopg.types.json import Json
from sqlalchemy import Connection

from app.core import clock
from app.core.ids import new_id
from app.core.sealing import Sealer
from app.features.meetings.attendance.rules import Kind
from app.features.meetings.events.models import MeetingEvent, MeetingExpected, MeetingItem, VenueCode
from app.features.meetings.events.rules import Capacity
from app.features.meetings.events.secrets import SECRET_BYTES
from app.features.meetings.venue_code.rules import code_at
from bench.installation import ENGINES, Installation, installation
from tests.makers import Person, as_member

BATCHES: Final = (1, 20, 50)
AT_ONCE: Final = 50
"""Records of one transaction of the raw way."""
GOAL_MS: Final = 3.0
"""CPU per item in batches of 50, in milliseconds."""
CODES: Final = "codes, batches of 50"
CODES_GOAL_MS: Final = 1.0
"""The same of a code of the room."""
DAYS: Final = 25
"""A queue of this bench covers so many days, so that an item has one or two neighbours, as in life."""
MEMBERS: Final = 40


@dataclass(frozen=True)
class Cost:
    """CPU of one way to store records, in milliseconds per item."""

    way: str
    server: float
    database: float

    @property
    def whole(self) -> float:
        """Server and database together."""
        return self.server + self.database


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=1000, help="for each way; 1000 by default")
    items = parser.parse_args().items
    print(f"CPU in milliseconds per item, {items} items each way")
    print(f"{'':36}{'server':>10}{'database':>10}{'together':>10}{'× raw':>8}{'of one by one':>15}")
    missed = False
    for engine in ENGINES:
        with tempfile.TemporaryDirectory(prefix="sanliang-bench-") as folder:
            costs = list(_costs(Path(folder), engine, items))
        _print(engine, costs)
        for way, goal in (("batches of 50", GOAL_MS), (CODES, CODES_GOAL_MS)):
            missed |= next(cost.whole for cost in costs if cost.way == way) > goal
    print(f"Goals for batches of 50: {GOAL_MS} and {CODES_GOAL_MS} ms{', missed' if missed else ''}")
    sys.exit(missed)


def _costs(folder: Path, engine: str, items: int) -> Iterator[Cost]:
    with installation(folder, engine, members=MEMBERS) as here:
        codes = _codes(here, folder)
        here.server.start()
        _send_all(here, items=200, batch=20)  # templates, statements and connections are warm then
        for batch in BATCHES:
            way = "one request per item" if batch == 1 else f"batches of {batch}"
            before = here.cpu()
            _send_all(here, items=items, batch=batch)
            server, database = (after - start for after, start in zip(here.cpu(), before, strict=True))
            yield Cost(way, server * 1000 / items, database * 1000 / items)
        yield _typed(here, codes)
        yield _raw(here, items)


def _send_all(here: Installation, *, items: int, batch: int) -> None:
    """Send ``items`` records in batches, each of another member in turn.

    Raises:
        AssertionError: one was not accepted.
    """
    line = http.client.HTTPConnection("127.0.0.1", here.server.port)
    for start in range(0, items, batch):
        number = min(batch, items - start)
        member = here.members[start // batch % len(here.members)]
        _post(line, member, _envelope(member, number))
    line.close()


def _post(line: http.client.HTTPConnection, member: Person, envelope: dict[str, Any]) -> None:
    headers = as_member(member) | {"Content-Type": "application/json"}
    line.request("POST", "/sync", json.dumps(envelope), headers)
    verdicts = json.loads(line.getresponse().read())["verdicts"]
    assert all(verdict["verdict"] in ("accepted", "review") for verdict in verdicts), verdicts


def _codes(here: Installation, folder: Path) -> dict[str, str]:
    """50 meetings that have just begun, with the code that is shown at each."""
    key = Fernet.generate_key().decode()
    (folder / "contacts.key").write_text(f"{key}\n", "ascii")
    now = clock.now()
    begins, codes = now - timedelta(minutes=1), {}
    with here.database.write() as session:
        sam = here.people.sam
        for number in range(AT_ONCE):
            event = MeetingEvent(
                branch_id=sam.branch_id,
                title=f"第 {number} 次党员大会",
                begins_at=begins,
                ends_at=begins + timedelta(hours=2),
                organiser_id=sam.id,
            )
            session.add(event)
            session.flush()
            session.add(MeetingItem(event_id=event.id, place=1, kind=Kind.MEMBERS_MEETING))
            for one in here.members:
                member = {"event_id": event.id, "member_id": one.id, "capacity": Capacity.MEMBER}
                session.add(MeetingExpected(**member, is_full=True, is_exempt=False))
            secret = token_bytes(SECRET_BYTES)
            sealed = Sealer((key,)).seal(secret.hex(), belongs_to=event.id)
            session.add(VenueCode(id=event.id, sealed=sealed.text, key_id=sealed.key_id))
            codes[str(event.id)] = code_at(secret, now)
    return codes


def _typed(here: Installation, codes: dict[str, str]) -> Cost:
    """What a code costs, where each phone brings those of 50 meetings at once: typed a moment after each other."""
    line = http.client.HTTPConnection("127.0.0.1", here.server.port)
    now, before = clock.local_time(clock.now()), here.cpu()
    for number, member in enumerate(here.members):
        if number == 1:
            before = here.cpu()  # statements are compiled by then
        said = [
            {
                "id": str(new_id()),
                "kind": "meeting.checkin",
                "payload": {"event_id": event_id, "code": code},
                "occurred_at": (now + timedelta(milliseconds=place)).isoformat(),
                "seq": 10_000 + place,
                "made_offline": True,
            }
            for place, (event_id, code) in enumerate(codes.items())
        ]
        _post(line, member, {**_envelope(member, 0), "device_id": f"phone-{member.id}", "items": said})
    line.close()
    items = len(codes) * (len(here.members) - 1)
    server, database = (after - start for after, start in zip(here.cpu(), before, strict=True))
    return Cost(CODES, server * 1000 / items, database * 1000 / items)


def _envelope(member: Person, number: int) -> dict[str, Any]:
    now = clock.local_time(clock.now())
    ages = (timedelta(days=DAYS * place / max(number, DAYS), minutes=1) for place in range(number))
    return {
        "device_id": "bench",
        "member_id": str(member.id),
        "sent_at": now.isoformat(),
        "app_version": "0.1.0",
        "items": [
            {
                "id": str(new_id()),
                "kind": "study.record",
                "payload": {"title": f"学习材料 {new_id()}", "minutes": 30, "takeaway": "要点：先学一步、学深一层。"},
                "occurred_at": (now - age).isoformat(),
                "seq": place,
                "depends_on": None,
                "made_offline": True,
                "would_be_refused": None,
            }
            for place, age in enumerate(ages)
        ],
    }


def _raw(here: Installation, items: int) -> Cost:
    """The same rows once more, as fast as the driver stores them: three ``executemany`` for 50 records, one commit."""
    mark = "?" if here.database.is_sqlite else "%s"
    with here.database.reader.connect() as connection:
        copies = [_copied(connection, table, items) for table in ("inbox_items", "reviews", "study_records")]
    before, started = here.cpu()[1], time.process_time()
    for start in range(0, items, AT_ONCE):
        with here.database.writer.begin() as connection:
            cursor = connection.connection.cursor()
            for table, columns, rows in copies:
                marks = ", ".join([mark] * len(columns))
                statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
                cursor.executemany(statement, rows[start : start + AT_ONCE])
    seconds = time.process_time() - started
    return Cost("raw executemany, by 50", seconds * 1000 / items, (here.cpu()[1] - before) * 1000 / items)


def _copied(connection: Connection, table: str, number: int) -> tuple[str, list[str], list[list[Any]]]:
    """Rows of ``table`` as the driver gives them, under new ids; the same record gets the same new id everywhere."""
    cursor = connection.connection.cursor()
    cursor.execute(f"SELECT * FROM {table} WHERE id IN (SELECT id FROM study_records) ORDER BY id LIMIT {number}")
    columns = [column[0] for column in cursor.description]
    new = (UUID(int=place + 1) for place in range(number))
    rows = []
    for row in cursor.fetchall():
        values = [Json(value) if isinstance(value, dict) else value for value in row]
        values[columns.index("id")] = next(new) if isinstance(row[columns.index("id")], UUID) else next(new).hex
        rows.append(values)
    return table, columns, rows


def _print(engine: str, costs: Sequence[Cost]) -> None:
    raw, one_by_one = costs[-1].whole, costs[0].whole
    for cost in costs:
        print(
            f"{engine + ': ' + cost.way:36}{cost.server:10.2f}{cost.database:10.2f}{cost.whole:10.2f}"
            f"{cost.whole / raw:8.1f}{cost.whole / one_by_one:15.2f}"
        )


if __name__ == "__main__":
    main()
