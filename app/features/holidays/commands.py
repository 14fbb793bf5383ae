"""``sanliang holidays``: load a year's list of days off, and say which list is in force."""

from pathlib import Path
from typing import Annotated, Final

import typer

from app.core import clock, formats, opening
from app.core.i18n import gettext as _
from app.core.tables import check_size
from app.features.holidays.listing import HOLIDAYS, planning, take_in
from app.features.holidays.reading import day_row
from app.features.holidays.rules import SENTENCES, year_of
from app.features.holidays.service import YearInForce, years_in_force
from app.features.imports.rows import outcome, reason
from app.features.imports.service import table_of

holidays_app: Final = typer.Typer(
    no_args_is_help=True, help="Days off and make-up working days: load a year's list, say which list is in force."
)


@holidays_app.command()
def load(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="XLSX or CSV with 日期 and 安排.")],
    *,
    add: Annotated[bool, typer.Option("--add", help="Add the days to the list that is loaded.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Say what would be done, and write nothing.")] = False,
) -> None:
    """Put the list of a year in force in place of the one before. Bad rows are named and hold up no other."""
    with opening.opened(is_newest=True) as database:
        check_size(file.stat().st_size)
        table = table_of(HOLIDAYS, file.read_bytes())
        rows = [day_row(row, table.header, clock.today()) for row in table.rows]
        with database.read() as session:
            plan = planning(session, rows, adds=add)
        done = outcome(plan.rows)
        if not dry_run:
            with database.write() as session:
                done = take_in(session, None, rows, adds=add)
    for sentence in plan.announced:
        typer.echo(sentence, err=True)
    counts = {"new": done.new, "changed": done.changed, "same": done.same, "returned": len(done.returned)}
    if (year := year_of(rows)) is not None:
        typer.echo(_("The list of %(year)s:") % {"year": year})
    typer.echo(
        _("Days: %(new)s new, %(changed)s changed, %(same)s as before; rows with problems: %(returned)s.") % counts
    )
    for row in done.returned:
        typer.echo(_("Row %(row)s: %(sentence)s") % {"row": row.place, "sentence": reason(row.problems, SENTENCES)})
    if dry_run:
        typer.echo(_("This was a rehearsal; nothing was written."))


@holidays_app.command("list")
def list_years() -> None:
    """Say for each year which list is in force, and where it differs from plain weeks."""
    with opening.opened(is_newest=True) as database, database.read() as session:
        for one in years_in_force(session):
            typer.echo(f"{one.year}: {_source(one)}")
            for words, days in ((_("Weekdays off"), one.off), (_("Weekends worked"), one.working)):
                typer.echo(f"  {words}: {', '.join(day.isoformat() for day in days)}")


def _source(one: YearInForce) -> str:
    if one.loaded_at is not None:
        said = {"day": formats.stamp(one.loaded_at), "name": one.loaded_by or _("a command on the server")}
        return _("loaded on %(day)s by %(name)s") % said
    if one.is_published:
        return _("as the product knows it")
    return _("no list yet: weekends and the days fixed by law are off")
