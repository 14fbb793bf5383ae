"""What a duty may be, where it stands, who is responsible for it on a day, and what its end brings.

Source: docs/domain.md §3.1 (duty list) and §6, rule A2.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from app.features.ledger.rules import FactType
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.shows.duties.errors import (
    AlreadyReportedError,
    DueTooEarlyError,
    DueTooLateError,
    DutyEndedError,
    NotDueYetError,
    OwnDutyError,
    OwnLateDutyError,
    ReasonMissingError,
    WrongDayError,
    WrongSpanError,
)
from app.features.shows.duties.repeats import Repeat
from app.features.shows.duties.states import (
    OPEN_STATES,
    STATE_LABELS,
    DutyKind,
    DutySource,
    DutyState,
    Progress,
    Result,
    Urgency,
)

MATTER_LENGTH: Final = 100
BASIS_LENGTH: Final = 120
SENTENCE_LENGTH: Final = 200
"""Of a result, a note or a reason; none of them is ever required to be long (red line 4)."""
MOST_HELPERS: Final = 20
SOON: Final = timedelta(days=7)
"""From so many days before its due day a duty stands on the today page. Source: issue, "due soon"."""
YEARS_AHEAD: Final = 3
"""A due day further away is a slip of the hand."""


_STATE_OF_PROGRESS: Final[Mapping[Progress, DutyState]] = MappingProxyType(
    {Progress.STARTED: DutyState.STARTED, Progress.IN_DIFFICULTY: DutyState.IN_DIFFICULTY}
)
_STATE_OF_RESULT: Final[Mapping[Result, DutyState]] = MappingProxyType(
    {Result.DONE: DutyState.KEPT, Result.NOT_DONE: DutyState.MISSED, Result.OBJECTIVE: DutyState.EXCUSED}
)
_FACT_OF_RESULT: Final[Mapping[Result, FactType]] = MappingProxyType(
    {
        Result.DONE: FactType.DUTY_KEPT,
        Result.NOT_DONE: FactType.DUTY_MISSED,
        Result.OBJECTIVE: FactType.DUTY_EXCUSED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDuty:
    """A duty on its way to its member."""

    id: UUID
    """Made before, so that sending it twice is once."""
    branch_id: UUID
    member_id: UUID
    kind: DutyKind
    matter: str
    basis: str | None
    due_on: date
    source: DutySource
    repeat: Repeat
    helper_ids: tuple[UUID, ...] = ()
    made_by_id: UUID


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
    result: Result
    sentence: str | None
    said_on: date
    """The day it was done or, of what was not done, the day on which that was said."""
    received_at: datetime
    flags: frozenset[Flag] = frozenset()


class HandOver(NamedTuple):
    """One line of a duty's hand-overs, in the order in which they were written down."""

    to_id: UUID
    starts_on: date
    ends_on: date | None
    """Its last day; ``None`` for good."""


def holder_on(first_id: UUID, hand_overs: Sequence[HandOver], day: date) -> UUID:
    """Who is responsible on ``day``: the last hand-over written down that covers it, else who had it first.

    So a later hand-over corrects an earlier one, and after a temporary one the duty goes back by itself.
    """
    covering = (
        one.to_id
        for one in reversed(hand_overs)
        if one.starts_on <= day and (one.ends_on is None or day <= one.ends_on)
    )
    return next(covering, first_id)


def keeper_on(first_id: UUID, hand_overs: Sequence[HandOver], day: date) -> UUID:
    """Whose duty it is on ``day`` when everybody is there: temporary hand-overs do not count."""
    return holder_on(first_id, [one for one in hand_overs if one.ends_on is None], day)


def fact_type_of(result: Result) -> FactType:
    """What an approved end counts as; an objective reason leaves the denominator of rule A2."""
    return _FACT_OF_RESULT[result]


