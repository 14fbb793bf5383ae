"""Reads of the audit log, newest first."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, case, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.features.members.models import AuditEntry, Member
from app.features.members.rules import AuditAction

_Subject = aliased(Member)
Rows = Sequence[Row[*tuple[Any, ...]]]
PAGE: Final = 50
"""Entries of one page."""


def entries(
    session: Session, *, day: date | None = None, action: AuditAction | None = None, before: UUID | None = None
) -> Rows:
    """Up to ``PAGE`` entries, and one more where there are more: rows ``id, at, action, subject, changes, actor``.

    Only those of a branch-local ``day``, of one ``action`` and older than the entry ``before``, where these are said.
    """
    values: dict[str, object] = {"action": action, "before": before}
    if day:
        midnight = datetime.combine(day, time.min, clock.zone())
        values |= {"from_moment": midnight, "until_moment": midnight + timedelta(days=1)}
    statement = _entries(of_day=day is not None, of_action=action is not None, older=before is not None)
    return session.execute(statement, values).all()


@lru_cache(maxsize=8)
def _entries(*, of_day: bool, of_action: bool, older: bool) -> Select[*tuple[Any, ...]]:
    """Ids are made in the order of time, so they are the order of the log as well."""
    statement = (
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.action,
            case((AuditEntry.subject == "", _Subject.name), else_=AuditEntry.subject).label("subject"),
            AuditEntry.changes,
            Member.name.label("actor"),
        )
        .outerjoin(Member, Member.id == AuditEntry.actor_id)
        .outerjoin(_Subject, _Subject.id == AuditEntry.subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE + 1)
    )
    if of_day:
        statement = statement.where(
            AuditEntry.at >= bindparam("from_moment"), AuditEntry.at < bindparam("until_moment")
        )
    if of_action:
        statement = statement.where(AuditEntry.action == bindparam("action"))
    if older:
        statement = statement.where(AuditEntry.id < bindparam("before"))
    return statement
