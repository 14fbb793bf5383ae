"""``sanliang sheets``: the proof that what is archived is as it was."""

import re
from typing import Annotated, Final
from unicodedata import normalize

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from app.core import opening
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.features.scores.archive import kept, proof

sheets_app: Final = typer.Typer(no_args_is_help=True, help="Archived sheets: prove that they are as they were.")


_CODE: Final = re.compile(r"[0-9a-f]{16,64}")


@sheets_app.callback()
def sheets_commands() -> None:
    """Archived sheets: prove that they are as they were."""


@sheets_app.command()
def prove(
    *,
    code: Annotated[
        str, typer.Option(metavar="DIGITS", help="Only the sheet with this check code, from its paper.")
    ] = "",
) -> None:
    """Make every archived sheet anew out of the ledger and its rule set, and compare it byte for byte.

    Ends with 1 if one is another, and names it by person, year and version; or if none has the code.
    """
    if code:
        _prove_one(code)
        return
    database = opening.database()
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    wrong = 0
    try:
        with database.snapshot() as session, Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            number = kept.number_of_sheets(session)
            task = bar.add_task("", total=number)
            for sheet, fault in proof.faults(session, lambda read: bar.advance(task, read)):
                wrong += 1
                said = {"member": sheet.member_id, "year": sheet.year, "version": sheet.version, "why": fault.label}
                typer.echo(_("%(member)s, %(year)s, version %(version)s: %(why)s.") % said)
    finally:
        database.close()
    if wrong:
        raise typer.Exit(1)
    typer.echo(
        ngettext("%(n)s archived sheet, as it was.", "%(n)s archived sheets, all as they were.", number) % {"n": number}
    )


def _prove_one(code: str) -> None:
    digits = re.sub(r"[\s-]", "", normalize("NFKC", code)).lower()
    if not _CODE.fullmatch(digits):
        typer.echo(_("“%(code)s” is no check code: that has 64 digits in groups of eight.") % {"code": code}, err=True)
        raise typer.Exit(2)
    database = opening.database()
    try:
        with database.snapshot() as session:
            sheet = kept.with_code(session, digits)
            fault = proof.fault_of(session, sheet) if sheet else None
            said = {"member": sheet.member_id, "year": sheet.year, "version": sheet.version} if sheet else {}
    finally:
        database.close()
    if not said:
        typer.echo(_("No archived sheet has this code. Look at the digits once more; else the sheet here is another."))
        raise typer.Exit(1)
    why = fault.label if fault else _("as it was")
    typer.echo(_("%(member)s, %(year)s, version %(version)s: %(why)s.") % (said | {"why": why}))
    if fault:
        raise typer.Exit(1)
