"""To which branch somebody belonged on a day that is over: the present one, unless the log has them moved since."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.orm import Session, aliased

from app.core import clock
from app.core.rows import IDS
from app.features.members import queries as members
from app.features.members.models import AuditEntry, Member
from app.features.members.rules import AuditAction

_SINCE: Final = bindparam("since", type_=AuditEntry.at.type)
_Touched = aliased(AuditEntry)
_AWAY: Final = (
    select(AuditEntry.subject_id, AuditEntry.place_id)
    .where(AuditEntry.action == AuditAction.MEMBER_MOVED_AWAY, AuditEntry.at >= _SINCE)
    .order_by(AuditEntry.id.desc())  # of several moves the first one says where they were before all of them
)
_AWAY_OF: Final = _AWAY.where(AuditEntry.subject_id.in_(IDS))
_AWAY_AROUND: Final = _AWAY.where(
    AuditEntry.subject_id.in_(
        select(_Touched.subject_id).where(
            _Touched.place_id == bindparam("branch", type_=Uuid()),
            _Touched.action.in_((AuditAction.MEMBER_MOVED, AuditAction.MEMBER_MOVED_AWAY)),
            _Touched.at >= _SINCE,
        )
    )
)
_GONE: Final = select(Member.id, Member.name, Member.pinyin).where(
    Member.id.in_(IDS), Member.is_here(bindparam("day", type_=Member.left_on.type))
)


class Belonged(NamedTuple):
    """One person who belonged to a branch; without a group where they belong to another one by now."""

    id: UUID
    name: str
    group_name: str | None
    pinyin: str


def belonging(session: Session, branch_id: UUID, day: date) -> list[Belonged]:
    """Who belonged to the branch on ``day``, by group and pinyin. For callers that know the branch is theirs.

    Who was taken in from outside since belongs to the branch that took them in: no other one here has them.
    """
    here = [
        Belonged(row.id, row.name, row.group_name, row.pinyin)
        for row in members.branch_members(session, branch_id, day)
    ]
    if day >= clock.today():
        return here
    moved = {row.subject_id: row.place_id for row in session.execute(_AWAY_AROUND, _asked(day) | {"branch": branch_id})}
    here = [one for one in here if moved.get(one.id, branch_id) == branch_id]
    if gone := sorted({who for who, where in moved.items() if where == branch_id} - {one.id for one in here}):
        rows = session.execute(_GONE, {"ids": gone, "day": day})
        here += [Belonged(row.id, row.name, None, row.pinyin) for row in rows]
        without = sorted((one for one in here if one.group_name is None), key=lambda one: (one.pinyin, one.id))
        here = [one for one in here if one.group_name is not None] + without
    return here


def branches_on(session: Session, day: date, present: Mapping[UUID, UUID]) -> dict[UUID, UUID]:
    """The branch on ``day`` of each of these people, who have the branches of ``present`` by now."""
    if day >= clock.today():
        return dict(present)
    rows = session.execute(_AWAY_OF, _asked(day) | {"ids": sorted(present)})
    return dict(present) | {row.subject_id: row.place_id for row in rows}


def _asked(day: date) -> dict[str, object]:
    return {"since": clock.midnight(day + timedelta(days=1))}
