"""``sanliang roster``: bring the whole installation's roster in from a file, or take it out."""

import json as json_module
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from app.core import clock, exports, opening
from app.core.db import Database
from app.core.i18n import gettext as _
from app.core.tables import FoundTable, check_size
from app.features.imports.gaps import left_out
from app.features.imports.rows import ImportResult, outcome, reason
from app.features.imports.service import table_of
from app.features.members import audit
from app.features.members.models import PLACE_NAME_LENGTH
from app.features.members.rules import AuditAction
from app.features.roster import places, queries, service
from app.features.roster.importer import SERVER
from app.features.roster.listing import ROSTER
from app.features.roster.rules import SENTENCES, Plan, ReadPerson, RosterRow, note_sentence
from app.features.roster.sheet.columns import Column
from app.features.roster.sheet.outgoing import roster_file
from app.features.roster.sheet.rows import roster_row, unit_above

DEFAULT_COMMITTEE: Final = "机关党委"
"""The root's name where the file does not say whose roster it is (填表单位)."""
_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())

roster_app: Final = typer.Typer(no_args_is_help=True, help="The roster: bring members in from a file, take them out.")


@roster_app.command("import")
def import_roster(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="XLSX or CSV, as organs keep it.")],
    *,
    create_branches: Annotated[bool, typer.Option(help="Make the branches that are missing.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Say what would be done, and write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The outcome for machines.")] = False,
) -> None:
    """Import all good rows of a roster. Rows with problems are named and hold up nobody; twice changes nothing."""
    with (
        opening.opened(is_newest=True) as database,
        Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as bar,
    ):
        check_size(file.stat().st_size)
        table = table_of(ROSTER, file.read_bytes())
        rows = list(_read(table, bar))
        task = bar.add_task(_("Planning") if dry_run else _("Importing"), total=None if dry_run else len(rows))
        if dry_run:
            with database.read() as session:
                plan = service.plan(session, SERVER, rows, create_branches=create_branches)
        else:
            advance = partial(bar.advance, task)
            plan = _import(database, table, rows, create_branches=create_branches, advance=advance)
        bar.update(task, total=len(rows), completed=len(rows))
    done = outcome(plan.rows)
    _say_aside(table, plan)
    if json:
        typer.echo(json_module.dumps(_as_json(done), ensure_ascii=False))
    else:
        _say(done, dry_run=dry_run)


@roster_app.command("export")
def export_roster(
    file: Annotated[
        Path, typer.Argument(dir_okay=False, help="The file to write: XLSX, or CSV where its name ends so.")
    ],
) -> None:
    """Write everybody into a file that an import reads back without a change."""
    with opening.opened(is_newest=True) as database:
        with database.read() as session, _bar() as bar:
            task = bar.add_task(_("Writing"), total=queries.count(session, SERVER))
            exports.use(file.suffix.lower().removeprefix("."), b"")
            content = roster_file(_counted(queries.entries(session, SERVER), bar, task))
            count = int(bar.tasks[task].completed)
        with database.write() as session:
            audit.record(session, None, AuditAction.EXPORTED, audit.Subject(f"roster export {file.name}"))
    file.write_bytes(content)
    typer.echo(_("%(count)s members written to %(file)s.") % {"count": count, "file": file})


def _bar() -> Progress:
    return Progress(*_COLUMNS, console=Console(stderr=True), transient=True)


def _counted(entries: Iterator[ReadPerson], bar: Progress, task: TaskID) -> Iterator[ReadPerson]:
    for entry in entries:
        yield entry
        bar.advance(task)


def _read(table: FoundTable[Column], bar: Progress) -> Iterator[RosterRow]:
    for row in bar.track(table.rows, description=_("Reading")):
        yield roster_row(row, table.header, clock.today())


def _import(
    database: Database,
    table: FoundTable[Column],
    rows: list[RosterRow],
    *,
    create_branches: bool,
    advance: Callable[[], None],
) -> Plan:
    with database.write() as session:
        if create_branches:
            places.make_root(session, unit_above(table.above)[:PLACE_NAME_LENGTH] or DEFAULT_COMMITTEE)
        return service.import_rows(session, SERVER, rows, create_branches=create_branches, advance=advance)


def _say_aside(table: FoundTable[Column], plan: Plan) -> None:
    """What of the file was not read, and what is worth a look: beside the answer, which machines may read."""
    for sentence, names in left_out(ROSTER, table.header, table.report):
        typer.echo(f"{sentence}: {'; '.join(names)}", err=True)
    for row in plan.rows:
        for note in row.notes:
            words = {"row": row.row.place, "sentence": note_sentence(note)}
            typer.echo(_("Row %(row)s: %(sentence)s") % words, err=True)


def _as_json(done: ImportResult) -> dict[str, object]:
    problems = [
        {
            "row": row.number,
            **({"sheet": row.table} if row.table else {}),
            "code": str(row.problems[0].code),
            "message": reason(row.problems, SENTENCES),
        }
        for row in done.returned
    ]
    return {"new": done.new, "changed": done.changed, "same": done.same, "problems": problems}


def _say(done: ImportResult, *, dry_run: bool) -> None:
    counts = {"new": done.new, "changed": done.changed, "same": done.same, "returned": len(done.returned)}
    typer.echo(_("%(new)s new, %(changed)s changed, %(same)s unchanged, %(returned)s with problems.") % counts)
    for row in done.returned:
        typer.echo(_("Row %(row)s: %(sentence)s") % {"row": row.place, "sentence": reason(row.problems, SENTENCES)})
    if dry_run:
        typer.echo(_("This was a rehearsal; nothing was written."))
