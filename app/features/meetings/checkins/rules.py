"""What becomes of a check-in that was judged: a tick, a tick that wants a look, or a row alone."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.features.meetings.events.rules import EventState
from app.features.meetings.ticks.rules import Mark, StoredTick, said
from app.features.meetings.venue_code.rules import CheckIn, Judged, Reason
from app.features.reviews.rules import Flag, ReviewStatus

HANDED_OUT: Final = timedelta(hours=24)
"""Before the beginning; from then on the organiser's phone has the secret. Source: domain, meetings §6."""
KEPT: Final = timedelta(days=30)
"""After the end the server still judges what phones bring late (decision 0039)."""
SURE: Final = frozenset({CheckIn.GOOD, CheckIn.LATE})
_FLAGS: Final = {
    Reason.AFTER_END: Flag.AFTER_END,
    Reason.CLOCK_SKEW: Flag.CLOCK_SKEW,
    Reason.CODE_EXPIRED: Flag.CODE_EXPIRED,
    Reason.TOO_EARLY: Flag.TOO_EARLY,
    Reason.UNCHECKED: Flag.UNCHECKED,
}
_JUDGED_HERE: Final = frozenset({Flag.WOULD_BE_REFUSED, Flag.CLOCK_SKEW})
"""What the door for phones supposes of a clock, the code proves or disproves."""


class Typed(NamedTuple):
    """A check-in that came before, as far as the next one asks."""

    outcome: CheckIn
    corrected_at: datetime


class Stands(NamedTuple):
    """What was said last about somebody at a meeting."""

    said: StoredTick
    status: ReviewStatus | None
    typed: Typed | None
    """Where a code said it."""


def is_handed_out(begins: datetime, ends: datetime, state: EventState, *, now: datetime) -> bool:
    """Whether the organiser's phone has the secret: from a day before the beginning until attendance is recorded."""
    return state is EventState.PLANNED and begins - HANDED_OUT <= now <= ends + HANDED_OUT


def said_by(judged: Judged, marks: Collection[Mark]) -> Mark:
    """What a check-in says, of the ``marks`` that can be said of this person.

    In doubt it says nothing that costs points: an officer looks at it, and may tick otherwise.
    """
    return Mark.LATE if judged.outcome is CheckIn.LATE and Mark.LATE in marks else Mark.PRESENT


def ticks(judged: Judged, mark: Mark, last: Stands | None) -> bool:
    """Whether a check-in becomes a tick of its own.

    Of one person the earliest good one stays, and whoever is ticked already as the code says is not ticked twice.
    """
    if judged.outcome is CheckIn.REFUSED or judged.reason is Reason.CANCELLED:
        return False
    if last is None or last.status in (None, ReviewStatus.RETURNED, ReviewStatus.WITHDRAWN):
        return True
    if last.typed is None:
        return last.said != said(mark)
    if judged.outcome not in SURE:
        return False
    if last.typed.outcome not in SURE:
        return last.status is ReviewStatus.PENDING or last.said != said(mark)
    return judged.corrected_at < last.typed.corrected_at and last.said != said(mark)


def flags_of(judged: Judged, last: Stands | None, *, at_the_door: Collection[Flag], confirmed: bool) -> frozenset[Flag]:
    """Why an officer looks at it alone: good and late ones are confirmed together. Source: domain, meetings §4, §6."""
    waits = last is not None and last.status in (ReviewStatus.PENDING, ReviewStatus.APPROVED)
    found = {
        Flag.DIFFERS: (waits and last is not None and last.typed is None) or confirmed,
        Flag.ONE_DEVICE: judged.one_device,
    }
    door = set(at_the_door) - _JUDGED_HERE
    return frozenset({flag for flag, holds in found.items() if holds} | door) | flags_of_reason(judged.reason)


def flags_of_reason(reason: Reason | None) -> frozenset[Flag]:
    """The same, of the reason alone."""
    return frozenset({_FLAGS[reason]} if reason in _FLAGS else ())


def out_of_order(seq: int, at: datetime, others: Collection[tuple[int, datetime]]) -> bool:
    """Whether the counter of a phone and its clock contradict each other. Source: domain, meetings §15."""
    return any((seq - other) * (at - moment).total_seconds() < 0 for other, moment in others)
