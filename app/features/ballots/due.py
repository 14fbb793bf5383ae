"""The open ballot on the page of today, and what waits for a second word: of officers, and of those who stand in."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import Uuid, bindparam, exists, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import gettext as _
from app.core.i18n import lazy_gettext
from app.features.ballots import queries
from app.features.ballots.life import State
from app.features.ballots.models import DemocraticReview, ReviewOpinion
from app.features.members.actor import Actor
from app.features.members.others import nobody_else
from app.features.members.rules import BRANCH_POSTS, Permission
from app.features.members.two_people import Stands
from app.features.notices.sources import DueLine
from app.features.stream import Queue

_ME: Final = bindparam("me", type_=Uuid())
_FOR_ME: Final = (
    ReviewOpinion.review_id == DemocraticReview.id,
    ReviewOpinion.stands == Stands.WAITING,
    ReviewOpinion.entered_by_id != _ME,
    ReviewOpinion.member_id != _ME,
)
_REVIEWS: Final = select(DemocraticReview.id, DemocraticReview.year, DemocraticReview.branch_id)
_WAITING: Final = _REVIEWS.where(
    DemocraticReview.branch_id == bindparam("branch", type_=Uuid()),
    exists().where(*_FOR_ME)
    | (
        (DemocraticReview.state == State.OPEN)
        & (DemocraticReview.paper_entered_by_id != _ME)
        & DemocraticReview.paper_confirmed_by_id.is_(None)
    ),
)
_WITHOUT_ANOTHER: Final = _REVIEWS.where(
    DemocraticReview.state == State.CLOSED,
    DemocraticReview.id.in_(select(ReviewOpinion.review_id).where(ReviewOpinion.stands == Stands.WAITING)),
    exists().where(
        *_FOR_ME,
        nobody_else(DemocraticReview.branch_id, BRANCH_POSTS, ReviewOpinion.member_id, ReviewOpinion.entered_by_id),
    ),
).order_by(DemocraticReview.id)


def lines(session: Session, actor: Actor, today: date) -> Iterator[DueLine]:
    """The ballot that is open and that the actor has not handed in yet, as far as anybody knows."""
    for row in queries.open_for(session, actor):
        yield DueLine(
            due_on=today,
            title=_("Democratic review of %(year)s") % {"year": row.year},
            words=_("The ballot is open."),
            address=f"/ballots/{row.id}/vote",
            is_late=False,
            about=lazy_gettext("Democratic review"),
            act=lazy_gettext("To the ballot"),
        )


def queues(session: Session, actor: Actor) -> Iterator[Queue]:
    """What another entered and the actor may confirm."""
    me = {"me": actor.member_id}
    if actor.may(Permission.SEE_BRANCH):
        for row in session.execute(_WAITING, me | {"branch": actor.branch_id}):
            yield Queue(_("Democratic review, to confirm"), 1, f"/ballots/{row.id}")
    if actor.may(Permission.STAND_IN):
        for row in session.execute(_WITHOUT_ANOTHER, me | {"day": clock.today()}).all():
            if queries.stands_in(session, actor, row.branch_id):
                yield Queue(_("Democratic review, to confirm"), 1, f"/ballots/{row.id}/grades")
