"""A tap on a duty out of phones' queues: how it goes, or that it is done."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError
from app.core.i18n import lazy_gettext as _
from app.features.inbox.kinds import Captured, CapturedKind
from app.features.inbox.rules import ACCEPTED, Outcome, for_review, withdrawn
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.rules import Flag, ReviewStatus, reasons
from app.features.shows.duties.errors import ProgressStaysError
from app.features.shows.duties.forms import ProgressPayload
from app.features.shows.duties.outcomes import keep_ends, keep_progress, progress_among
from app.features.shows.duties.rules import NewEnd, NewProgress
from app.features.shows.duties.states import Progress, Result, Said

Tap = Captured[ProgressPayload]


def take(session: Session, items: Sequence[Tap]) -> Mapping[UUID, Outcome]:
    """Keep what phones say: a word on how it goes needs nobody, that it is done waits for an officer."""
    done = [item for item in items if item.payload.state is Said.DONE]
    words = [item for item in items if item.payload.state is not Said.DONE]
    if words:
        keep_progress(session, [_progress(item) for item in words])
    ends = keep_ends(session, [_end(item) for item in done]) if done else []
    return {item.id: ACCEPTED for item in words} | {review.id: _outcome(review) for review in ends}


def take_back(session: Session, ids: Collection[UUID], member_id: UUID) -> Mapping[UUID, AppError]:
    """Withdraw reported ends that are undecided. Words on how it goes stay: the next word takes their place."""
    words = progress_among(session, ids)
    refused = reviews.withdraw(session, set(ids) - words, by_id=member_id) if set(ids) - words else ()
    return {word: ProgressStaysError() for word in words} | {one.id: one.error for one in refused}


def _progress(item: Tap) -> NewProgress:
    return NewProgress(
        id=item.id,
        duty_id=item.payload.duty_id,
        member_id=item.member_id,  # a file of somebody's phone is that person's voice
        recorded_by_id=item.recorded_by_id,
        state=Progress(item.payload.state),
        note=item.payload.note or None,
        said_on=_day(item),
        said_at=item.occurred_at,
    )


def _end(item: Tap) -> NewEnd:
    return NewEnd(
        id=item.id,
        duty_id=item.payload.duty_id,
        member_id=item.member_id,  # a file of somebody's phone is that person's voice
        recorded_by_id=item.recorded_by_id,
        result=Result.DONE,
        sentence=item.payload.note or None,
        said_on=_day(item),
        received_at=item.received_at,
        flags=frozenset(Flag(flag) for flag in item.flags),
    )


def _day(item: Tap) -> date:
    """The branch-local day of the tap; a clock that runs ahead says nothing about tomorrow."""
    return clock.local_day(min(item.occurred_at, item.received_at))


def _outcome(review: Review) -> Outcome:
    if review.status is ReviewStatus.WITHDRAWN:
        return withdrawn()
    return for_review(reasons(review.flags))


DUTY_PROGRESS: Final = CapturedKind(
    name="duty.progress",
    payload=ProgressPayload,
    take=take,
    take_back=take_back,
    words={"duty_id": _("Duty"), "state": _("How it goes"), "note": _("Sentence")},
)
