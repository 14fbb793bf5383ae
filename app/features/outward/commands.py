"""``sanliang notices …``: the key of push messages, and sending what is due apart from the sweep."""

from typing import Final

import typer

from app.core import opening
from app.core.i18n import gettext as _
from app.core.settings import settings
from app.features.outward import push_key, telling

notices_app: Final = typer.Typer(
    no_args_is_help=True, help="Reminders that leave the house: the key of push messages, sending apart from the sweep."
)
LONG_S: Final = 3000.0
"""How long the command sends, in seconds: less than an hour, so that it can be run every hour."""


@notices_app.command("new-key")
def new_key() -> None:
    """Make the key with which browsers are written to, once. Over another one never: browsers have subscribed to it."""
    path = settings().push_key_file
    try:
        push_key.make(path)
    except FileExistsError:
        typer.echo(_("There is a key already: %(path)s. Nothing was done.") % {"path": path}, err=True)
        raise typer.Exit(1) from None
    sentence = _("The key is in %(path)s. Keep a copy: without it every browser has to be switched on anew.")
    typer.echo(sentence % {"path": path})


@notices_app.command()
def send() -> None:
    """Send what is due for up to fifty minutes: for houses with more people than the sweep's two minutes reach."""
    database = opening.database()
    try:
        number = telling.tell(database, budget=LONG_S)
    finally:
        database.close()
    typer.echo(_("Notices sent outside: %(number)s.") % {"number": number})
