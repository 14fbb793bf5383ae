"""``sanliang webhooks``: what waits to be told, now."""

import os
from typing import Annotated

import typer

from app.core import hourly, leases, opening
from app.core.i18n import gettext as _
from app.features.webhooks import sending, waiting


def tell(
    *,
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Say nothing, and leave it to another process that is at it.")
    ] = False,
) -> None:
    """Send what webhooks are still to be told. A server does it by itself, every minute."""
    if if_due:
        os.nice(10)
    database = opening.database(aloud=not if_due)
    number = 0
    try:
        with hourly.ending_when_asked(), leases.held(database, waiting.LEASE) as is_mine:
            if is_mine:
                number = sending.deliver(database)
    except KeyboardInterrupt:
        raise typer.Exit(hourly.INTERRUPTED) from None
    finally:
        database.close()
    if not if_due:
        typer.echo(_("Messages delivered to webhooks: %(number)s.") % {"number": number})
