"""``sanliang serve`` and ``migrate``, and what a command says that cannot go on."""

from contextlib import nullcontext
from typing import Annotated, Any, Final

import typer
import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, NotSupportedError

from app.core import built, connections, hourly, metrics, opening, refusals, schema
from app.core.db import Database
from app.core.env_file import EnvFileError
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.core.settings import THIS_MACHINE, Settings, settings

GRACE_SECONDS: Final = 10
"""How long requests that are under way may take to finish when the server is asked to stop."""
START_SECONDS: Final = 60
"""How long a process may be silent before it is started anew; on a busy machine it needs long to come up."""

OLD_SWITCH: Final = lazy_gettext(
    "SANLIANG_TRUST_PROXY is gone: set SANLIANG_TRUSTED_PROXIES to the addresses or networks of your proxies, "
    "for instance 127.0.0.1 for one on this machine."
)
"""Not done silently: without the list every visitor would count as the proxy, and share its limits."""
NO_PUBLIC_URL: Final = lazy_gettext(
    "SANLIANG_PUBLIC_URL is not set: every name that leads here is answered, and printed codes carry the one by which "
    "the person who prints has come."
)


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on; SANLIANG_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="SANLIANG_PORT, 8000 by default.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; SANLIANG_WORKERS.")] = None,
) -> None:
    """Serve the pages until stopped. Requests under way are finished first."""
    config = settings()
    if sentence := opening.missing(config) or _trouble_with(config.resolved_database_url):
        # the server could only answer with faults
        typer.echo(sentence, err=True)
        raise typer.Exit(2 if sentence == str(opening.OLDER) else 1)  # 2: waiting mends nothing
    if config.trust_proxy and not config.trusted_proxies:
        typer.echo(OLD_SWITCH, err=True)
        raise typer.Exit(2)
    host, port = host or config.host, port or config.port
    connections.allow_many_files()
    opening.say(config)
    typer.echo(_("Sanliang is at http://%(host)s:%(port)s") % {"host": host, "port": port}, err=True)
    if host not in THIS_MACHINE and not config.public_url:
        typer.echo(NO_PUBLIC_URL, err=True)
    sweeping = hourly.running(config.resolved_database_url) if config.sweep else nullcontext()
    with metrics.served(config), sweeping, built.keeping():
        uvicorn.run(
            "app.main:create_app",
            factory=True,
            host=host,
            port=port,
            workers=workers or config.workers,
            log_config=log_config(config.log_level, config.syslog),
            access_log=False,  # ours has the route instead of the address, which can name people
            server_header=False,
            http=connections.PatientProtocol,
            ws="none",
            backlog=connections.BACKLOG,
            proxy_headers=bool(config.trusted_proxies),
            forwarded_allow_ips=list(config.trusted_proxies),
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_worker_healthcheck=START_SECONDS,
        )


def migrate() -> None:
    """Bring the database to the newest schema. Nothing happens when it is there."""
    database = opening.database(may_be_made=True)
    try:
        schema.migrate(database)
    except DBAPIError as error:  # not "first run: sanliang migrate"
        typer.echo(_("The schema could not be changed: %(reason)s") % {"reason": _reason(error)}, err=True)
        raise typer.Exit(1) from None
    finally:
        database.close()
    typer.echo(_("The database has the newest schema."))


def said_why(error: Exception) -> int | None:
    """How a command ends by an ``error`` that was said in a line on the error stream; ``None``: nobody expected it.

    A wrong setting, and a database that is not there, not made yet or held by others, end every command so.
    """
    match error:
        case DBAPIError():
            sentence = (
                _unreachable(error) if _is_away(error) else _trouble_with(settings().resolved_database_url, error)
            )
            if sentence is None:
                return None
            typer.echo(sentence, err=True)
        case ValidationError(title=Settings.__name__):
            for problem in error.errors(include_input=False):  # the input may hold the password of the database
                typer.echo(f"SANLIANG_{problem['loc'][0]}".upper() + f": {problem['msg']}", err=True)
            return 2
        case EnvFileError():
            typer.echo(str(error), err=True)
            return 2
        case PermissionError(filename=file) if file:
            said = _("%(file)s: the account that runs this may not read or write it there.")
            typer.echo(said % {"file": file}, err=True)
        case OSError():
            typer.echo(str(error), err=True)
        case _:
            return None
    return 1


def log_config(level: str, syslog: str = "") -> dict[str, Any]:
    """One JSON object a line on the error stream, and to ``syslog``, from our loggers and the server's alike."""
    lines: dict[str, Any] = {"formatter": "json", "filters": ["once"]}
    handlers = {"lines": lines | {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}}
    if syslog:
        handlers["syslog"] = lines | {"class": "app.core.syslog.Forward", "address": syslog}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "app.core.logs.JsonLines"}},
        "filters": {"once": {"()": "app.core.logs.WithoutRepetition"}},
        "handlers": handlers,
        "root": {"level": level.upper(), "handlers": list(handlers)},
    }


def _trouble_with(url: str, error: DBAPIError | None = None) -> str | None:
    """Why nothing can be done with the database at ``url``: it cannot be reached, or has not the newest schema.

    ``error`` is what failed there before, and is said too: that the schema is old may not be its cause.
    """
    database = Database(url)
    try:
        if not schema.is_current(database):
            return f"{opening.OLDER} ({_reason(error)})" if error else str(opening.OLDER)
    except DBAPIError as trouble:
        return _unreachable(trouble)
    finally:
        database.close()
    return None


def _is_away(error: DBAPIError) -> bool:
    """Whether the database itself could not be had, whatever its tables are."""
    return refusals.is_passing(error) or isinstance(error, NotSupportedError)


def _unreachable(error: DBAPIError) -> str:
    if isinstance(error, NotSupportedError):  # an older server: see core/postgres.py
        return _reason(error)
    return _("The database cannot be reached: %(reason)s") % {"reason": _reason(error)}


def _reason(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0]
