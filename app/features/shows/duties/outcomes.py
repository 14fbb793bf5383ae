"""Saying how duties go, and reporting how they ended. Officers decide in the approval queue."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import refusing
from app.core.rows import IDS, check_same, put_once
from app.features.members import queries as members
from app.features.members.actor import Actor
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.outcomes import NewReview
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.shows.duties import due
from app.features.shows.duties.errors import AlreadyReportedError, NotHolderError, UnknownDutyError
from app.features.shows.duties.models import DutyOutcome, DutyProgress
from app.features.shows.duties.queries import is_officer
from app.features.shows.duties.review_kind import DUTY, detail_of
from app.features.shows.duties.rules import (
    DutyResult,
    DutyState,
    Progress,
    check_day,
    check_open,
    check_outcome,
    day_of_outcome,
)
from app.features.shows.duties.service import LockedDuty, lock_duties, lock_duty

_PROGRESS, _OUTCOMES = (cast(Table, model.__table__) for model in (DutyProgress, DutyOutcome))
_ATTEMPTS: Final = (
    select(DutyOutcome.duty_id, func.max(DutyOutcome.attempt).label("last"))
    .where(DutyOutcome.duty_id.in_(IDS))
    .group_by(DutyOutcome.duty_id)
)
_SAID: Final = ("duty_id", "result", "sentence")
_AMONG: Final = select(DutyOutcome.id).where(DutyOutcome.id.in_(IDS))
_PROGRESS_AMONG: Final = select(DutyProgress.id).where(DutyProgress.id.in_(IDS))
_REVIEWS: Final = select(Review).where(Review.id.in_(IDS)).order_by(Review.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProgress:
    """A word on how a duty goes, as it was said in the form or on a phone."""

    id: UUID
    duty_id: UUID
    member_id: UUID | None
    """Who says it about a duty of the own; ``None`` where an officer says it for whoever is responsible."""
    recorded_by_id: UUID
    state: Progress
    note: str | None
    said_on: date
    """Branch-local day."""
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutcome:
    """How a duty ended, as it was said in the form or on a phone."""

    id: UUID
    duty_id: UUID
    member_id: UUID | None
    """As with ``NewProgress``."""
    recorded_by_id: UUID
    result: DutyResult
    sentence: str | None
    said_on: date
    """The day it was done or, of what was not done, the day on which that was said."""
    received_at: datetime
    flags: frozenset[Flag] = frozenset()


def report_progress(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    duty_id: UUID,
    state: Progress,
    note: str | None,
) -> None:
    """Say how a duty goes: whoever is responsible, or an officer for them. Twice is once.

    Raises:
        NotHolderError: somebody else is responsible.
        DutyEndedError, AlreadyReportedError: it has ended, or its end waits for an officer.
        ContentDiffersError: this form has said something else.
    """
    held = lock_duty(session, actor, duty_id)
    check_open(held.state)
    now = clock.now()
    said = NewProgress(
        id=id,
        duty_id=duty_id,
        member_id=_own_voice(actor, held),
        recorded_by_id=actor.member_id,
        state=state,
        note=note,
        said_on=clock.local_day(now),
        said_at=now,
    )
    keep_progress(session, [said])


def report_outcome(
    session: Session,
    actor: Actor,
    *,
    id: UUID,  # noqa: A002 (what it is)
    duty_id: UUID,
    result: DutyResult,
    sentence: str | None,
    ended_on: date | None = None,
) -> Review:
    """Hand in how a duty ended; it then waits for an officer who is neither responsible nor the one who reports.

    ``ended_on`` is the day on which it was done, today unless said otherwise. Twice is once.

    Raises:
        NotHolderError: somebody else was responsible on that day.
        AlreadyReportedError, DutyEndedError: somebody was faster.
        WrongDayError, NotDueYetError, ReasonMissingError: see ``rules.check_day`` and ``check_outcome``.
        ContentDiffersError: this form has reported something else.
    """
    held = lock_duty(session, actor, duty_id)
    now = clock.now()
    end = NewOutcome(
        id=id,
        duty_id=duty_id,
        member_id=_own_voice(actor, held),
        recorded_by_id=actor.member_id,
        result=result,
        sentence=sentence,
        said_on=ended_on if ended_on and result is DutyResult.DONE else clock.local_day(now),
        received_at=now,
    )
    return keep_outcomes(session, [end])[0]


def withdraw_outcome(session: Session, actor: Actor, *, duty_id: UUID) -> None:
    """Take back a reported end on which nobody has decided: whoever reported it, or is responsible. Twice is once."""
    held = lock_duty(session, actor, duty_id)
    if held.row.outcome_id is None:
        return
    for refused in reviews.withdraw(session, [held.row.outcome_id], by_id=actor.member_id):
        raise refused.error


def keep_progress(session: Session, news: Sequence[NewProgress]) -> None:
    """Keep words on how duties go, also on some that have ended since: a phone may have been away. Twice is once.

    The number of statements does not depend on the number of words.

    Raises:
        UnknownDutyError: no such duty, or it was cancelled.
        NotHolderError: somebody else was responsible on that day.
        ContentDiffersError: an id is taken by other words.
    """
    held = lock_duties(session, [new.duty_id for new in news])
    rows = [
        asdict(new) | {"member_id": _responsible(session, held, new, new.said_on), "recorded_at": clock.now()}
        for new in sorted(news, key=lambda new: new.id)
    ]
    put_once(session, _PROGRESS, rows, said=("duty_id", "state", "note"))


def progress_among(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of these ids that are words on how a duty goes."""
    return set(session.scalars(_PROGRESS_AMONG, {"ids": sorted(ids)}))