def state_of(
    *, is_cancelled: bool, progress: Progress | None, result: Result | None, decided: ReviewStatus | None
) -> DutyState:
    """Where a duty stands. ``progress`` is the last word on it, ``result`` and ``decided`` its last reported end."""
    if is_cancelled:
        return DutyState.CANCELLED
    if result and decided is ReviewStatus.APPROVED:
        return _STATE_OF_RESULT[result]
    if result and decided is ReviewStatus.PENDING:
        return DutyState.REPORTED
    return _STATE_OF_PROGRESS[progress] if progress else DutyState.OPEN


def urgency(due_on: date, *, today: date) -> Urgency:
    """How near the due day is; the due day itself is still in time."""
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.SOON if due_on - today <= SOON else Urgency.LATER


def day_of_outcome(result: Result, *, due_on: date, said_on: date) -> date:
    """The day on which a duty ended: the one on which it was done, else its due day, if that has come.

    Who is responsible on this day has the fact.
    """
    return said_on if result is Result.DONE else min(due_on, said_on)


def check_due(due_on: date, *, today: date, earliest: date | None = None) -> None:
    """Let a due day pass that can still be met, or that lies after ``earliest`` where a list of the year comes in.

    Raises:
        DueTooEarlyError: it has passed.
        DueTooLateError: it is more than ``YEARS_AHEAD`` years away.
    """
    if due_on < (earliest or today):
        raise DueTooEarlyError
    if due_on.year > today.year + YEARS_AHEAD:
        raise DueTooLateError(years=YEARS_AHEAD)


def check_open(state: DutyState) -> None:
    """Let something be done with a duty that has not ended.

    Raises:
        AlreadyReportedError: its end waits for an officer.
        DutyEndedError: it was decided, or cancelled.
    """
    if state is DutyState.REPORTED:
        raise AlreadyReportedError
    if state not in OPEN_STATES:
        raise DutyEndedError(state=STATE_LABELS[state])


def check_day(ended_on: date, *, made_on: date, due_on: date, today: date) -> None:
    """Let a day pass on which a duty can have been done: not after ``today``, and not before its year or its making.

    A list of the year may come in when some of it is done already.

    Raises:
        WrongDayError: on another day.
    """
    first = min(made_on, date(due_on.year, 1, 1))
    if not first <= ended_on <= today:
        raise WrongDayError(first=first.isoformat())


def check_outcome(result: Result, *, due_on: date, sentence: str | None, by_holder: bool, today: date) -> None:
    """Let an end be reported. A result may stay without words (red line 4); an objective reason is what is confirmed.

    Raises:
        NotDueYetError: somebody else says "not done" while there is time.
        ReasonMissingError: an objective reason that is not named.
    """
    if result is Result.NOT_DONE and not by_holder and due_on >= today:
        raise NotDueYetError(day=due_on.isoformat())
    if result is Result.OBJECTIVE and not sentence:
        raise ReasonMissingError


def check_may_change(
    *, is_officer: bool, actor_id: UUID, holders: Collection[UUID], is_own: bool, is_overdue: bool
) -> None:
    """Let a due day be moved or a duty be struck: by an officer who is not responsible for it, or by who took it.

    ``is_own`` says that the actor took it without being asked. Once it is overdue, an officer's eye is needed there
    too: nobody makes a duty of their own go away.

    Raises:
        OwnDutyError: it is the actor's own duty, and another officer's to change.
    """
    if is_own and not is_overdue:
        return
    if not is_officer or actor_id in holders:
        raise OwnDutyError


def check_may_hand_over(*, actor_id: UUID, holders: Collection[UUID], due_on: date, starts_on: date) -> None:
    """Let a duty be handed over after its due day by an officer with whom it has not fallen due; before it, by any.

    ``holders`` are responsible for it today and on its due day.

    Raises:
        OwnLateDutyError: it would be the actor's own late duty.
    """
    if starts_on > due_on and actor_id in holders:
        raise OwnLateDutyError


def check_span(starts_on: date, ends_on: date | None, *, today: date) -> None:
    """Let a hand-over pass that begins today or later.

    Raises:
        WrongSpanError: it begins in the past, or ends before it begins.
    """
    if starts_on < today or (ends_on is not None and ends_on < starts_on):
        raise WrongSpanError
