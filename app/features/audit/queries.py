"""Reads of the audit log, newest first, and when it was verified last."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Select, String, Uuid, bindparam, case, or_, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import Rows
from app.features.audit.rules import Verified, verified
from app.features.members.models import AuditEntry, Member, Organisation
from app.features.members.names import ESCAPE, contains
from app.features.members.rules import AuditAction

PAGE: Final = 50
"""Entries of one page."""
MOST_NAMED: Final = 200
"""People or branches of one name that are looked for; whoever means more looks for a longer part of the name."""
_Subject, _Place = aliased(Member), aliased(Organisation)
_SAID: Final[BindParameter[str]] = bindparam("said", type_=String())
_PEOPLE: Final = select(Member.id).where(Member.name.ilike(_SAID, escape=ESCAPE)).limit(MOST_NAMED)
_PLACES: Final = select(Organisation.id).where(Organisation.name.ilike(_SAID, escape=ESCAPE)).limit(MOST_NAMED)
_VERIFIED: Final = (
    select(AuditEntry.at, AuditEntry.changes, Member.name.label("actor"))
    .outerjoin(Member, Member.id == AuditEntry.actor_id)
    .where(AuditEntry.action == AuditAction.VERIFIED, AuditEntry.place_id.is_(None))
    .order_by(AuditEntry.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries; what is not said leaves nothing out."""

    person: str | None = None
    branch: str | None = None
    day: date | None = None
    """Branch-local; alone it is the only day, with ``until`` the first one."""
    until: date | None = None
    action: AuditAction | None = None
    before: UUID | None = None
    """Only older ones than this entry."""


def entries(session: Session, wanted: Wanted = Wanted(), *, most: int = PAGE + 1) -> Rows:
    """The newest ``most``: rows ``id, at, action, subject, place, changes, actor``."""
    values: dict[str, object] = {"action": wanted.action, "before": wanted.before, "most": most}
    first, last = wanted.day, wanted.until or wanted.day
    if first:
        values["since"] = clock.midnight(first)
    if last:
        values["until"] = clock.midnight(last + timedelta(days=1))
    if wanted.person:
        values["people"] = session.scalars(_PEOPLE, {"said": contains(wanted.person)}).all()
    if wanted.branch:
        values["places"] = session.scalars(_PLACES, {"said": contains(wanted.branch)}).all()
    said = frozenset(name for name, value in values.items() if value is not None)
    return session.execute(_entries(said), values).all()


def last_verified(session: Session) -> Verified | None:
    """When everything was verified last, and what came of it; None if it never was."""
    found = session.execute(_VERIFIED).one_or_none()
    return verified(*found) if found else None


@lru_cache(maxsize=64)
def _entries(said: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Ids are made in the order of time, so they are the order of the log as well."""
    statement = (
        select(
            AuditEntry.id,
            AuditEntry.at,
            AuditEntry.action,
            case((AuditEntry.subject == "", _Subject.name), else_=AuditEntry.subject).label("subject"),
            _Place.name.label("place"),
            AuditEntry.changes,
            Member.name.label("actor"),
        )
        .outerjoin(Member, Member.id == AuditEntry.actor_id)
        .outerjoin(_Subject, _Subject.id == AuditEntry.subject_id)
        .outerjoin(_Place, _Place.id == AuditEntry.place_id)
        .order_by(AuditEntry.id.desc())
        .limit(bindparam("most"))
    )
    people, places = (bindparam(name, type_=Uuid(), expanding=True) for name in ("people", "places"))
    conditions = {
        "since": AuditEntry.at >= bindparam("since"),
        "until": AuditEntry.at < bindparam("until"),
        "people": or_(AuditEntry.actor_id.in_(people), AuditEntry.subject_id.in_(people)),
        "places": AuditEntry.place_id.in_(places),
        "action": AuditEntry.action == bindparam("action"),
        "before": AuditEntry.id < bindparam("before"),
    }
    return statement.where(*(condition for name, condition in conditions.items() if name in said))
