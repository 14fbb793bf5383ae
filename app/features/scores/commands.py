"""``sanliang rules``: try a rule set on last year's facts, check one before it is published, use it for a year."""

import json as json_module
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from app.core import opening
from app.core.errors import AppError
from app.core.formats import hundredths
from app.core.i18n import gettext as _
from app.features.ledger.quantities import two_places
from app.features.members.names import pinyin_key
from app.features.scores.drafts import publishing
from app.features.scores.errors import RuleSetRefusedError
from app.features.scores.rule_set import RuleSet, read_rule_set, rule_set, versions
from app.features.scores.sheet import Sheet
from app.features.scores.trial import as_json, read_facts, try_rules
from app.features.scores.versions import rules_of

rules_app: Final = typer.Typer(no_args_is_help=True, help="Rule sets: try one on facts, check one, use one for a year.")


@contextmanager
def _refusals_end_the_command() -> Iterator[None]:
    try:
        yield
    except AppError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from refusal


def _text(name: str) -> str | None:
    """The text of a file, byte for byte: what is published has the digest that ``sha256sum`` says of the file.

    Raises:
        RuleSetRefusedError: it is no text in UTF-8.
    """
    if not Path(name).is_file():
        return None
    refusal = RuleSetRefusedError([_("This file is no text in UTF-8 without a byte order mark. Save it as one.")])
    try:
        text = Path(name).read_bytes().decode()
    except UnicodeDecodeError as error:
        raise refusal from error
    if text.startswith("\ufeff"):
        raise refusal
    return text


def _rule_set(name: str) -> RuleSet:
    """A rule set that is still a file, or a version by its number: of the product, or published here."""
    if (text := _text(name)) is not None:
        return read_rule_set(text)
    if name in versions() or opening.is_missing():
        return rule_set(name)
    database = opening.database()
    try:
        with database.read() as session:
            return rules_of(session, name)
    finally:
        database.close()


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
def check(file: Annotated[str, typer.Argument(help="The file of a rule set, or a version such as 2026.1.")]) -> None:
    """Say whether a rule set can be used, and if not, everything in it that cannot stand."""
    with _refusals_end_the_command():
        try:
            rules = _rule_set(file)
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
    rules: Annotated[str, typer.Option(help="Version such as 2026.1, or the file of a rule set.")],
    year: Annotated[int, typer.Option(min=2000, max=2999, help="The year whose sheets it computes from now on.")],
) -> None:
    """Compute the sheets of a year that is not archived with this version from now on; a file is published first."""
    database = opening.database()
    try:
        with _refusals_end_the_command(), database.write() as session:
            text = _text(rules)
            version = publishing.use(session, year=year, version=rules if text is None else None, text=text)
    finally:
        database.close()
    typer.echo(_("The sheets of %(year)s are computed with rule set %(version)s.") % {"year": year, "version": version})


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