def keep_outcomes(session: Session, news: Sequence[NewOutcome]) -> list[Review]:
    """Keep reported ends and let them wait for an officer; one that came before is given back as it stands today.

    The number of statements does not depend on the number of ends. They come back sorted by id.

    Raises:
        UnknownDutyError: no such duty, or it was cancelled.
        NotHolderError: somebody else was responsible on the day it ended.
        AlreadyReportedError, DutyEndedError: another end was reported before.
        WrongDayError, NotDueYetError, ReasonMissingError: see ``rules.check_day`` and ``check_outcome``.
        ContentDiffersError: an id is taken by another end.
    """
    held = lock_duties(session, [new.duty_id for new in news])
    ids = sorted(new.id for new in news)
    known = set(session.scalars(_AMONG, {"ids": ids}))
    check_same(session, _OUTCOMES, [asdict(new) for new in news if new.id in known], said=_SAID)
    attempts = {row.duty_id: row.last for row in session.execute(_ATTEMPTS, {"ids": sorted(held)})}
    rows = [
        _outcome_row(session, held, new, attempts.get(new.duty_id, 0) + 1)
        for new in sorted(news, key=lambda new: new.id)
        if new.id not in known
    ]
    flags = {new.id: new.flags for new in news}
    reviews.submit(session, [_review(held[row["duty_id"]], row, flags[row["id"]]) for row in rows])
    if rows:
        with refusing(session, {"uq_duty_outcomes_one_at_a_time": AlreadyReportedError}):
            session.execute(_OUTCOMES.insert(), rows)
        due.settle(session, sorted({row["duty_id"] for row in rows}))
    return list(session.scalars(_REVIEWS, {"ids": ids}))


def _outcome_row(session: Session, held: Mapping[UUID, LockedDuty], new: NewOutcome, attempt: int) -> dict[str, Any]:
    duty = _known(held, new.duty_id)
    due_on = duty.duty.due_on
    ended_on = day_of_outcome(new.result, due_on=due_on, said_on=new.said_on)
    today = clock.local_day(new.received_at)
    check_day(new.said_on, made_on=clock.local_day(duty.duty.made_at), due_on=due_on, today=today)
    # Of a day that has come: it is asked who was responsible, not who will be.
    member_id = _responsible(session, held, new, ended_on)
    check_open(duty.state)
    by_holder = new.recorded_by_id == member_id
    check_outcome(new.result, due_on=due_on, sentence=new.sentence, by_holder=by_holder, today=today)
    return {
        "id": new.id,
        "duty_id": new.duty_id,
        "attempt": attempt,
        "member_id": member_id,
        "result": new.result,
        "sentence": new.sentence,
        "ended_on": ended_on,
        "due_on": due_on,
        "recorded_by_id": new.recorded_by_id,
        "recorded_at": new.received_at,
    }


def _review(held: LockedDuty, row: Mapping[str, Any], flags: frozenset[Any]) -> NewReview:
    """What waits for an officer. After a return it takes the place of the returned one, of the same member."""
    last = held.row
    corrects = last.decided is ReviewStatus.RETURNED and last.ended_by_id == row["member_id"]
    return NewReview(
        id=row["id"],
        kind=DUTY.name,
        branch_id=held.duty.branch_id,
        member_id=row["member_id"],
        recorded_by_id=row["recorded_by_id"],
        title=held.duty.matter,
        detail=detail_of(
            kind=held.duty.kind,
            result=row["result"],
            due_on=row["due_on"],
            ended_on=row["ended_on"],
            sentence=row["sentence"],
        ),
        occurred_on=row["ended_on"],
        submitted_at=row["recorded_at"],
        flags=flags,
        corrects_id=last.outcome_id if corrects else None,
    )


def _own_voice(actor: Actor, held: LockedDuty) -> UUID | None:
    """The actor, who speaks of a duty of the own; ``None`` for officers, who may speak for whoever is responsible."""
    return None if is_officer(actor, held.duty.branch_id) else actor.member_id


def _responsible(session: Session, held: Mapping[UUID, LockedDuty], new: NewProgress | NewOutcome, day: date) -> UUID:
    """Who is responsible on ``day``.

    Raises:
        UnknownDutyError: there is no such duty any more.
        NotHolderError: it is not the one who speaks.
    """
    holder_id = _known(held, new.duty_id).holder_on(day)
    if new.member_id is not None and new.member_id != holder_id:
        raise NotHolderError(name=members.member_card(session, holder_id).name)
    return holder_id


def _known(held: Mapping[UUID, LockedDuty], duty_id: UUID) -> LockedDuty:
    duty = held.get(duty_id)
    if duty is None or duty.state is DutyState.CANCELLED:
        raise UnknownDutyError
    return duty
