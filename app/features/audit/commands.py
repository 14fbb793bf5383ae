"""``sanliang ledger``: the proof that nothing was touched, in the ledger, in what was decided and in the audit log."""

import json as json_module
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final
from unicodedata import normalize
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from sqlalchemy.exc import DBAPIError

from app.core import clock, opening
from app.core.chain import Head, spelled
from app.core.db import Database
from app.core.formats import hundredths, month
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.audit import day_anchors, known_heads, seals, sending, verification
from app.features.audit.known_heads import ChangedFileError, Difference, DifferenceKind, KnownHead
from app.features.audit.rules import LOG
from app.features.audit.verification import Verification
from app.features.ledger import anchors
from app.features.ledger import queries as ledger

ledger_app: Final = typer.Typer(no_args_is_help=True, help="The ledger: prove that its history was not touched.")
NOTHING_PROVEN: Final = lazy_gettext(
    "There is no branch in this database, so nothing was proven. Is it the one that you mean?"
)


@ledger_app.callback()
def ledger_commands() -> None:
    """The ledger: prove that its history was not touched."""


@ledger_app.command()
def verify(
    *,
    branch: Annotated[str, typer.Option(help="Only this branch, by its name or id.")] = "",
    against: Annotated[
        str,
        typer.Option(
            metavar="FILE|DIGEST",
            help="A file of a day, an earlier output of this command, or what stands on a sheet, publicity or mail.",
        ),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="The report for machines.")] = False,
) -> None:
    """Follow every chain, add up every total again, compare facts with decisions; print where each chain ends.

    Keep what it prints outside this machine: only against that can a history be found that was written anew as a
    whole. Ends with 1 if anything was touched, and names the first bad row; with 2 if it was asked wrongly.
    """
    known = _known(against) if against else []
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with opening.opened() as database:
        with database.read() as session:  # a database without tables says so before anything is sealed
            ledger.branches_called(session, branch)
        _seal(database)
        with database.snapshot() as session, Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            names = ledger.branches_called(session, branch)
            if not (names or branch or known):
                typer.echo(NOTHING_PROVEN, err=True)
                raise typer.Exit(2)
            if branch and len(names) != 1:
                typer.echo(_("There is no single branch called “%(branch)s”.") % {"branch": branch}, err=True)
                raise typer.Exit(2)
            only = next(iter(names)) if branch else None
            task = bar.add_task("", total=verification.size(session, only))
            found = verification.verify(
                session, branch_id=only, known=known, progress=lambda rows: bar.advance(task, rows)
            )
        _note(database, found, only)
    if json:
        typer.echo(json_module.dumps(_as_json(found, names, only), ensure_ascii=False, indent=1))
    else:
        for line in _lines(found, names, only):
            typer.echo(line)
        if len(known) > 1:
            typer.echo(_compared_words(known))
    if not found.is_clean:
        raise typer.Exit(1)


@ledger_app.command()
def heads(
    *,
    json: Annotated[bool, typer.Option("--json", help="For machines, as the file of a day.")] = False,
    into: Annotated[Path | None, typer.Option(metavar="DIRECTORY", help="Write the file of a day there.")] = None,
) -> None:
    """Print where each chain ends now, or write it into a directory, with one digest for all of them.

    ``verify --against`` reads what is printed and what is written. Keep it where nobody of this machine can write.
    """
    with opening.opened() as database, database.read() as session:
        anchor, names = day_anchors.of_now(session, clock.now()), day_anchors.names(session)
    if into:
        try:
            typer.echo(sending.write_file(into, anchor, names))
        except OSError as error:
            typer.echo(f"{error.filename}: {error.strerror}", err=True)
            raise typer.Exit(2) from None
    elif json:
        typer.echo(day_anchors.as_file(anchor, names), nl=False)
    else:
        for line in day_anchors.in_lines(anchor, names):
            typer.echo(line)


