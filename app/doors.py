"""What opens by something that was handed out: closed where an older state of the database comes back.

What was ended since would live again there, and whoever kept it would come in once more, or speak with a second voice.
Asked by ``sanliang restore``, ``sanliang import`` and, after PostgreSQL's own recovery, by ``sanliang close-doors``.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Final

import typer
from sqlalchemy.orm import Session

from app.core import clock, opening
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.api import service as api
from app.features.audit import seals
from app.features.meetings.feed import service as feed
from app.features.members import audit
from app.features.members.rules import AuditAction
from app.features.outward import service as outward
from app.features.shows.cards import service as cards
from app.features.sign_in import service as sign_in
from app.features.sign_in.factors import service as factors
from app.features.slips import service as slips
from app.features.webhooks import service as webhooks
from app.features.wishes.carrying import slips as wish_slips

DOORS: Final[Mapping[str, Callable[[Session, datetime], int]]] = MappingProxyType(
    {
        "sessions": sign_in.end_all_sessions,
        "slips": slips.end_all,
        "recovery_codes": factors.forget_codes,
        "api_tokens": api.forget_secrets,
        "calendar_feeds": feed.end_all,
        "notice_channels": outward.end_all,
        "card_consents": cards.withdraw_all,
        "wish_slips": wish_slips.end_all,
        "webhooks": webhooks.hold_all,
    }
)
"""What each is called in the audit log, and what closes all of its kind; gives how many there were."""
CLOSED: Final = lazy_gettext(
    "Closed, because what was ended since that moment would open again: everybody signs in anew; printed slips, "
    "recovery codes, wishers' codes and calendar addresses are void; systems that read need a new secret; reminders "
    "outside and public cards are off until their people switch them on again; webhooks stand still until somebody "
    "lets them go on at /system/webhooks."
)
AS_THEN: Final = lazy_gettext(
    "As it was then, so end it anew before people come in: posts, passwords, second factors and linked accounts that "
    "were ended or changed since, and posters for residents that were renewed since."
)


def close_all(session: Session, now: datetime, about: str, **said: object) -> None:
    """Let nothing open by what was handed out, and let the audit log say so, in one unit of work.

    ``about`` is where the state came from; the log is sealed by whoever commits.
    """
    closed = {name: number for name, close in DOORS.items() if (number := close(session, now))}
    changes = audit.changed({}, {**said, **closed})
    audit.record(session, None, AuditAction.DATABASE_RESTORED, audit.Subject(about), changes)


def close_doors(*, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """After PostgreSQL came back as it was earlier: let nothing open by what was handed out before."""
    with opening.opened() as database:
        if not yes:
            typer.confirm(_("Everybody is signed out, and what was handed out is void. Go on?"), abort=True)
        with database.write() as session:
            close_all(session, clock.now(), "close-doors")
        seals.seal_all(database)
    say()


def say() -> None:
    """What is closed, and what is to be done by hand."""
    typer.echo(str(CLOSED))
    typer.echo(str(AS_THEN))
