"""``sanliang second-factor …``: for somebody whom no two administrators can help."""

from typing import Annotated, Final

import typer

from app.core import opening
from app.core.i18n import gettext as _
from app.features.sign_in.factors.resets import service
from app.features.sign_in.factors.rules import NoFactorError
from app.features.sign_in.queries import account
from app.features.sign_in.rules import read_login

factors_app: Final = typer.Typer(no_args_is_help=True, help="Second factors: what is asked for beside the password.")


@factors_app.callback()
def _group() -> None:
    """Second factors: what is asked for beside the password."""


@factors_app.command()
def reset(login: Annotated[str, typer.Argument(help="Phone number or member number.")]) -> None:
    """Take the second factors of somebody away who has lost them all. It stands in the audit log."""
    with opening.opened() as database, database.write() as session:
        row = account(session, read_login(login))
        if row is None:
            raise NoFactorError
        name = service.reset_now(session, None, row.id)
    typer.echo(_("%(name)s signs in with the password alone now, and adds new devices.") % {"name": name})
