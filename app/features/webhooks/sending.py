"""Telling them: signed, at the address that was looked at, with an end to waiting and to trying."""

import json
import socket
import ssl
import time
from collections.abc import Sequence
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, NamedTuple
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.core import clock, sealing
from app.core.asking import Conversation
from app.core.db import Database
from app.core.errors import AppError, ImpossibleError
from app.core.settings import settings
from app.features.webhooks.models import Delivery, Webhook
from app.features.webhooks.rules import KEPT, UNDER_WAY, Trouble, check_reached, pause_after, signature

PATIENCE_S: Final = 10.0
"""For one step of the conversation, in seconds."""
DEADLINE_S: Final = 20.0
"""For all of it, by the clock: whoever answers byte by byte has no more. Far less than ``UNDER_WAY``."""
SLOW_S: Final = 5.0
"""Who takes longer to answer is asked nothing more in that run."""
BUDGET_S: Final = 120.0
"""How long a run sends, in seconds; what is left goes out with the next one."""
AT_ONCE: Final = 50
"""Deliveries looked up in one statement."""
RUN: Final = 1000
"""Deliveries of one run at most, so that what comes after it is not kept waiting; the next run goes on."""
_DUE: Final = (
    select(Delivery.id, Delivery.webhook_id)
    .where(
        Delivery.next_at <= bindparam("now", type_=Delivery.next_at.type),
        Delivery.webhook_id.not_in(bindparam("tired", type_=Uuid(), expanding=True)),
        Delivery.webhook_id.not_in(select(Webhook.id).where(Webhook.held_at.is_not(None))),
    )
    .order_by(Delivery.next_at, Delivery.id)
    .limit(AT_ONCE)
)
_CLAIM: Final = (
    update(Delivery)
    .where(Delivery.id == bindparam("one"), Delivery.next_at <= bindparam("now", type_=Delivery.next_at.type))
    .values(next_at=bindparam("until"), attempts=Delivery.attempts + 1)
    .execution_options(synchronize_session=False)
)
_CLOSE: Final = (
    update(Delivery)
    .where(Delivery.id == bindparam("one"), Delivery.attempts == bindparam("mine"), Delivery.delivered_at.is_(None))
    .values(
        status=bindparam("its_status"),
        trouble=bindparam("its_trouble"),
        next_at=bindparam("again_at"),
        delivered_at=bindparam("taken_at"),
    )
    .execution_options(synchronize_session=False)
)
"""Who was so slow that another one has claimed it since leaves the word to that one."""
_WANTS_QUIET: Final = frozenset({408, 410, 429})
"""Answers that mean whatever it is told, and not this message: too slow, gone, too much."""
_WAIT: Final = (
    update(Delivery)
    .where(
        Delivery.webhook_id == bindparam("hook", type_=Uuid()),
        Delivery.next_at <= bindparam("now", type_=Delivery.next_at.type),
    )
    .values(next_at=bindparam("until"))
    .execution_options(synchronize_session=False)
)
"""What else it is to be told waits with what it did not take: else another one would be tried every minute."""
_ONE: Final = (
    select(
        Delivery.id,
        Delivery.event,
        Delivery.subject_id,
        Delivery.branch_id,
        Delivery.at,
        Delivery.attempts,
        Delivery.status,
        Delivery.trouble,
        Webhook.id.label("webhook_id"),
        Webhook.url,
        Webhook.sealed,
        Webhook.ended_at,
    )
    .join(Webhook, Webhook.id == Delivery.webhook_id)
    .where(Delivery.id == bindparam("one"))
)
_OLD: Final = delete(Delivery).where(
    Delivery.at < bindparam("before", type_=Delivery.at.type), Delivery.next_at.is_(None)
)


_TIRED: Final = frozenset({Trouble.UNREACHABLE, Trouble.NOT_TRUSTED, Trouble.NOT_ALLOWED})


class AttemptResult(NamedTuple):
    """What came of one attempt."""

    status: int | None = None
    trouble: Trouble | None = None


def deliver(database: Database, *, budget: float = BUDGET_S) -> int:
    """Tell everybody what is due, for ``budget`` seconds at most; gives how much was delivered.

    Nothing is held while somebody is waited for. Who could not be reached, is slow or broken is asked nothing more in
    this run, so that one address keeps nobody waiting.
    """
    ends, delivered, looked_at = time.monotonic() + budget, 0, 0
    tired: set[UUID] = set()
    while looked_at < RUN:
        with database.read() as session:
            due = session.execute(_DUE, {"now": clock.now(), "tired": sorted(tired)}).all()
        for row in due:
            if row.webhook_id in tired:
                continue
            began = time.monotonic()
            if began >= ends:
                return delivered
            answer = deliver_one(database, row.id)
            delivered += answer is not None and answer.trouble is None
            if answer and (_is_tired(answer) or time.monotonic() - began > SLOW_S):
                tired.add(row.webhook_id)
        looked_at += len(due)
        if len(due) < AT_ONCE:
            break
    return delivered


