"""The heads of a day leave the machine: as a file in a directory, by mail. Once a day; what fails is tried again."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from errno import EEXIST
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from app.core import clock, mail, pulses
from app.core.db import Database
from app.core.i18n import LazyText, lazy_gettext
from app.core.i18n import gettext as _
from app.core.ids import new_id
from app.core.settings import Settings, settings
from app.features.audit import day_anchors, known_heads
from app.features.audit.day_anchors import Anchor

log = logging.getLogger("sanliang")
Names = Mapping[str, str]


class Way(NamedTuple):
    """A way out, as the installation has it."""

    pulse: str
    """When it last worked, in ``pulses``."""
    label: LazyText
    send: Callable[[Settings, Anchor, Names], object]


class WentOut(NamedTuple):
    """A way out, and when the heads last took it."""

    label: LazyText
    at: datetime | None
    is_late: bool
    """Whether the last heads have not gone out on it."""


def _file(config: Settings, anchor: Anchor, names: Names) -> None:
    if config.heads_directory:
        write_file(config.heads_directory, anchor, names)


def _mail(config: Settings, anchor: Anchor, names: Names) -> None:
    mail.send(config.mail_server, letter(config, anchor, names))


FILE: Final = Way("heads in a file", lazy_gettext("As a file"), _file)
MAIL: Final = Way("heads by mail", lazy_gettext("By mail"), _mail)


def ways(config: Settings) -> Iterator[Way]:
    """Those that the settings name; there may be none."""
    if config.heads_directory:
        yield FILE
    if config.heads_mail and config.mail_server:
        yield MAIL


def send_daily(database: Database, now: datetime) -> int:
    """Keep the heads of the day and send them out; gives the number of chains, 0 if that was done today.

    A way that fails is said in the log of the server and on the administrator's page, holds up nothing else and is
    tried again by the next sweep. Two sweeps at one moment may mail twice: the mail has one id.
    """
    with database.write() as session:
        kept = day_anchors.keep(session, now)
    with database.read() as session:
        anchor, names = day_anchors.last(session), day_anchors.names(session)
        late = [(way, anchor) for way in ways(settings()) if anchor and _is_late(session, way, anchor)]
    for way, anchor in late:
        try:
            way.send(settings(), anchor, names)
        except (OSError, ValueError) as error:  # without its text, which may name receivers or the password
            said = getattr(error, "strerror", None) or type(error).__name__
            log.error("the heads of the chains did not go out (%s): %s", way.pulse, said)  # noqa: TRY400
        else:
            with database.write() as session:
                pulses.beat(session, way.pulse, now)
    return kept


def went_out(session: Session) -> list[WentOut]:
    """Each way that the settings name, and when it last worked."""
    anchor = day_anchors.last(session)
    return [
        WentOut(way.label, pulses.last(session, way.pulse), anchor is not None and _is_late(session, way, anchor))
        for way in ways(settings())
    ]


def write_file(directory: Path, anchor: Anchor, names: Names) -> Path:
    """Put it there, never in the place of another; gives where.

    Raises:
        OSError: that is not possible.
    """
    path, content = directory / anchor.file_name, day_anchors.as_file(anchor, names)
    if path.exists():
        if not _says_the_same(path.read_bytes(), content):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
        return path
    unfinished = directory / f".{path.name}.{new_id()}"
    try:
        unfinished.write_text(content, "utf-8")
        unfinished.replace(path)  # whole or not at all
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _says_the_same(there: bytes, content: str) -> bool:
    """Whether a file of this name has these ends, at whichever moment and under whichever names of branches."""

    def ends(text: str) -> set[tuple[str, int | None, str]]:
        return {(head.chain_id, head.seq, head.digest) for head in known_heads.read(text)}

    try:
        return ends(there.decode()) == ends(content)
    except ValueError:
        return there == content.encode()


def letter(config: Settings, anchor: Anchor, names: Names) -> EmailMessage:
    """The mail: the digest to read, the heads as a file."""
    message = EmailMessage()
    day = clock.local_day(anchor.at).isoformat()
    message["Subject"] = _("Ends of the ledgers on %(day)s: %(digest)s") % {"day": day, "digest": anchor.short}
    message["From"] = config.mail_from or config.heads_mail[0]
    message["To"] = ", ".join(config.heads_mail)
    message["Date"] = format_datetime(anchor.at)
    message["Message-ID"] = f"<{anchor.digest}@sanliang>"
    message.set_content(
        _(
            "Keep this mail. With its file, or with the digest in its subject, it can be proved later that nothing "
            "that stood in the ledgers that day was changed: sanliang ledger verify --against FILE"
        )
    )
    content = day_anchors.as_file(anchor, names).encode()
    message.add_attachment(content, maintype="application", subtype="json", filename=anchor.file_name)
    return message


def _is_late(session: Session, way: Way, anchor: Anchor) -> bool:
    worked = pulses.last(session, way.pulse)
    return worked is None or worked < anchor.at
