"""What a branch has decided about pledges, held while it is changed."""

from typing import Final, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import insert_ignoring_duplicates
from app.features.members.actor import Actor
from app.features.shows.pledges.models import PledgeSettings

_SETTINGS: Final = cast(Table, PledgeSettings.__table__)


def held_settings(session: Session, actor: Actor) -> PledgeSettings:
    """The row of the actor's branch, made if there is none, and held: of two officers the second sees the first's."""
    row = {
        "branch_id": actor.branch_id,
        "asks_peers": False,
        "has_own_library": False,
        "changed_by_id": actor.member_id,
        "changed_at": clock.now(),
    }
    session.execute(insert_ignoring_duplicates(session, _SETTINGS), [row])
    return session.scalars(
        select(PledgeSettings)
        .where(PledgeSettings.branch_id == actor.branch_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
