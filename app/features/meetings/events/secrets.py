"""Making, reading and erasing the secrets that the codes of meetings come from."""

import secrets
from collections.abc import Collection
from contextlib import suppress
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from app.core import clock, sealing
from app.core.rows import IDS, put_once
from app.features.meetings.events.models import VenueCode
from app.features.members.queries import AnyRow

SECRET_BYTES: Final = 20
"""Of RFC 4226, §4: as long as the hash."""
_CODES: Final = cast(Table, VenueCode.__table__)
_SEALED: Final = select(VenueCode.id, VenueCode.sealed).where(VenueCode.id.in_(IDS))
_ERASE: Final = update(_CODES).where(_CODES.c.id == bindparam("event")).values(sealed=None, key_id=None)


def make(session: Session, event_ids: Collection[UUID]) -> None:
    """Make the secrets of those of these meetings that have none; of none where the server does not find its key."""
    if not sealing.has_key():
        return
    sealer, rows = sealing.sealer(), list[dict[str, Any]]()
    for event_id in event_ids:
        seal = sealer.seal(secrets.token_hex(SECRET_BYTES), belongs_to=event_id)
        rows.append({"id": event_id, "sealed": seal.text, "key_id": seal.key_id, "made_at": clock.now()})
    put_once(session, _CODES, rows)


def secrets_of(session: Session, event_ids: Collection[UUID]) -> dict[UUID, bytes | None]:
    """The secrets of those of these meetings that have one; ``None`` where it was erased."""
    rows = session.execute(_SEALED, {"ids": sorted(event_ids)}).all() if event_ids else []
    return {row.id: _opened(row) for row in rows}


def readable(session: Session, event_ids: Collection[UUID]) -> dict[UUID, bytes | None]:
    """The same, without those that cannot be read just now."""
    rows = session.execute(_SEALED, {"ids": sorted(event_ids)}).all() if event_ids else []
    found = dict[UUID, bytes | None]()
    for row in rows:
        with suppress(sealing.KeyMissingError, sealing.BrokenSealError):
            found[row.id] = _opened(row)
    return found


def _opened(row: AnyRow) -> bytes | None:
    return bytes.fromhex(sealing.sealer().open(row.sealed, belongs_to=row.id)) if row.sealed else None


def erase(session: Session, event_ids: Collection[UUID]) -> None:
    """Erase the secrets of these meetings."""
    if event_ids:
        session.connection().execute(_ERASE, [{"event": one} for one in sorted(event_ids)])
