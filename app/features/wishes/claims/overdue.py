"""What time does to wishes: unfulfilled ones return to the board, and those past their day leave it.

Safe when several do it at once: each wish is held on its own, and whoever comes second finds nothing to do.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.wishes import service as life
from app.features.wishes.claims import queries, rules
from app.features.wishes.claims.rules import ClaimEnd
from app.features.wishes.claims.service import end
from app.features.wishes.models import Wish
from app.features.wishes.rules import HELD, Status, Step

_PAST: Final = (
    select(Wish.id).where(Wish.status == Status.PUBLISHED, Wish.wanted_by < bindparam("today")).order_by(Wish.id)
)


def return_overdue(session: Session, now: datetime) -> int:
    """Give wishes back to the board that were not handed over in time and grace; gives their number."""
    today = clock.local_day(now)
    returned = 0
    for row in queries.unfulfilled(session, before=today - rules.FULFIL_WITHIN):
        if today < rules.returns_on(row.fulfil_from, is_extended=row.extended_at is not None):
            continue
        wish = life.hold(session, row.id)
        held = queries.current(session, row.id)
        if wish.status not in HELD or held is None:
            continue
        if today >= rules.returns_on(held.fulfil_from, is_extended=held.extended_at is not None):
            end(session, held, ClaimEnd.OVERDUE)
            life.take(session, wish, Step.OVERDUE, by_id=None)
            returned += 1
    return returned


def expire(session: Session, now: datetime) -> int:
    """Take unclaimed wishes off the board whose last day has passed; gives their number.

    Their collector asks whether they still matter: then they go into the next round.
    """
    today = clock.local_day(now)
    expired = 0
    for wish_id in session.scalars(_PAST, {"today": today}).all():
        wish = life.hold(session, wish_id)
        if wish.status is Status.PUBLISHED and wish.wanted_by is not None and wish.wanted_by < today:
            life.take(session, wish, Step.EXPIRE, by_id=None)
            expired += 1
    return expired
