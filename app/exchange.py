"""``sanliang export`` and ``sanliang import``: the whole installation as open files, and back into an empty database.

Red line 12: whoever leaves, or changes from one engine to the other, takes everything along. Nothing is opened on the
way: passwords stay hashes, contacts stay sealed, and their key stays where it is (docs/decisions/0060).
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Date, LargeBinary, Table, Uuid, func, select, text
from sqlalchemy.orm import Session

from app import doors
from app.core import clock, opening, schema
from app.core.db import Base, Database, UtcDateTime, import_models
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.audit import seals, verification
from app.features.members import audit
from app.features.members.rules import AuditAction

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
AT_ONCE: Final = 500
"""Rows read and written together."""
_NEVER_EMPTY: Final = frozenset({"members", "organisations", "facts"})
"""Where somebody lives, these have rows."""
NOT_EXPORTED: Final = frozenset({"leases"})
"""Who does something at this very moment, here."""
KNOWN_BY: Final = lazy_gettext(
    "It is known by its manifest's SHA-256: %(sha256)s. Keep that apart from it, and say it when it is read (--sha256)."
)
READ_ME: Final = """# An installation of Sanliang, whole

`manifest.json` names every table with its columns (name, type, meaning), the number of its rows and the SHA-256 of
its file, and where each chain of the ledger ended. `tables/NAME.jsonl` has a row a line, as JSON in UTF-8: ids and
days as text, moments as ISO 8601 in UTC, quantities as they are stored. Pictures lie in `files/`, called by their
SHA-256; a row says {"file": "…"}.

Passwords are hashes; contacts of wishers and secrets are sealed, and the key is not here. All else is personal data
in clear. Back into an empty database of either engine, of the same version: `sanliang migrate`, then
`sanliang import FOLDER`.
"""


class ExchangeError(Exception):
    """Why nothing was written; the sentence says what to do."""


def export_to(to: Annotated[Path, typer.Argument(help="A folder to make; it must not be there yet.")]) -> None:
    """Write everything as open files: a table each, pictures, and a manifest with checksums."""
    with opening.opened(is_newest=True) as database:
        if to.exists():
            typer.echo(_("There is something at %(file)s already. Nothing was done.") % {"file": to}, err=True)
            raise typer.Exit(1)
        with database.write() as session:
            audit.record(session, None, AuditAction.EXPORTED, audit.Subject(f"export {to.name}"))
        with database.snapshot() as session:
            rows = write(session, to)
    typer.echo(_("%(rows)s rows are written to %(folder)s. Keep them like a backup.") % {"rows": rows, "folder": to})
    typer.echo(KNOWN_BY % {"sha256": _digest(to / MANIFEST)})


def import_from(
    given: Annotated[Path, typer.Argument(metavar="FROM", help="A folder that was exported.")],
    *,
    sha256: Annotated[str, typer.Option(help="What the export said it is known by; another folder is refused.")] = "",
) -> None:
    """Read such a folder into an empty database of either engine, and prove that the ledger is what it was.

    All of it or nothing.
    """
    with opening.opened(is_newest=True) as database:
        try:
            rows = read(database, given, sha256=sha256)
        except (ExchangeError, OSError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
    typer.echo(_("%(rows)s rows are read, and the ledger is what it was.") % {"rows": rows})
    doors.say()


def write(session: Session, to: Path) -> int:
    """Write what ``session`` sees, which has to be one moment, into the new folder ``to``; gives the number of rows.

    The manifest comes last: a folder without one was broken off.
    """
    for folder in (to, to / "tables", to / "files"):
        folder.mkdir(parents=True, mode=0o700)  # the mode is that of the last part alone
    tables: dict[str, dict[str, Any]] = {}
    for table, seen in _with_progress(_tables(), lambda table: _size(session, table)):
        digest, number = hashlib.sha256(), 0
        with (to / "tables" / f"{table.name}.jsonl").open("wb") as file:
            query = select(table).order_by(*table.primary_key).execution_options(yield_per=AT_ONCE)
            for row in session.execute(query):
                line = json.dumps(_said(dict(row._mapping), to / "files"), ensure_ascii=False).encode() + b"\n"
                file.write(line)
                digest.update(line)
                number += 1
                seen(1)
        columns = {c.name: {"type": str(c.type), "meaning": c.comment or ""} for c in table.columns}
        tables[table.name] = {"rows": number, "sha256": digest.hexdigest(), "columns": columns}
    manifest = {
        "format": FORMAT,
        "version": version("sanliang"),
        "schema": schema.newest()[0],
        "made_at": clock.now().isoformat(),
        "ledger": _ends(session),
        "tables": tables,
    }
    (to / "README.md").write_text(READ_ME, "utf-8")
    (to / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
    return sum(table["rows"] for table in tables.values())


def read(database: Database, folder: Path, *, sha256: str = "") -> int:
    """Read an exported ``folder`` into ``database``, which is empty; gives the number of rows.

    ``sha256`` is that of its manifest, where it is known from elsewhere.

    Raises:
        ExchangeError: it is of another version, was changed on the way, the database is not empty, or what was read
            is not what was written. Nothing stays then.
    """
    manifest = _manifest(folder, sha256)
    if manifest["schema"] != schema.newest()[0]:
        raise ExchangeError(_("Both have to be of one version: import into the one that exported it, then update."))
    for name, said in manifest["tables"].items():
        if _digest(folder / "tables" / f"{name}.jsonl") != said["sha256"]:
            raise ExchangeError(_("%(name)s was changed since it was exported. Nothing was read.") % {"name": name})
    with database.write() as session:
        if any(_size(session, table) > 0 for table in _tables() if table.name in _NEVER_EMPTY):
            raise ExchangeError(_("This database is not empty. An import wants one that was just made."))
        _defer(session, database)
        for table, seen in _with_progress(_tables(), lambda table: manifest["tables"][table.name]["rows"]):
            _put(session, table, folder, seen)
        _defer(session, database, over=True)
        if _ends(session) != manifest["ledger"] or not verification.verify(session).is_clean:
            raise ExchangeError(_("What was read is not what was written: sanliang ledger verify would fail."))
        doors.close_all(session, clock.now(), manifest["made_at"])
    seals.seal_all(database)
    return sum(said["rows"] for said in manifest["tables"].values())


def _manifest(folder: Path, sha256: str) -> dict[str, Any]:
    file = folder / MANIFEST
    if not file.is_file():
        raise ExchangeError(_("There is no export at %(folder)s.") % {"folder": folder})
    if sha256 and _digest(file) != sha256.strip().lower():
        raise ExchangeError(_("This is not the folder that was exported: it has another SHA-256. Nothing was read."))
    changed = ExchangeError(_("%(name)s was changed since it was exported. Nothing was read.") % {"name": MANIFEST})
    try:
        manifest: dict[str, Any] = json.loads(file.read_text("utf-8"))
        is_ours = manifest["format"] == FORMAT and {"schema", "made_at", "ledger", "tables"} <= manifest.keys()
        is_whole = manifest["schema"] != schema.newest()[0] or {one.name for one in _tables()} <= set(
            manifest["tables"]
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise changed from None
    if not (is_ours and is_whole):
        raise changed
    return manifest


def _tables() -> list[Table]:
    import_models()
    return [table for table in Base.metadata.sorted_tables if table.name not in NOT_EXPORTED]


def _size(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _ends(session: Session) -> dict[str, list[Any]]:
    """Where each chain ends, the audit log's among them."""
    found = verification.verify(session)
    ends = {str(branch): [head.seq, head.digest] for branch, head in found.heads.items()}
    return ends | {"audit": [found.log.seq, found.log.digest]}


