"""``sanliang demo``: an invented organ to try everything on."""

from collections.abc import Iterator
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy.orm import Session

from app.core import clock, opening
from app.core.i18n import gettext as _
from app.core.schema import migrate
from app.demo import service
from app.demo.living import last_evening
from app.demo.people import FEWEST
from app.demo.service import PASSWORD, USUAL_BRANCHES, USUAL_MEMBERS, Account, NotEmptyError, Size
from app.features.members.rules import GIVEN_BY_ORGAN, Role

LISTED_BRANCHES: Final = 3
LISTED_MEMBERS: Final = 2
"""Members without a post who are listed of each branch; the others follow by number."""


def demo(
    *,
    branches: Annotated[int, typer.Option(min=1, max=5000, help="How many branches.")] = USUAL_BRANCHES,
    members_per_branch: Annotated[int, typer.Option(min=FEWEST, max=500, help="Members of each.")] = USUAL_MEMBERS,
    seed: Annotated[int, typer.Option(help="Another number invents other people.")] = 1,
    if_empty: Annotated[bool, typer.Option(help="Do nothing where somebody is known already.")] = False,
) -> None:
    """Fill an empty database with an invented organ and its year, and say who can sign in."""
    database = opening.database(may_be_made=True, is_trial=True)
    size = Size(branches, members_per_branch)
    try:
        migrate(database)
        with database.write() as session:
            if if_empty and not service.is_empty(session):
                return
            accounts = _invent(session, size, seed)
    except NotEmptyError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from refusal
    finally:
        database.close()
    _say(accounts)


def _invent(session: Session, size: Size, seed: int) -> list[Account]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("Inventing branches"), total=size.branches)
        return service.invent(
            session, seed=seed, size=size, today=last_evening(clock.now()), done=lambda: bar.advance(task)
        )


def _say(accounts: list[Account]) -> None:
    table = Table(_("Branch"), _("Posts"), _("Name"), _("Phone"), title=_("Who can sign in"), title_justify="left")
    listed = list(_listed(accounts))
    for account in listed:
        posts = "、".join(str(role.label) for role in account.roles) or _("no post")
        table.add_row(account.branch, posts, account.name, account.phone)
    console = Console()
    console.print(table)
    console.print(_("Password of all: %(password)s") % {"password": PASSWORD})
    console.print(
        _("%(n)s more can sign in; their phone numbers follow on those of their branch.")
        % {"n": len(accounts) - len(listed)}
    )


def _listed(accounts: list[Account]) -> Iterator[Account]:
    """Of the first branches secretary, deputy and two members without a post; the organ's officers; the collectors."""
    names = list(dict.fromkeys(account.branch for account in accounts))[:LISTED_BRANCHES]
    for name in names:
        of_branch = [account for account in accounts if account.branch == name]
        without_post = [account for account in of_branch if not account.roles]
        yield from (account for account in of_branch if {Role.SECRETARY, Role.DEPUTY} & set(account.roles))
        yield from without_post[:LISTED_MEMBERS]
    yield from (account for account in accounts if GIVEN_BY_ORGAN & set(account.roles))
