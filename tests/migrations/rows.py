"""Rows for tables as a revision made them, whatever they are: found by trying what their constraints allow.

So no table is passed by empty because nobody thought of a maker for it. The rows mean nothing; what they must be
(a word of those that a check names, a row of another table, as long as is asked) the database itself says.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from graphlib import TopologicalSorter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CHAR, JSON, Connection, Uuid, column, insert, inspect, table
from sqlalchemy.exc import DBAPIError

TRIES = 400
"""How many rows are offered before a table counts as one that takes none."""
ENOUGH = 60
"""After so many tries a table that has a row already is left alone."""
WORDS = re.compile(r"'([^']*)'")
NUMBERS = re.compile(r"\b\d{1,4}\b")
LENGTH_OF_AN_ID = 32
"""SQLite keeps ids as text of this length."""
FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)
OF_EACH = {"members": 8, "organisations": 4, "meeting_expected": 12, "attendance_ticks": 8}
"""How many rows: who records, confirms and decides are several people, and one of those expected was ticked."""
Hints = dict[str, tuple[Sequence[str], Sequence[int]]]
SAID: dict[str, dict[str, Any]] = {
    "facts": {"counts_in": date(2026, 3, 1), "quantity": 1, "digest": 64 * "a", "previous_digest": 64 * "b"},
    "holiday_lists": {"year": FIRST.year},
    "objections": {"about": "standing", "matter": "exempt", "state": "filed", "is_late": False, "answer_by": FIRST},
    "resolutions": {"matter": "ordinary", "outcome": "carried", "full_members": 5, "resting": 0, "left_out": 0, "n": 5}
    | {"present": 5, "need_present": 3, "yes": 5, "written_yes": 0, "written_no": 0, "written_abstain": 0},
    "wishes": {"code": "WX-2026-0001", "status": "draft", "origin": "collector", "entered_by_id": "somebody"},
}
"""What is not found by trying: where a check reckons with several columns. The other ones that may be
empty are; what points to another table becomes a row of it."""


def empty_tables(connection: Connection) -> list[str]:
    """The tables without a row."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return [name for name, number in counts(connection, names).items() if number == 0]


def counts(connection: Connection, names: set[str] | None = None) -> dict[str, int]:
    """How many rows each table has."""
    names = set(inspect(connection).get_table_names()) if names is None else names
    union = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in sorted(names))
    return {row[0]: row[1] for row in connection.exec_driver_sql(union)} if names else {}


class Shape(NamedTuple):
    """A table as the revision made it: its columns, what it points to, and what the checks say of each column."""

    name: str
    columns: Sequence[Any]
    keys: Sequence[Any]
    hints: Hints


def fill(connection: Connection, rng: random.Random) -> list[str]:
    """Put rows into each empty table; returns those that took none."""
    shapes = {shape.name: shape for shape in _shapes(connection, empty_tables(connection))}
    pointed = {shape.name: {key["referred_table"] for key in shape.keys} - {shape.name} for shape in shapes.values()}
    order = [name for name in TopologicalSorter(pointed).static_order() if name in shapes]
    return [name for name in order if not _try_to_fill(connection, shapes[name], rng)]


def _shapes(connection: Connection, names: Sequence[str]) -> Iterator[Shape]:
    if not names:
        return
    seen = inspect(connection)
    keys = {name: found for (_schema, name), found in seen.get_multi_foreign_keys(filter_names=names).items()}
    checks = {name: found for (_schema, name), found in seen.get_multi_check_constraints(filter_names=names).items()}
    for (_schema, name), columns in seen.get_multi_columns(filter_names=names).items():
        by_size = sorted(keys[name], key=lambda key: (len(key["constrained_columns"]), key["constrained_columns"]))
        hints = _hints(columns, [check["sqltext"] for check in checks[name]])
        yield Shape(name, columns, by_size, hints)


def _hints(columns: Sequence[Any], checks: Sequence[str]) -> Hints:
    """The words and the numbers in those checks that name a column."""
    hints = {}
    for name in (one["name"] for one in columns):
        texts = [one for one in checks if re.search(rf"\b{name}\b", one)]
        words: Sequence[str] = sorted({word for one in texts for word in WORDS.findall(one) if word})
        numbers: Sequence[int] = sorted({int(n) for one in texts for n in NUMBERS.findall(one)})
        hints[name] = words, numbers
    return hints


def _try_to_fill(connection: Connection, shape: Shape, rng: random.Random) -> bool:
    target = table(shape.name, *(column(one["name"], one["type"]) for one in shape.columns))
    there = {tuple(key["constrained_columns"]): _there(connection, key) for key in shape.keys}
    made = 0
    for tried in range(TRIES):
        try:
            with connection.begin_nested():
                connection.execute(insert(target).values(_row(shape, there, rng)))
        except DBAPIError:
            if made and tried > ENOUGH:
                break
            continue
        made += 1
        there |= {
            tuple(key["constrained_columns"]): _there(connection, key)
            for key in shape.keys
            if key["referred_table"] == shape.name
        }
        if made == OF_EACH.get(shape.name, 2):
            break
    return made > 0


def _there(connection: Connection, key: Any) -> Sequence[Sequence[Any]]:
    """What may stand in the columns of a key."""
    names = ", ".join(f'"{name}"' for name in key["referred_columns"])
    return connection.exec_driver_sql(f'SELECT {names} FROM "{key["referred_table"]}"').all()


def _row(shape: Shape, there: Mapping[Any, Sequence[Sequence[Any]]], rng: random.Random) -> dict[str, Any]:
    said = SAID.get(shape.name, {})
    bare = 1 if said else rng.choice((0, 0.2, 0.5, 0.8, 1))
    row = {
        one["name"]: None if one["nullable"] and rng.random() < bare else _value(one, *shape.hints[one["name"]], rng)
        for one in shape.columns
    }
    row |= {name: value for name, value in said.items() if name in row}
    for key in shape.keys:
        own, others = key["constrained_columns"], there[tuple(key["constrained_columns"])]
        if any(row[name] is None for name in own):
            continue
        if others:
            row |= dict(zip(own, rng.choice(others), strict=True))
        elif key["referred_table"] == shape.name:
            row |= {name: row[other] for name, other in zip(own, key["referred_columns"], strict=True)}
    return row


def _value(one: Any, words: Sequence[str], numbers: Sequence[int], rng: random.Random) -> Any:
    kind = one["type"]
    if isinstance(kind, Uuid):
        return UUID(int=rng.getrandbits(128))
    if isinstance(kind, CHAR) and kind.length == LENGTH_OF_AN_ID:
        return UUID(int=rng.getrandbits(128)).hex
    if isinstance(kind, JSON):
        return rng.choice([{}, []])
    match kind.python_type.__name__:
        case "bool":
            return rng.random() < 0.5
        case "int":
            return rng.choice([0, 1, 2, 3, 2026, *numbers])
        case "datetime":
            return FIRST + timedelta(hours=rng.randrange(9000))
        case "date":
            return rng.choice([FIRST.date().replace(day=1), FIRST.date() + timedelta(days=rng.randrange(300))])
        case "time":
            return time(rng.randrange(24))
        case "bytes":
            return rng.randbytes(rng.choice([1, 16, 32, *numbers]))
    length = kind.length or 40
    made = "".join(rng.choices("abcdefghk", k=min(length, rng.choice([4, 8, *numbers]))))
    return rng.choice([*words, made])[:length]
