"""``sanliang``: everything that is done on the server, by hand or by a timer."""

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from types import MappingProxyType
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "init": (
            "app.features.slips.commands:init",
            "Prepare an empty database: the committee, a first branch, and slips for the administrators.",
        ),
        "slip": (
            "app.features.slips.commands:slip",
            (
                "Print a new slip for any member, also for administrators. "
                "Who may run this could change the database anyway."
            ),
        ),
        "post": (
            "app.features.slips.commands:post",
            "Give or end a post where nobody in the house may: the first administrators, the only branch's secretary.",
        ),
        "sweep": (
            "app.sweep:sweep",
            "Erase what is kept long enough, move on what has waited long enough, remind people. Twice is once.",
        ),
        "demo": (
            "app.demo.commands:demo",
            "Fill an empty database with an invented organ and its year, and say who can sign in.",
        ),
        "serve": ("app.core.commands:serve", "Serve the pages until stopped. Requests under way are finished first."),
        "migrate": (
            "app.core.commands:migrate",
            "Bring the database to the newest schema. Nothing happens when it is there.",
        ),
        "backup": (
            "app.backups.commands:backup",
            "Copy the database while it serves, prove the copy, throw away what is older. Only its owner may read it.",
        ),
        "restore": (
            "app.backups.commands:restore",
            "Put a backup in place, after it was proved. What was there is put aside under another name.",
        ),
        "drill": (
            "app.backups.commands:drill",
            "Restore a backup into a scratch place, prove it there and throw it away. What serves is not touched.",
        ),
        "export": (
            "app.exchange:export_to",
            "Write everything as open files: a table each, pictures, and a manifest with checksums.",
        ),
        "import": (
            "app.exchange:import_from",
            "Read such a folder into an empty database of either engine, and prove that the ledger is what it was.",
        ),
        "close-doors": (
            "app.doors:close_doors",
            "After PostgreSQL came back as it was earlier: let nothing open by what was handed out before.",
        ),
        "ledger": ("app.features.audit.commands:ledger_app", "The ledger: prove that its history was not touched."),
        "roster": (
            "app.features.roster.commands:roster_app",
            "The roster: bring members in from a file, take them out.",
        ),
        "holidays": (
            "app.features.holidays.commands:holidays_app",
            "Days off and make-up working days: load a year's list, say which list is in force.",
        ),
        "sheets": (
            "app.features.scores.archive.commands:sheets_app",
            "Archived sheets: prove that they are as they were.",
        ),
        "rules": (
            "app.features.scores.commands:rules_app",
            "Rule sets: try one on facts, check one, use one for a year.",
        ),
        "try": (
            "app.tried:try_rules",
            "The rules asked from outside: a JSON list of cases in, a list of results out. No database is needed.",
        ),
        "contacts": ("app.features.private.commands:contacts_app", "The key that seals contacts of wishers."),
        "webhooks": (
            "app.features.webhooks.commands:tell",
            "Send what webhooks are still to be told. A server does it by itself, every minute.",
        ),
        "notices": (
            "app.features.outward.commands:notices_app",
            "Reminders that leave the house: the key of push messages, sending apart from the sweep.",
        ),
        "sign-in": (
            "app.features.sign_in.outside.commands:sign_in_app",
            "Signing in with the organ's account: is it set up?",
        ),
        "second-factor": (
            "app.features.sign_in.factors.resets.commands:factors_app",
            "Second factors: what is asked for beside the password.",
        ),
    }
)
"""Where each command is and what it is for: only the one that is run is imported, for the house takes two seconds."""
ALONE: Final = ("app.core.", "app.tried")
"""Modules whose commands need no stream."""


class _OneAtATime(TyperGroup):
    """Lists all commands and loads the one that is run."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=purpose) for name, (_place, purpose) in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name else command, rest


commands: Final = typer.Typer(cls=_OneAtATime, no_args_is_help=True, help="Sanliang: a Party branch at work.")


def _said_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"Sanliang {version('sanliang')}")
        raise typer.Exit


@commands.callback()
def sanliang(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Say which version this is.",
            callback=lambda wanted: _said_version(wanted=wanted),
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Say nothing by itself: there is always a command."""


def loaded(name: str) -> Any:
    """The command ``name`` itself, after the streams have said what they bring to it."""
    module, _colon, attribute = COMMANDS[name][0].partition(":")
    if not module.startswith(ALONE):
        import_module("app.features.streams").announce()
    found = getattr(import_module(module), attribute)
    alone = typer.Typer(add_completion=False, callback=sanliang)
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name)(found)
    group = typer.main.get_group(alone)
    return group.commands[name]


def main() -> None:
    """The console script. What it writes (database, files that go out) is personal: its user alone reads it."""
    os.umask(0o077)
    try:
        commands()
    except Exception as error:
        status = import_module("app.core.commands").said_why(error)
        if status is None:
            raise
        sys.exit(status)


if __name__ == "__main__":
    main()
