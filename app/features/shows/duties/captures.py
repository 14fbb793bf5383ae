"""Taps on duties out of phones' queues: how it goes, or that it is done."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import AppError
from app.core.i18n import lazy_gettext as _
from app.features.shows.duties.errors import ProgressStaysError
from app.features.shows.duties.forms import ProgressPayload
from app.features.shows.duties.outcomes import NewOutcome, NewProgress, keep_outcomes, keep_progress, progress_among
from app.features.shows.duties.rules import DutyResult, Progress, Tap
from app.features.sync.captures import OnPhone, reviewed_kind, take_back_reviews
from app.features.sync.items import Item
from app.features.sync.rules import ACCEPTED, SyncOutcome

Tapped = Item[ProgressPayload]


def take(session: Session, items: Sequence[Tapped]) -> Mapping[UUID, SyncOutcome]:
    """Keep what phones say: a word on how it goes needs nobody, that it is done waits for an officer."""
    done = [item for item in items if item.payload.state is Tap.DONE]
    words = [item for item in items if item.payload.state is not Tap.DONE]
    if words:
        keep_progress(session, [_progress(item) for item in words])
    return {item.id: ACCEPTED for item in words} | (dict(_OUTCOMES.take(session, done)) if done else {})


def take_back(session: Session, ids: Collection[UUID], member_id: UUID) -> Mapping[UUID, AppError]:
    """Withdraw reported ends that are undecided. Words on how it goes stay: the next word takes their place."""
    words = progress_among(session, ids)
    ends = set(ids) - words
    return {
        **{word: ProgressStaysError() for word in words},
        **(take_back_reviews(session, ends, member_id) if ends else {}),
    }


def _progress(item: Tapped) -> NewProgress:
    return NewProgress(
        id=item.id,
        duty_id=item.payload.duty_id,
        member_id=item.member_id,  # a file of somebody's phone is that person's voice
        recorded_by_id=item.recorded_by_id,
        state=Progress(item.payload.state),
        note=item.payload.note or None,
        said_on=_day(item),
        said_at=item.happened_at,
    )


def _outcome(item: Tapped) -> NewOutcome:
    return NewOutcome(
        id=item.id,
        duty_id=item.payload.duty_id,
        member_id=item.member_id,  # a file of somebody's phone is that person's voice
        recorded_by_id=item.recorded_by_id,
        result=DutyResult.DONE,
        sentence=item.payload.note or None,
        said_on=_day(item),
        received_at=item.received_at,
        flags=item.flags,
    )


def _day(item: Tapped) -> date:
    """The branch-local day of the tap; a clock that runs ahead says nothing about tomorrow."""
    return clock.local_day(min(item.happened_at, item.received_at))


_OUTCOMES: Final = reviewed_kind(
    name="duty.progress",
    payload=ProgressPayload,
    new=_outcome,
    record=keep_outcomes,
    words={"duty_id": _("Duty"), "state": _("How it goes"), "note": _("Sentence"), "day": _("Day")},
    on_phone=OnPhone(
        icon="check",
        label=_("Duties"),
        part="duties",
        page="/shows/duties",
        stands_in_for=r"/shows/duties(/[\da-f-]{36})?",
        subject="duty_id",
        waits=(Tap.DONE,),
        returned=_("Returned; say anew how it ended, on the duty's page"),
    ),
)
DUTY_PROGRESS: Final = replace(_OUTCOMES, take=take, take_back=take_back)
