"""Whether anybody is to be told something now: asked every minute by a server that has loaded nothing else."""

from datetime import datetime
from typing import Final

from sqlalchemy import Uuid, bindparam, column, select, table
from sqlalchemy.orm import Session

from app.core.db import UtcDateTime

LEASE: Final = "webhooks"
"""Of all servers one tells at a time; the sweep does it too, and a message is claimed before it is sent."""
_DELIVERIES: Final = table("webhook_deliveries", column("next_at", UtcDateTime()), column("webhook_id", Uuid()))
_WEBHOOKS: Final = table("webhooks", column("id", Uuid()), column("held_at", UtcDateTime()))
"""As ``models.py`` has them, which would bring half the house along."""
_WAITING: Final = (
    select(_DELIVERIES.c.next_at)
    .where(
        _DELIVERIES.c.next_at <= bindparam("now", type_=UtcDateTime()),
        _DELIVERIES.c.webhook_id.not_in(select(_WEBHOOKS.c.id).where(_WEBHOOKS.c.held_at.is_not(None))),
    )
    .limit(1)
)


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether a message is due."""
    return session.execute(_WAITING, {"now": now}).first() is not None