def _known(against: str) -> list[KnownHead]:
    try:
        return known_heads.read(
            _text_of(Path(against)) or normalize("NFKC", against)
        )  # 40：1a2b as a Chinese keyboard types
    except OSError as error:
        typer.echo(f"{against}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    except ChangedFileError:
        said = _("“%(against)s” was changed after it was written: its digest is not that of its heads.")
        typer.echo(said % {"against": against}, err=True)
        raise typer.Exit(2) from None
    except ValueError:
        said = _("“%(against)s” is no file with heads and no head: a head looks like 40:1a2b-3c4d-5e6f-7a8b-9c0d.")
        typer.echo(said % {"against": against}, err=True)
        raise typer.Exit(2) from None


def _text_of(path: Path) -> str:
    """What a file says, as any editor or shell saved it; empty where what was typed is no file.

    Raises:
        OSError: it may not be read.
    """
    try:
        if not path.is_file():
            return ""
    except OSError:  # too long for a name: digits, not a file
        return ""
    content = path.read_bytes()
    return content.decode(json_module.detect_encoding(content)) or " "


def _seal(database: Database) -> None:
    try:
        seals.seal_all(database)
    except DBAPIError:  # a copy that may only be read, or a database that others hold
        typer.echo(_("Nothing can be written here: the newest entries of the audit log stay unsealed."), err=True)


def _note(database: Database, found: Verification, only: UUID | None) -> None:
    try:
        with database.write() as session:
            verification.note(session, found, branch_id=only)
    except DBAPIError:  # a copy that may only be read, or a database that others hold
        typer.echo(_("That this was verified could not be noted."), err=True)


def _lines(found: Verification, names: Mapping[UUID, str], only: UUID | None) -> Iterator[str]:
    """The report for people; its lines with heads are what ``--against`` reads."""
    yield clock.local_time(found.at).isoformat(timespec="seconds")
    for branch_id, head in found.heads.items():
        yield f"{names.get(branch_id, branch_id)}  {head.short}  {head.digest}"
    if only is None:
        yield f"{LOG}  {found.log.short}  {found.log.digest}"
    for broken in found.ledger.faults:
        yield f"{names.get(broken.branch_id, broken.branch_id)}: {broken.fault.sentence}"
    for total in found.ledger.wrong_totals:
        named = asdict(total) | {"month": month(total.month)}
        named |= {name: hundredths(named[name]) for name in ("quantity", "right_quantity")}
        yield (
            _(
                "The total of %(fact_type)s of member %(member_id)s in %(month)s says %(count)s (%(quantity)s), "
                "its facts say %(right_count)s (%(right_quantity)s)."
            )
            % named
        )
    for mismatch in found.mismatches:
        yield f"{names.get(mismatch.branch_id, mismatch.branch_id)}: {mismatch.sentence}"
    if found.log_fault:
        yield f"{LOG}: {found.log_fault.sentence}"
    for difference in found.differences:
        chain = "".join(filter(str.isprintable, difference.known.chain))  # a file can say anything
        yield f"{chain or _('Compared')}: {difference.sentence}"
    if any(_is_strange(difference, names) for difference in found.differences):
        yield _("What was typed wrong, or comes from another installation, is not found either: look at it once more.")
    counted = {"facts": found.ledger.facts, "branches": found.ledger.branches}
    yield _("Branches: %(branches)s, rows: %(facts)s.") % counted
    yield _("All is as it was written.") if found.is_clean else _("Not all is as it was written.")


def _is_strange(difference: Difference, names: Mapping[UUID, str]) -> bool:
    """Whether nothing here is called so, neither by name nor by id."""
    chain = difference.known.chain_id
    return difference.kind is DifferenceKind.UNKNOWN or (
        chain not in ("", LOG) and chain not in {str(one) for one in names}
    )


def _compared_words(known: list[KnownHead]) -> str:
    """How much a file had, so that one from which a branch was cut is noticed: its digest is that of the day's mail."""
    ends = {head.chain_id: Head(head.seq or 0, head.digest) for head in known}
    if "" in ends or len(ends) < len(known):
        return _("Compared with %(n)s ends.") % {"n": len(known)}
    return _("Compared with %(n)s ends; their digest is %(digest)s.") % {
        "n": len(known),
        "digest": spelled(anchors.digest(ends)),
    }


def _as_json(found: Verification, names: Mapping[UUID, str], only: UUID | None) -> dict[str, Any]:
    """Ids, days and moments as text; quantities in hundredths."""

    def of(branch_id: UUID) -> dict[str, Any]:
        return {"branch_id": str(branch_id), "branch": names.get(branch_id)}

    def ending(head: Head) -> dict[str, Any]:
        return {"seq": head.seq, "digest": head.digest, "short": head.short}

    return {
        "clean": found.is_clean,
        "at": clock.local_time(found.at).isoformat(timespec="seconds"),
        "branches": found.ledger.branches,
        "facts": found.ledger.facts,
        "heads": [of(branch_id) | ending(head) for branch_id, head in found.heads.items()]
        + ([{"branch_id": None, "branch": LOG} | ending(found.log)] if only is None else []),
        "faults": [
            of(broken.branch_id)
            | {"seq": broken.fault.seq, "code": broken.fault.kind.value, "message": broken.fault.sentence}
            for broken in found.ledger.faults
        ]
        + (
            [
                {"branch_id": None, "branch": LOG, "seq": found.log_fault.seq}
                | {"code": found.log_fault.kind.value, "message": found.log_fault.sentence}
            ]
            if found.log_fault
            else []
        ),
        "wrong_totals": [
            asdict(total) | {"member_id": str(total.member_id), "month": total.month.isoformat()}
            for total in found.ledger.wrong_totals
        ],
        "mismatches": [
            of(mismatch.branch_id)
            | {"record": mismatch.record, "seq": mismatch.seq, "code": mismatch.kind.value}
            | {"message": mismatch.sentence}
            for mismatch in found.mismatches
        ],
        "differences": [
            {"branch": difference.known.chain, "seq": difference.known.seq, "digest": difference.known.digest}
            | {"code": difference.kind.value, "message": difference.sentence}
            for difference in found.differences
        ],
    }
