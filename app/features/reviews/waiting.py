"""How much waits for an officer's word: one count for the queue, the page of today and whoever else asks."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.members.actor import Actor
from app.features.members.rules import Permission
from app.features.reviews import deciders
from app.features.reviews.kinds import kind_called
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus

LONG: Final = timedelta(days=7)
"""After so long somebody has waited too long for a word. Ours."""
_OWN: Final = or_(Review.member_id == bindparam("me"), Review.recorded_by_id == bindparam("me"))
_MINE: Final = not_(_OWN)


def _number(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(_MINE, *conditions), 1), else_=0))


_COUNTED: Final = (
    select(
        Review.kind,
        _number().label("mine"),
        func.sum(case((_OWN, 1), else_=0)).label("others"),
        _number(Review.flags != ()).label("flagged"),
        _number(Review.submitted_at < bindparam("long_ago", type_=Review.submitted_at.type)).label("long"),
        _number(deciders.OF_AN_OFFICER).label("of_officers"),
        func.min(case((_MINE, Review.submitted_at))).label("oldest"),
    )
    .where(Review.status == ReviewStatus.PENDING)
    .group_by(Review.kind)
)
_COUNTS: Final = {
    True: _COUNTED.where(deciders.WAITS_NEAR, deciders.IN_SCOPE),
    False: _COUNTED.where(deciders.IN_BRANCH),
}
"""By whether the actor stands in for officers of other branches."""


class Waiting(NamedTuple):
    """How much waits for the actor's word."""

    by_kind: dict[str, int]
    """For the actor to decide, kinds without any left out."""
    for_others: int = 0
    """The actor's own and what the actor entered: other officers decide on it."""
    one_by_one: int = 0
    """Of those to decide: marked, or of a kind that is looked at one by one. The rest can be approved together."""
    long: int = 0
    """Of those to decide: waiting longer than ``LONG``."""
    of_officers: int = 0
    """Of those to decide: what other officers did or entered, who may not decide on it themselves."""
    oldest: datetime | None = None
    """When the first of those to decide came."""

    @property
    def total(self) -> int:
        """For the actor to decide."""
        return sum(self.by_kind.values())


NOTHING_WAITS: Final = Waiting({})


def waiting(session: Session, actor: Actor) -> Waiting:
    """How much waits, by kind, for an officer or who stands in; one statement."""
    statement = _COUNTS[actor.may(Permission.STAND_IN)]
    asked = {"me": actor.member_id, "long_ago": clock.now() - LONG, **deciders.scope(actor)}
    rows = session.execute(statement, asked).all()
    return Waiting(
        {row.kind: int(row.mine) for row in rows if row.mine},
        for_others=sum(int(row.others) for row in rows),
        one_by_one=sum(int(row.mine if kind_called(row.kind).one_by_one else row.flagged) for row in rows),
        long=sum(int(row.long) for row in rows),
        of_officers=sum(int(row.of_officers) for row in rows),
        oldest=min((row.oldest for row in rows if row.oldest), default=None),
    )