def deliver_one(database: Database, delivery_id: UUID) -> AttemptResult | None:
    """Try one that is due; ``None``: another process does, or nobody is to be told any more."""
    with database.write() as session:
        now = clock.now()
        claimed: Any = session.execute(_CLAIM, {"one": delivery_id, "now": now, "until": now + UNDER_WAY})
        if not claimed.rowcount:
            return None
        row = session.execute(_ONE, {"one": delivery_id}).one()
    answer = None if row.ended_at else _send(row)
    now, last = clock.now(), answer or AttemptResult(row.status, row.trouble)
    pause = pause_after(row.attempts) if answer and answer.trouble else None
    said = {
        "its_status": last.status,
        "its_trouble": last.trouble,
        "again_at": now + pause if pause else None,
        "taken_at": now if answer and answer.trouble is None else None,
    }
    with database.write() as session:
        session.execute(_CLOSE, {"one": delivery_id, "mine": row.attempts, **said})
        if answer and pause and _is_tired(answer):
            session.execute(_WAIT, {"hook": row.webhook_id, "now": now, "until": now + pause})
    return answer


def _is_tired(answer: AttemptResult) -> bool:
    """Whether it is the receiver, and not what it was told."""
    return answer.trouble in _TIRED or (answer.status or 0) >= 500 or answer.status in _WANTS_QUIET


def forget(session: Session, now: datetime) -> int:
    """Forget what is over for so long that nobody asks; gives how much."""
    gone: Any = session.execute(_OLD, {"before": now - KEPT})
    return int(gone.rowcount)


def addresses_of(parts: SplitResult) -> Sequence[str]:
    """Where the name of an address leads today; nothing where it leads nowhere."""
    try:
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return list(dict.fromkeys(str(place[0]).partition("%")[0] for *_kind, place in found))


def _send(row: Row[*tuple[Any, ...]]) -> AttemptResult:
    said = {"id": row.subject_id, "branch_id": row.branch_id}
    content = {"type": row.event.value, "timestamp": row.at.isoformat(), "data": said}
    body = json.dumps(content, default=str).encode()
    timestamp = int(clock.now().timestamp())
    try:
        secret = sealing.sealer().open(row.sealed, belongs_to=row.webhook_id)
    except AppError:
        return AttemptResult(trouble=Trouble.NO_KEY)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Sanliang",
        "webhook-id": str(row.id),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id=str(row.id), timestamp=timestamp, body=body),
    }
    conversation: Conversation[AttemptResult | None] = Conversation()
    answer = conversation.within(DEADLINE_S, lambda: _post(conversation, urlsplit(row.url), body, headers))
    return answer or AttemptResult(trouble=Trouble.UNREACHABLE)


def _post(
    conversation: Conversation[AttemptResult | None], parts: SplitResult, body: bytes, headers: dict[str, str]
) -> AttemptResult | None:
    """Send it to an address that was looked at just now: a name is asked once, no way on is followed."""
    addresses = addresses_of(parts)
    try:
        check_reached(parts.scheme, addresses, settings().webhook_networks)
    except ImpossibleError:
        return AttemptResult(trouble=Trouble.NOT_ALLOWED if addresses else Trouble.UNREACHABLE)
    line = _line(parts, addresses[0])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        if not conversation.connect(line):
            return None
        line.request("POST", path, body, headers)
        status = line.getresponse().status
    except ssl.SSLError:
        return AttemptResult(trouble=Trouble.NOT_TRUSTED)
    except (OSError, HTTPException):
        return AttemptResult(trouble=Trouble.UNREACHABLE)
    finally:
        line.close()
    return AttemptResult(status, None if 200 <= status < 300 else Trouble.STATUS)


def _line(parts: SplitResult, address: str) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        line: HTTPConnection = HTTPSConnection(
            host, _port(parts), timeout=PATIENCE_S, context=ssl.create_default_context()
        )
    else:
        line = HTTPConnection(host, _port(parts), timeout=PATIENCE_S)
    there = (address, _port(parts))
    line._create_connection = lambda *_named, **_more: socket.create_connection(there, PATIENCE_S)  # type: ignore[attr-defined]
    return line


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
