"""What a duty may be, where it stands, who is responsible for it on a day, and what its end brings.

Source: docs/domain.md §3.1 (duty list) and §6, rule A2.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from app.core.i18n import gettext, ngettext
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.ledger.rules import FactType
from app.features.reviews.rules import ReviewStatus
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

OUTCOME: Final = "duty.outcome"
"""The kind of what is decided about how a duty ended."""
MATTER_LENGTH: Final = 100
BASIS_LENGTH: Final = 120
SENTENCE_LENGTH: Final = 200
"""Of a result, a note or a reason; none of them is ever required to be long (red line 4)."""
MOST_HELPERS: Final = 20
SOON: Final = timedelta(days=7)
"""From so many days before its due day a duty stands on the today page. Source: issue, "due soon"."""
YEARS_AHEAD: Final = 3
"""A due day further away is a slip of the hand."""


class DutyKind(Word):
    """One post, two duties 一岗双责: the work itself and the Party's part in it."""

    WORK = "work", _("Work duty")
    PARTY = "party", _("Party duty")


class DutySource(Word):
    """How a duty came to its member."""

    ASSIGNED = "assigned", _("assigned by the branch")
    TAKEN = "taken", _("taken by the member")
    IMPORTED = "imported", _("from an imported list")
    REPEATED = "repeated", _("comes again by itself")


class Progress(Word):
    """How a duty goes, in the word of who is responsible for it."""

    STARTED = "started", _("Started")
    IN_DIFFICULTY = "in_difficulty", _("In difficulty")


class Tap(StrEnum):
    """What one tap on a phone says: how it goes, or that it is done."""

    STARTED = "started"
    IN_DIFFICULTY = "in_difficulty"
    DONE = "done"


class DutyResult(Word):
    """How a duty ended, as it was reported; an officer decides."""

    DONE = "done", _("Done")
    NOT_DONE = "not_done", _("Not done")
    OBJECTIVE = "objective", _("Not done, for an objective reason")


class ChangeKind(Word):
    """What somebody changed about a duty, as its history says it."""

    DUE_ON = "due_on", _("Due day moved")
    REPEAT = "repeat", _("No longer comes again")
    HELPERS = "helpers", _("Helpers changed")
    CANCELLED = "cancelled", _("Cancelled")
    RESTORED = "restored", _("Taken up again")


class DutyState(Word):
    """Where a duty stands. It is computed from its rows and never stored."""

    OPEN = "open", _("not begun")
    STARTED = "started", _("under way"), ""
    IN_DIFFICULTY = "in_difficulty", _("in difficulty"), "need"
    REPORTED = "reported", _("waiting for an officer")
    KEPT = "kept", _("done"), "ok"
    MISSED = "missed", _("not done"), ""
    EXCUSED = "excused", _("objective reason")
    CANCELLED = "cancelled", _("cancelled")


class Urgency(StrEnum):
    """How near the due day of an open duty is."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


class Repeat(Word):
    """How often a duty comes again."""

    NONE = "none", _("once")
    MONTHLY = "monthly", _("every month")
    QUARTERLY = "quarterly", _("every quarter")
    YEARLY = "yearly", _("every year")


DAY_PASSED: Final = _("day passed")
"""What a duty says that nobody began before its day: kindly, in words."""
OPEN_STATES: Final = frozenset({DutyState.OPEN, DutyState.STARTED, DutyState.IN_DIFFICULTY})
_STATE_OF_PROGRESS: Final[Mapping[Progress, DutyState]] = MappingProxyType(
    {Progress.STARTED: DutyState.STARTED, Progress.IN_DIFFICULTY: DutyState.IN_DIFFICULTY}
)
_STATE_OF_RESULT: Final[Mapping[DutyResult, DutyState]] = MappingProxyType(
    {DutyResult.DONE: DutyState.KEPT, DutyResult.NOT_DONE: DutyState.MISSED, DutyResult.OBJECTIVE: DutyState.EXCUSED}
)
_FACT_OF_RESULT: Final[Mapping[DutyResult, FactType]] = MappingProxyType(
    {
        DutyResult.DONE: FactType.DUTY_KEPT,
        DutyResult.NOT_DONE: FactType.DUTY_MISSED,
        DutyResult.OBJECTIVE: FactType.DUTY_EXCUSED,
    }
)


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


def fact_type_of(result: DutyResult) -> FactType:
    """What an approved end counts as; an objective reason leaves the denominator of rule A2."""
    return _FACT_OF_RESULT[result]


def state_of(
    *, is_cancelled: bool, progress: Progress | None, result: DutyResult | None, decided: ReviewStatus | None
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


def day_of_outcome(result: DutyResult, *, due_on: date, said_on: date) -> date:
    """The day on which a duty ended: the one on which it was done, else its due day, if that has come.

    Who is responsible on this day has the fact.
    """
    return said_on if result is DutyResult.DONE else min(due_on, said_on)


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
        raise DutyEndedError(state=state.label)


def check_day(ended_on: date, *, made_on: date, due_on: date, today: date) -> None:
    """Let a day pass on which a duty can have been done: not after ``today``, and not before its year or its making.

    A list of the year may come in when some of it is done already.

    Raises:
        WrongDayError: on another day.
    """
    first = min(made_on, date(due_on.year, 1, 1))
    if not first <= ended_on <= today:
        raise WrongDayError(first=first)


def check_outcome(result: DutyResult, *, due_on: date, sentence: str | None, by_holder: bool, today: date) -> None:
    """Let an end be reported. A result may stay without words (red line 4); an objective reason is what is confirmed.

    Raises:
        NotDueYetError: somebody else says "not done" while there is time.
        ReasonMissingError: an objective reason that is not named.
    """
    if result is DutyResult.NOT_DONE and not by_holder and due_on >= today:
        raise NotDueYetError(day=due_on)
    if result is DutyResult.OBJECTIVE and not sentence:
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


def check_may_hand_over(*, is_responsible: bool, took_it: bool, due_on: date, starts_on: date) -> None:
    """Let a duty be handed over by an officer whose it is neither today nor on its day, or who took it, up to its day.

    Raises:
        OwnDutyError, OwnLateDutyError: it is the actor's own, given, or taken and late: another officer does.
    """
    if is_responsible and not took_it:
        raise OwnDutyError
    if is_responsible and starts_on > due_on:
        raise OwnLateDutyError


def check_span(starts_on: date, ends_on: date | None, *, today: date) -> None:
    """Let a hand-over pass that begins today or later.

    Raises:
        WrongSpanError: it begins in the past, or ends before it begins.
    """
    if starts_on < today or (ends_on is not None and ends_on < starts_on):
        raise WrongSpanError


def in_days(days: int) -> str:
    """``in 3 days``, ``due today``, ``2 days overdue``: a plain fact, no countdown. ``days`` are until then."""
    if days == 0:
        return gettext("due today")
    if days == 1:
        return gettext("due tomorrow")
    if days > 0:
        return ngettext("in %(num)s day", "in %(num)s days", days) % {"num": days}
    return ngettext("%(num)s day overdue", "%(num)s days overdue", -days) % {"num": -days}