def _said(row: Mapping[str, Any], files: Path) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, value in row.items():
        match value:
            case bytes():
                called = hashlib.sha256(value).hexdigest()
                (files / called).write_bytes(value)
                said[name] = {"file": called}
            case datetime() | date():
                said[name] = value.isoformat()
            case UUID():
                said[name] = str(value)
            case tuple():
                said[name] = list(value)
            case _:
                said[name] = value
    return said


def _put(session: Session, table: Table, folder: Path, seen: Callable[[int], None]) -> None:
    """Put the rows of a table in. What a new database has of it already (where a chain begins) becomes as it was."""
    make = {column.name: _maker(column.type, folder / "files") for column in table.columns}
    key = [column.name for column in table.primary_key]
    there = {tuple(row) for row in session.execute(select(*table.primary_key))}
    connection = session.connection()
    with (folder / "tables" / f"{table.name}.jsonl").open(encoding="utf-8") as file:
        for lines in _portions(file):
            rows = [_made(json.loads(line), make) for line in lines]
            known = [row for row in rows if tuple(row[name] for name in key) in there] if there else []
            if new := [row for row in rows if row not in known] if known else rows:
                connection.execute(table.insert(), new)
            for row in known:
                connection.execute(table.update().where(*(table.c[name] == row[name] for name in key)).values(row))
            seen(len(rows))


def _made(said: Mapping[str, Any], make: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {name: None if value is None else make[name](value) for name, value in said.items()}


def _maker(kind: Any, files: Path) -> Callable[[Any], Any]:
    match kind:
        case UtcDateTime():
            return datetime.fromisoformat
        case Date():
            return date.fromisoformat
        case Uuid():
            return UUID
        case LargeBinary():
            return lambda said: _whole(files / said["file"])
        case _:
            return lambda said: said


def _whole(file: Path) -> bytes:
    if _digest(file) != file.name:
        raise ExchangeError(_("%(name)s was changed since it was exported. Nothing was read.") % {"name": file.name})
    return file.read_bytes()


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _defer(session: Session, database: Database, *, over: bool = False) -> None:
    """Let rows name others of their own table that come later, until it is ``over``: then all have to be there."""
    if database.is_sqlite:
        session.execute(text(f"PRAGMA defer_foreign_keys = {'OFF' if over else 'ON'}"))
        return
    if over:
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table in _tables():
        for rule in table.foreign_key_constraints:
            if rule.referred_table is table:
                how = "NOT DEFERRABLE" if over else "DEFERRABLE INITIALLY DEFERRED"
                session.execute(text(f'ALTER TABLE {table.name} ALTER CONSTRAINT "{rule.name!s}" {how}'))


def _portions(lines: Iterable[str]) -> Iterator[list[str]]:
    portion: list[str] = []
    for line in lines:
        portion.append(line)
        if len(portion) == AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion


def _with_progress(
    tables: Iterable[Table], size: Callable[[Table], int]
) -> Iterator[tuple[Table, Callable[[int], None]]]:
    every = list(tables)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=sum(map(size, every)))
        for table in every:
            bar.update(task, description=table.name)
            yield table, lambda number: bar.advance(task, number)
