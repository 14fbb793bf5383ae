"""``sanliang rules``: try a rule set on last year's facts, check one before it is published, use it for a year."""

import json as json_module
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from app.core.db import Database
from app.core.errors import AppError
from app.core.formats import hundredths
from app.core.i18n import gettext as _
from app.core.settings import settings
from app.features.ledger.quantities import two_places
from app.features.members.names import pinyin_key
from app.features.scores import service
from app.features.scores.errors import RuleSetRefusedError
from app.features.scores.rule_set import RuleSet, read_rule_set, rule_set
from app.features.scores.sheet import Sheet
from app.features.scores.trial import as_json, read_facts, try_rules

rules_app: Final = typer.Typer(no_args_is_help=True, help="Rule sets: try one on facts, check one, use one for a year.")


@contextmanager
def _refusals_end_the_command() -> Iterator[None]:
    try:
        yield
    except AppError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from refusal


def _rule_set(name: str) -> RuleSet:
    """A published version by its number, or a rule set that is still a file."""
    return read_rule_set(Path(name).read_text(encoding="utf-8")) if Path(name).is_file() else rule_set(name)


@rules_app.command("try")
def try_on_facts(
    *,
    rules: Annotated[str, typer.Option(help="Version such as 2026.1, or the file of a rule set.")],
    facts: Annotated[
        Path,
        typer.Option(
            exists=True, dir_okay=False, help="CSV or XLSX: member, fact, grade, quantity, occurred_on, matter."
        ),
    ],
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="Needed when the facts lie in several.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The sheets for machines.")] = False,
) -> None:
    """Compute the sheets that a rule set gives for a table of facts. Nothing is stored.

    Rows that cannot be read are named on the error stream and end the command with 1; the others still count.
    """
    with _refusals_end_the_command():
        table = read_facts(facts.read_bytes())
        sheets = try_rules(_rule_set(rules), table, year=year)
    if json:
        content = {member: as_json(sheet) for member, sheet in sheets.items()}
        typer.echo(json_module.dumps(content, ensure_ascii=False, indent=1))
    else:
        Console().print(_table_of(sheets))
    for bad in table.bad_rows:
        typer.echo(_("Row %(row)s: %(sentence)s") % bad._asdict(), err=True)
    if table.bad_rows:
        raise typer.Exit(1)


@rules_app.command("check")
def check(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Say whether a rule set can be used, and if not, everything in it that cannot stand."""
    try:
        rules = read_rule_set(file.read_text(encoding="utf-8"))
    except RuleSetRefusedError as refusal:
        for sentence in refusal.refusals:
            typer.echo(sentence)
        raise typer.Exit(1) from refusal
    sections = " + ".join(f"{section.id} {hundredths(section.maximum)}" for section in rules.sections)
    said = {"version": rules.version, "sections": sections, "extra": hundredths(rules.extra.maximum)}
    typer.echo(_("Rule set %(version)s can be used: %(sections)s, and up to %(extra)s outside.") % said)


@rules_app.command()
def use(
    *,
    rules: Annotated[str, typer.Option(help="Version such as 2026.1 that comes with the product.")],
    year: Annotated[int, typer.Option(min=2000, max=2999, help="The year whose sheets it computes from now on.")],
) -> None:
    """Compute the sheets of a year that is not archived with this version from now on."""
    database = Database(settings().resolved_database_url)
    try:
        with _refusals_end_the_command(), database.write() as session:
            service.change_rules(session, year=year, version=rules)
    finally:
        database.close()
    typer.echo(_("The sheets of %(year)s are computed with rule set %(version)s.") % {"year": year, "version": rules})


def _table_of(sheets: Mapping[str, Sheet]) -> Table:
    """The sheets by name; never by points (red line 1)."""
    table = Table()
    table.add_column(_("Name"))
    names = sorted(sheets, key=pinyin_key)
    for section in sheets[names[0]].sections if names else ():
        table.add_column(section.id, justify="right")
    table.add_column(_("Total"), justify="right")
    table.add_column(_("Advice"))
    table.add_column(_("Double good"))
    for name in names:
        sheet = sheets[name]
        table.add_row(
            name,
            *(two_places(section.points) for section in sheet.sections),
            "" if sheet.total is None else two_places(sheet.total),
            "" if sheet.advice is None else str(sheet.advice.label),
            _("yes") if sheet.double_good else "",
        )
    return table
