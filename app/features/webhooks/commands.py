"""``sanliang webhooks``: what waits to be told, now and not only with the hourly sweep."""

import typer

from app.core import opening
from app.core.i18n import gettext as _
from app.features.webhooks import sending


def tell() -> None:
    """Send what webhooks are still to be told. The sweep does it too; run this where an hour is too long."""
    database = opening.database()
    try:
        number = sending.deliver(database)
    finally:
        database.close()
    typer.echo(_("Messages delivered to webhooks: %(number)s.") % {"number": number})
