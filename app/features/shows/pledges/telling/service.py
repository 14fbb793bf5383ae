"""Telling how it goes, once a quarter or oftener, and in the end how it ended."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, Table, Uuid, bindparam, insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import ContentDiffersError
from app.features.ledger.periods import open_from
from app.features.members.actor import Actor
from app.features.reviews import service as reviews
from app.features.reviews.errors import NotYoursError
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.shows.pledges.calendar import quarter_of
from app.features.shows.pledges.models import PledgeOutcome, PledgeProgress
from app.features.shows.pledges.review_kinds import ENDING, ending_detail
from app.features.shows.pledges.rules import Ending, PledgeState, Progress, check_ending, check_progress, day_of_fact
from app.features.shows.pledges.service import hold
from app.features.shows.pledges.settling import settle_done

_PROGRESS: Final = cast(Table, PledgeProgress.__table__)
_AMONG: Final = select(
    PledgeProgress.id, PledgeProgress.member_id, PledgeProgress.pledge_id, PledgeProgress.state, PledgeProgress.note
).where(PledgeProgress.id.in_(bindparam("ids", type_=Uuid(), expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgress:
    """One tap about a pledge, as it was made."""

    id: UUID
    pledge_id: UUID
    member_id: UUID
    year: int
    """Of the pledge."""
    state: Progress
    note: str | None
    recorded_by_id: UUID
    said_at: datetime
    received_at: datetime
    device_time: str | None = None
    made_offline: bool = False


def tell(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pledge_id: UUID,
    state: Progress,
    note: str | None = None,
) -> None:
    """Say how a pledge goes. A tap sent twice is one; the last word of a quarter holds.

    Raises:
        NotFoundError: no such pledge in the actor's reach.
        NotApprovedError, EvaluatedError: see ``rules.check_progress``.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    pledge, whose = hold(session, actor, pledge_id)
    there = session.get(PledgeProgress, id)
    if there is not None:
        if there.member_id != whose.member_id:
            raise NotYoursError
        if (there.pledge_id, there.state, there.note) != (pledge_id, state, note):
            raise ContentDiffersError
        return
    check_progress(pledge.state)
    now = clock.now()
    record_all(
        session,
        [
            NewProgress(
                id=id,
                pledge_id=pledge_id,
                member_id=whose.member_id,
                year=pledge.year,
                state=state,
                note=note,
                recorded_by_id=actor.member_id,
                said_at=now,
                received_at=now,
            )
        ],
    )


def record_all(session: Session, news: Iterable[NewProgress]) -> None:
    """Write what was said, in one statement, in the order of the ids; reminders that asked for it go."""
    news = sorted(news, key=lambda new: new.id)
    rows = [
        {
            "id": new.id,
            "pledge_id": new.pledge_id,
            "member_id": new.member_id,
            "quarter": quarter_of(clock.local_day(new.said_at), new.year),
            "state": new.state,
            "note": new.note,
            "recorded_by_id": new.recorded_by_id,
            "said_at": new.said_at,
            "device_time": new.device_time,
            "received_at": new.received_at,
            "made_offline": new.made_offline,
        }
        for new in news
    ]
    if rows:
        session.execute(insert(_PROGRESS), rows)
        for member_id in sorted({new.member_id for new in news}):  # a phone's batch is of one
            settle_done(session, member_id)


def taps_among(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Row[*tuple[Any, ...]]]:
    """Those of these ids that are taps about a pledge: rows ``member_id, pledge_id, state, note``."""
    return {row.id: row for row in session.execute(_AMONG, {"ids": sorted(ids)})}


def propose_ending(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    pledge_id: UUID,
    ending: Ending,
    said: str | None = None,
) -> Review:
    """Say how a pledge ended, for an officer to decide. Sent twice it is one.

    What an officer returned is said anew by the same call.

    Raises:
        NotFoundError: no such pledge in the actor's reach.
        NotApprovedError, InPublicityError, EndingWaitsError, EvaluatedError, ReasonMissingError:
            see ``rules.check_ending``.
        ContentDiffersError, NotYoursError: the id is taken.
    """
    pledge, whose = hold(session, actor, pledge_id)
    there = session.get(PledgeOutcome, id)
    if there is not None:
        if there.member_id != whose.member_id:
            raise NotYoursError
        if (there.pledge_id, there.outcome, there.said) != (pledge_id, ending, said):
            raise ContentDiffersError
        return session.get_one(Review, id)
    check_ending(pledge.state, ending, said, public_until=pledge.public_until)
    now = clock.now()
    today = clock.local_day(now)
    day = day_of_fact(said_on=today, due_on=pledge.due_on)
    new = NewReview(
        id=id,
        kind=ENDING.name,
        branch_id=whose.branch_id,
        member_id=whose.member_id,
        recorded_by_id=actor.member_id,
        title=pledge.text,
        detail=ending_detail(sign=pledge.sign, ending=ending, said=said),
        occurred_on=day,
        submitted_at=now,
        flags=frozenset({Flag.PERIOD_CLOSED} if day < open_from(today) else ()),
        corrects_id=pledge.ending_id if pledge.ending_status is ReviewStatus.RETURNED else None,
    )
    (submission,) = reviews.submit(session, [new])
    session.add(
        PledgeOutcome(
            id=id,
            pledge_id=pledge_id,
            member_id=whose.member_id,
            attempt=pledge.attempts + 1,
            outcome=ending,
            said=said,
            said_on=today,
        )
    )
    settle_done(session, whose.member_id)
    return submission.review


def withdraw_ending(session: Session, actor: Actor, *, pledge_id: UUID) -> None:
    """Take back what was said about how a pledge ended, while nobody has decided on it. Twice is once.

    Raises:
        NotFoundError: no such pledge in the actor's reach, or another person said it.
        AlreadyDecidedError: an officer was faster.
    """
    pledge, _whose = hold(session, actor, pledge_id)
    if pledge.ending_id is None or pledge.state in (PledgeState.DRAFT, PledgeState.IN_PROGRESS):
        return
    for refused in reviews.withdraw(session, [pledge.ending_id], by_id=actor.member_id):
        raise refused.error
