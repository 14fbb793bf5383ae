"""Writing down what is to be told, where it happens: committed with it or not at all."""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.ids import new_id
from app.features.webhooks.models import Delivery, Webhook
from app.features.webhooks.rules import Happening

_TOLD: Final = select(Webhook.id, Webhook.events).where(Webhook.ended_at.is_(None)).order_by(Webhook.id)
_PUT: Final = cast(Table, Delivery.__table__).insert()


class ToldEvent(NamedTuple):
    """What happened to what, and in which branch."""

    event: Happening
    subject_id: UUID
    branch_id: UUID | None


def tell(session: Session, happenings: Iterable[ToldEvent]) -> None:
    """Let each webhook that wants to know be told of these: one statement where there is none."""
    hooks = session.execute(_TOLD).all()
    now = clock.now()
    rows = [
        {"id": new_id(), "webhook_id": hook.id, **told._asdict(), "at": now, "attempts": 0, "next_at": now}
        for told in (happenings if hooks else ())
        for hook in hooks
        if told.event in hook.events
    ]
    if rows:
        session.connection().execute(_PUT, rows)
