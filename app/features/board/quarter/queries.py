"""What a secretary's quarter is made of: numbers of what is open, and the one step that follows."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import DateTime, bindparam, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.features.members.actor import Actor
from app.features.members.queries import AnyRow
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from app.features.reviews.waiting import Waiting, waiting
from app.features.scores.archive import queries as archive
from app.features.scores.archive.rules import State as Sheet
from app.features.scores.objections.queries import pending_in
from app.features.scores.publicity import queries as publicity
from app.features.scores.publicity import service
from app.features.scores.publicity.models import Publicity
from app.features.scores.publicity.rules import PROPOSERS, Act, Period, State, state_of
from app.features.stream import Queue
from app.features.streams import STREAMS
from app.features.study.hours.queries import Coverage, coverage

LATELY: Final = 30
"""Days of what was decided lately."""
_DECIDED: Final = (
    select(Review.kind, Review.status, func.count(Review.id).label("number"))
    .where(
        Review.branch_id == bindparam("branch"),
        Review.status.in_((ReviewStatus.APPROVED, ReviewStatus.RETURNED)),
        Review.decided_at >= bindparam("since", type_=DateTime(timezone=True)),
    )
    .group_by(Review.kind, Review.status)
    .order_by(Review.kind, Review.status)
)


class Quarter(NamedTuple):
    """One period of a branch, as its secretary works on it."""

    publicity: Publicity | None
    state: State
    act: Act | None
    """The step that the actor can take now."""
    may_propose: bool
    objections: int
    """That wait."""
    waits: Waiting
    queues: Sequence[Queue]
    decided: Sequence[AnyRow]
    hours: Coverage
    holds: Sequence[Period]
    """What has to be settled before the year can be publicised."""
    sheets: Counter[Sheet]
    """How far the sheets of the year are, as numbers; none before its publicity is over, and of no quarter."""


class Place(NamedTuple):
    """Where one branch stands with a period."""

    name: str
    state: State
    publicity: Publicity | None
    objections: int


def quarter(session: Session, actor: Actor, asked: Period) -> Quarter:
    """The period of the actor's own branch."""
    today = clock.today()
    found = publicity.standing(session, actor.branch_id, asked.year, asked.quarter)
    sheets = _sheets(session, actor.branch_id, asked)
    pending = pending_in(session, [actor.branch_id], asked.year)[actor.branch_id]
    objections, holds = pending.get(asked, 0), publicity.holding(session, actor.branch_id, asked, found, pending)
    act = found.next_act if found else None
    own = found is not None and found.proposed_by_id == actor.member_id
    does = found is not None and act is not None and service.may(session, actor, found, act)
    since = clock.midnight(date.fromordinal(today.toordinal() - LATELY))
    return Quarter(
        found,
        _state(found, objections, today, closed=_closed(sheets)),
        act if does and not (act is Act.APPROVE and own) else None,
        found is None and not PROPOSERS.isdisjoint(actor.roles),
        objections,
        waiting(session, actor),
        [
            queue
            for stream in STREAMS
            for queue in stream.queues(session, actor, today)
            if not queue.address.startswith("/publicity")
        ],
        session.execute(_DECIDED, {"branch": actor.branch_id, "since": since}).all(),
        coverage(session, actor.branch_id, today),
        holds,
        sheets,
    )


def places(session: Session, branches: Sequence[AnyRow], asked: Period) -> list[Place]:
    """Where each of these branches (``id, name``) stands, in their order."""
    ids = [branch.id for branch in branches]
    found, waits = publicity.of_branches(session, ids, asked), pending_in(session, ids, asked.year)
    archived = archive.archived_in(session, ids, asked.year) if asked.quarter is None else set()
    today = clock.today()
    return [
        Place(
            branch.name,
            _state(
                found.get(branch.id),
                (number := waits[branch.id].get(asked, 0)),
                today,
                closed=State.ARCHIVED if branch.id in archived else None,
            ),
            found.get(branch.id),
            number,
        )
        for branch in branches
    ]


def pending(session: Session, branch_ids: Sequence[UUID], year: int) -> dict[UUID, dict[Period, int]]:
    """How many objections wait in each of these branches, by period."""
    return pending_in(session, branch_ids, year)


def _sheets(session: Session, branch_id: UUID, asked: Period) -> Counter[Sheet]:
    if asked.quarter is not None or not archive.is_settled(session, branch_id, asked.year):
        return Counter()
    return Counter(person.state for person in archive.people(session, branch_id, asked.year))


def _closed(sheets: Counter[Sheet]) -> State | None:
    """Whether everybody has signed, or everything is archived."""
    if not sheets or sheets.keys() - {Sheet.READY, Sheet.PROPOSED, Sheet.ARCHIVED}:
        return None
    return State.ARCHIVED if sheets.keys() == {Sheet.ARCHIVED} else State.SIGNED


def _state(found: Publicity | None, objections: int, today: date, *, closed: State | None = None) -> State:
    return state_of(
        found.ends_on if found else None,
        found.objections_until if found else None,
        today,
        pending=objections > 0,
        closed=closed,
    )
