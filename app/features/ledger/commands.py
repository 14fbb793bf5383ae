"""``sanliang ledger``: the proof that nothing was touched."""

import json as json_module
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from app.core.db import Database
from app.core.formats import hundredths, month
from app.core.i18n import gettext as _
from app.core.settings import settings
from app.features.ledger import queries
from app.features.ledger.proof import Report

ledger_app: Final = typer.Typer(no_args_is_help=True, help="The ledger: prove that its history was not touched.")


@ledger_app.callback()
def ledger() -> None:
    """The ledger: prove that its history was not touched."""


@ledger_app.command()
def verify(
    *,
    branch: Annotated[str, typer.Option(help="Only this branch, by its name or id.")] = "",
    json: Annotated[bool, typer.Option("--json", help="The report for machines.")] = False,
) -> None:
    """Follow every chain and add up every total again. Ends with 1 and names the first bad row if one was touched."""
    database = Database(settings().resolved_database_url)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with database.snapshot() as session, Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            branches = queries.branches_called(session, branch)
            if branch and len(branches) != 1:
                typer.echo(_("There is no single branch called “%(branch)s”.") % {"branch": branch}, err=True)
                raise typer.Exit(2)
            only = next(iter(branches)) if branch else None
            task = bar.add_task("", total=queries.number_of_facts(session, only))
            report = queries.verify(session, branch_id=only, progress=lambda rows: bar.advance(task, rows))
    finally:
        database.close()
    if json:
        typer.echo(json_module.dumps(_as_json(report, branches), ensure_ascii=False, indent=1))
    else:
        _say(report, branches)
    if not report.is_clean:
        raise typer.Exit(1)


def _say(report: Report, branches: Mapping[UUID, str]) -> None:
    counted = {"facts": report.facts, "branches": report.branches}
    for branch_id, fault in ((found.branch_id, found.fault) for found in report.faults):
        typer.echo(f"{branches.get(branch_id, branch_id)}: {fault.sentence}")
    for total in report.wrong_totals:
        named = asdict(total) | {"month": month(total.month)}
        named |= {name: hundredths(named[name]) for name in ("quantity", "right_quantity")}
        typer.echo(
            _(
                "The total of %(fact_type)s of member %(member_id)s in %(month)s says %(count)s (%(quantity)s), "
                "its facts say %(right_count)s (%(right_quantity)s)."
            )
            % named
        )
    typer.echo(_("Branches: %(branches)s, rows: %(facts)s.") % counted)
    typer.echo(_("All is as it was written.") if report.is_clean else _("Not all is as it was written."))


def _as_json(report: Report, branches: Mapping[UUID, str]) -> dict[str, Any]:
    """Ids and days as text; quantities in hundredths."""
    return {
        "clean": report.is_clean,
        "branches": report.branches,
        "facts": report.facts,
        "faults": [
            {
                "branch_id": str(found.branch_id),
                "branch": branches.get(found.branch_id),
                "seq": found.fault.seq,
                "code": found.fault.kind.value,
                "message": found.fault.sentence,
            }
            for found in report.faults
        ],
        "wrong_totals": [
            asdict(total) | {"member_id": str(total.member_id), "month": total.month.isoformat()}
            for total in report.wrong_totals
        ],
    }
