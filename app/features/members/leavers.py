"""What is kept of somebody who left ends a year later: name, terms and facts stay, the rest of the person goes."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.members import audit
from app.features.members.models import Member
from app.features.members.rules import AuditAction

KEPT_FOR: Final = timedelta(days=365)
"""After the day somebody left: the sheet of the last year can still be objected to (docs/domain.md §9)."""
_LEFT_BEFORE: Final = Member.left_on <= bindparam("before")
OF_LEAVERS: Final = select(Member.id).where(_LEFT_BEFORE)
"""Those of whom nothing more is kept; bind ``before`` to ``gone_before``."""
_TO_FORGET: Final = (
    select(Member)
    .where(
        _LEFT_BEFORE,
        or_(Member.phone.is_not(None), Member.born.is_not(None), Member.note.is_not(None), Member.post.is_not(None)),
    )
    .order_by(Member.id)
    .with_for_update()
)


def gone_before(now: datetime) -> date:
    """Who left on this day or before has been gone for long enough."""
    return clock.local_day(now) - KEPT_FOR


def forget(session: Session, now: datetime) -> int:
    """Erase phone, birthday, remark and working post of those who left long ago; gives how many people that were."""
    forgotten: list[UUID] = []
    for member in session.scalars(_TO_FORGET, {"before": gone_before(now)}):
        member.phone = member.born = member.note = member.post = None
        member.version += 1
        audit.record(session, None, AuditAction.LEAVER_FORGOTTEN, member)
        forgotten.append(member.id)
    session.flush()
    return len(forgotten)
