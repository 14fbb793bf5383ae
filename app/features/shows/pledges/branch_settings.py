"""What a branch has decided about pledges, held while it is changed."""

from typing import Final, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.core.rows import locked
from app.features.members.actor import Actor
from app.features.shows.pledges.models import PledgeSettings

_SETTINGS: Final = cast(Table, PledgeSettings.__table__)
_LOCKED: Final = locked(select(PledgeSettings).where(PledgeSettings.branch_id == bindparam("branch")))


def lock_settings(session: Session, actor: Actor) -> PledgeSettings:
    """The row of the actor's branch, made if there is none, and held: of two officers the second sees the first's."""
    row = {
        "branch_id": actor.branch_id,
        "asks_peers": False,
        "has_own_library": False,
        "changed_by_id": actor.member_id,
        "changed_at": clock.now(),
    }
    session.execute(insert_ignoring_duplicates(session, _SETTINGS), [row])
    return session.scalars(_LOCKED, {"branch": actor.branch_id}).one()
