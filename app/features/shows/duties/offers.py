"""What pages offer somebody to do with a duty."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.features.members.actor import Actor
from app.features.shows.duties import queries, service
from app.features.shows.duties.errors import OwnDutyError, OwnLateDutyError


class Offered(NamedTuple):
    """What pages offer somebody to do with a duty."""

    change: bool
    hand_over: bool


def offered(session: Session, actor: Actor, duty_id: UUID) -> Offered:
    """What pages offer the actor: for a duty that the actor may see."""
    row = queries.rows_of(session, [duty_id], clock.today())[duty_id]
    hand_overs = service.hand_overs_of(session, [duty_id]).get(duty_id, ())
    change = hand_over = True
    try:
        service.check_change(actor, row, hand_overs)
    except OwnDutyError:
        change = False
    try:
        service.check_hand_over(actor, row, hand_overs, starts_on=clock.today())
    except (OwnDutyError, OwnLateDutyError):
        hand_over = False
    return Offered(change, hand_over and queries.is_officer(actor, row.branch_id))
