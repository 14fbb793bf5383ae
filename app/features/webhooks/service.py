"""Making a webhook, testing it, ending it, and what its page shows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ImpossibleError, NotFoundError
from app.core.ids import new_id
from app.core.rows import AnyRow, locked, one, rowcount
from app.core.sealing import sealer
from app.core.settings import settings
from app.features.members import audit
from app.features.members.actor import Actor
from app.features.members.rules import AuditAction
from app.features.webhooks.models import Delivery, Webhook
from app.features.webhooks.rules import MOST, Happening, WhyNot, check_form, check_reached

SHOWN: Final = 50
"""Deliveries of the log on the page."""
_OPEN: Final = locked(select(Webhook).where(Webhook.ended_at.is_(None)))
_ONE: Final = locked(select(Webhook).where(Webhook.id == bindparam("id")))
_LIST: Final = (
    select(
        Webhook.id,
        Webhook.name,
        Webhook.url,
        Webhook.events,
        Webhook.ended_at,
        Webhook.held_at,
        func.max(Delivery.delivered_at).label("delivered_at"),
        func.count(case((Delivery.next_at.is_not(None), Delivery.id))).label("waiting"),
        func.count(case(((Delivery.next_at.is_(None)) & (Delivery.delivered_at.is_(None)), Delivery.id))).label("lost"),
    )
    .outerjoin(Delivery, Delivery.webhook_id == Webhook.id)
    .where(Webhook.ended_at.is_(None))
    .group_by(Webhook.id, Webhook.name, Webhook.url, Webhook.ended_at, Webhook.held_at)
    .order_by(Webhook.id)
)
_LOG: Final = (
    select(
        Delivery.id,
        Delivery.event,
        Delivery.at,
        Delivery.attempts,
        Delivery.next_at,
        Delivery.delivered_at,
        Delivery.status,
        Delivery.trouble,
        Webhook.name,
    )
    .join(Webhook, Webhook.id == Delivery.webhook_id)
    .order_by(Delivery.id.desc())
    .limit(SHOWN)
)
_HELD: Final = select(func.count(Webhook.id)).where(Webhook.ended_at.is_(None), Webhook.held_at.is_not(None))


def make(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002
    name: str,
    url: str,
    events: Collection[Happening],
    secret: str,
    addresses: Collection[str],
) -> None:
    """Let an address be told from now on, signed with ``secret``. The same form twice is once.

    ``addresses`` are those its name leads to: asked before, because nothing is held while the network is.

    Raises:
        ImpossibleError: it cannot be told.
    """
    if session.get(Webhook, id):
        return
    if not events:
        raise ImpossibleError(WhyNot.NOTHING, at="events")
    parts = urlsplit(url)
    check_form(parts)
    check_reached(parts.scheme, addresses, settings().webhook_networks)
    if len(session.scalars(_OPEN).all()) >= MOST:
        raise ImpossibleError(WhyNot.TOO_MANY, most=MOST)
    sealed = sealer().seal(secret, belongs_to=id)
    hook = Webhook(
        id=id,
        name=name,
        url=url,
        events=sorted(set(events)),
        sealed=sealed.text,
        key_id=sealed.key_id,
        made_by_id=actor.member_id,
    )
    session.add(hook)
    session.flush()
    said = {"url": f"{parts.scheme}://{parts.netloc}", "events": ", ".join(hook.events)}
    _note(session, actor, AuditAction.WEBHOOK_MADE, hook, said)


def end(session: Session, actor: Actor, *, webhook_id: UUID) -> None:
    """Tell it nothing more, also of what waits. Twice is once."""
    hook = one(session, _ONE, {"id": webhook_id})
    if hook.ended_at is None:
        hook.ended_at, hook.ended_by_id = clock.now(), actor.member_id
        hook.held_at = None  # what waits behind it is given up by the next run, and forgotten after a month
        session.flush()
        _note(session, actor, AuditAction.WEBHOOK_ENDED, hook, {})


def hold_all(session: Session, now: datetime) -> int:
    """Tell nobody anything until somebody has looked; gives how many there were. Who was ended since would be told."""
    told = update(Webhook).where(Webhook.ended_at.is_(None), Webhook.held_at.is_(None))
    return rowcount(session.execute(told.values(held_at=now)))


def held(session: Session) -> int:
    """How many wait for somebody who looks."""
    return session.scalar(_HELD) or 0


def resume(session: Session, actor: Actor, *, webhook_id: UUID) -> None:
    """Tell it again, also what has waited. Twice is once."""
    hook = one(session, _ONE, {"id": webhook_id})
    if hook.held_at and hook.ended_at is None:
        hook.held_at = None
        session.flush()
        _note(session, actor, AuditAction.WEBHOOK_RESUMED, hook, {})


def put_test(session: Session, *, webhook_id: UUID) -> UUID:
    """Write down a test for it; gives its id."""
    hook = one(session, _ONE, {"id": webhook_id})
    if hook.held_at:
        raise NotFoundError
    delivery = Delivery(id=new_id(), webhook_id=hook.id, event=Happening.TEST, subject_id=hook.id, at=clock.now())
    session.add(delivery)
    session.flush()
    return delivery.id


def webhooks(session: Session) -> Sequence[AnyRow]:
    """Those that are told, with what waits for them and what was given up."""
    return session.execute(_LIST).all()


def log(session: Session) -> Sequence[AnyRow]:
    """The latest deliveries of all."""
    return session.execute(_LOG).all()


def _note(session: Session, actor: Actor, action: AuditAction, hook: Webhook, said: dict[str, str]) -> None:
    audit.record(session, actor.member_id, action, audit.Subject(hook.name, hook.id), audit.changed({}, said))
