"""``sanliang roster``: bring the whole installation's roster in from a file, or take it out."""

import json as json_module
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from app.core import clock
from app.core.db import Database
from app.core.errors import AppError
from app.core.i18n import gettext as _
from app.core.schema import migrate
from app.core.settings import settings
from app.core.tables import check_size
from app.features.members.models import PLACE_NAME_LENGTH
from app.features.roster import places, queries, service
from app.features.roster.importer import SERVER
from app.features.roster.rules import Outcome, Plan, RosterRow, outcome
from app.features.roster.sentences import reason
from app.features.roster.sheet.outgoing import roster_file
from app.features.roster.sheet.rows import roster_row
from app.features.roster.sheet.table import RosterTable, roster_table

DEFAULT_COMMITTEE: Final = "机关党委"
"""The root's name where the file does not say whose roster it is (填表单位)."""
_COLUMNS: Final = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())

roster_app: Final = typer.Typer(no_args_is_help=True, help="The roster: bring members in from a file, take them out.")


@contextmanager
def _database() -> Iterator[Database]:
    """This installation's database; a refusal is said on the error stream and ends the command with 1."""
    database = Database(settings().resolved_database_url)
    try:
        migrate(database)
        yield database
    except AppError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from refusal
    finally:
        database.close()


@roster_app.command("import")
def import_roster(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="XLSX or CSV, as organs keep it.")],
    *,
    create_branches: Annotated[bool, typer.Option(help="Make the branches that are missing.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Say what would be done, and write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The outcome for machines.")] = False,
) -> None:
    """Import all good rows of a roster. Rows with problems are named and hold up nobody; twice changes nothing."""
    with _database() as database, Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as bar:
        check_size(file.stat().st_size)
        table = roster_table(file.read_bytes())
        rows = list(_read(table, bar))
        task = bar.add_task(_("Planning") if dry_run else _("Importing"), total=None)
        if dry_run:
            with database.read() as session:
                plan = service.plan(session, SERVER, rows, create_branches=create_branches)
        else:
            plan = _import(database, table, rows, create_branches=create_branches)
        bar.update(task, total=len(rows), completed=len(rows))
    done = outcome(plan)
    if json:
        typer.echo(json_module.dumps(_as_json(done), ensure_ascii=False))
    else:
        _say(done, dry_run=dry_run)


@roster_app.command("export")
def export_roster(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The XLSX file to write.")],
) -> None:
    """Write everybody into a file that an import reads back without a change."""
    with _database() as database, database.read() as session:
        entries = list(queries.entries(session, SERVER))
    file.write_bytes(roster_file(entries))
    typer.echo(_("%(count)s members written to %(file)s.") % {"count": len(entries), "file": file})


def _read(table: RosterTable, bar: Progress) -> Iterator[RosterRow]:
    for row in bar.track(table.rows, description=_("Reading")):
        yield roster_row(row, table.header, today=clock.today())


def _import(database: Database, table: RosterTable, rows: list[RosterRow], *, create_branches: bool) -> Plan:
    with database.write() as session:
        if create_branches:
            places.make_root(session, table.unit[:PLACE_NAME_LENGTH] or DEFAULT_COMMITTEE)
        return service.import_rows(session, SERVER, rows, create_branches=create_branches)


def _as_json(done: Outcome) -> dict[str, object]:
    problems = [
        {"row": row.number, "code": row.problems[0].code.value, "message": reason(row.problems)}
        for row in done.returned
    ]
    return {"new": done.new, "changed": done.changed, "same": done.same, "problems": problems}


def _say(done: Outcome, *, dry_run: bool) -> None:
    counts = {"new": done.new, "changed": done.changed, "same": done.same, "returned": len(done.returned)}
    typer.echo(_("%(new)s new, %(changed)s changed, %(same)s unchanged, %(returned)s with problems.") % counts)
    for row in done.returned:
        typer.echo(_("Row %(row)s: %(sentence)s") % {"row": row.number, "sentence": reason(row.problems)})
    if dry_run:
        typer.echo(_("This was a rehearsal; nothing was written."))
