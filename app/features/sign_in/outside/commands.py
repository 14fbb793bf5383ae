"""``sanliang sign-in check``: whether the ways in from outside are as they should be, said in a sentence each."""

from typing import Final

import typer

from app.core.i18n import gettext as _
from app.core.settings import settings
from app.features.sign_in.outside import ways
from app.features.sign_in.outside.errors import OutsideError

sign_in_app: Final = typer.Typer(no_args_is_help=True, help="Signing in with the organ's account: is it set up?")


@sign_in_app.callback()
def _group() -> None:
    """Signing in with the organ's account: is it set up?"""


@sign_in_app.command()
def check() -> None:
    """Ask every way that is named in SANLIANG_SIGN_IN, and say what is wrong. No database is needed."""
    config = settings()
    if not config.sign_in:
        typer.echo(_("SANLIANG_SIGN_IN names no way: people sign in with number and password, and with slips."))
        return
    found = []
    if not config.public_url:
        found.append(_("SANLIANG_PUBLIC_URL is not set: the address to come back to has to be known there."))
    for way in ways.named(config):
        called = ways.called(way, config)
        if absent := ways.missing(way, config):
            found.append(_("%(way)s is named, and %(what)s is not set.") % {"way": called, "what": absent})
            continue
        try:
            for line in ways.reader(way, config).look():
                typer.echo(f"{called}: {line}")
        except OutsideError as refusal:
            said = {"way": called, "why": refusal.values.get("why", refusal.code)}
            found.append(_("%(way)s does not work: %(why)s") % said)
        except OSError as error:
            found.append(_("%(way)s does not work: %(why)s") % {"way": called, "why": error})
        typer.echo(_("Address to come back to: %(url)s") % {"url": f"{config.public_url}/sign-in/with/{way}/back"})
    for sentence in found:
        typer.echo(sentence, err=True)
    if found:
        raise typer.Exit(1)
