"""The audit log: what somebody changed about people, posts and places. Apart from the ledger, and append-only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from app.features.members.models import AuditEntry, Member, Organisation
from app.features.members.rules import AuditAction

Change = tuple[str | None, str | None]
"""A field before and after, as text."""
KEPT_FOR: Final = timedelta(days=366)
"""Twelve months (docs/domain.md §9); the database refuses to forget earlier."""
NOTHING: Final[Mapping[str, Change]] = MappingProxyType({})


def record(
    session: Session,
    actor_id: UUID | None,
    action: AuditAction,
    subject: Member | Organisation,
    changes: Mapping[str, Change] = NOTHING,
) -> None:
    """Note who did what to whom. ``actor_id`` is ``None`` for a command on the server; no secrets in ``changes``."""
    session.add(
        AuditEntry(
            actor_id=actor_id,
            action=action,
            subject_id=subject.id,
            subject=subject.name,
            changes={field: list(change) for field, change in changes.items()},
        )
    )


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, Change]:
    """The fields in which ``after`` differs from ``before``, as text; a field that is missing counts as empty."""
    fields = dict.fromkeys((*before, *after))
    texts = {field: (_text(before.get(field)), _text(after.get(field))) for field in fields}
    return {field: (old, new) for field, (old, new) in texts.items() if old != new}


def sweep(session: Session, now: datetime) -> int:
    """Forget entries older than ``KEPT_FOR``; gives their number."""
    expired = delete(AuditEntry).where(AuditEntry.at < now - KEPT_FOR)
    return cast(CursorResult[Any], session.execute(expired)).rowcount


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)
