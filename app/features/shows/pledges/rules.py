"""The year of a pledge: its states, limits and days. Source: docs/domain.md §3.1."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.core.workdays import PUBLISHED, Calendar
from app.features.ledger.rules import FactType
from app.features.reviews.rules import ReviewStatus
from app.features.shows.pledges.calendar import asks_for_ending, last_day_of_publicity, may_tell, year_is_open
from app.features.shows.pledges.errors import (
    DueOutsideYearError,
    EvaluatedError,
    InPublicityError,
    NotApprovedError,
    NothingToSubmitError,
    OtherYearError,
    OutcomeWaitsError,
    ReasonMissingError,
    TooFewPledgesError,
    TooManyPledgesError,
    WrongQuarterError,
)

LEAST: Final = 2
"""Pledges a member has in a year, at least."""
MOST: Final = 5
TEXT_LENGTH: Final = 60
"""Characters of a pledge, and of the sign by which anybody can see that it is fulfilled."""
NOTE_LENGTH: Final = 200
"""Characters of a sentence about progress, an ending, or a colleague's pledge."""
KEYWORD_LENGTH: Final = 20


class Side(Word):
    """What a pledge is about."""

    LEARNING = "learning", _("Learning")
    WORK = "work", _("Work")
    DISCIPLINE = "discipline", _("Self-discipline")
    SERVICE = "service", _("Service to others")


class PledgeState(Word):
    """Where a pledge stands. It is read from its reviews and the calendar, never kept."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for approval")
    RETURNED = "returned", _("returned"), "need"
    WITHDRAWN = "withdrawn", _("withdrawn")
    PUBLICITY = "publicity", _("shown for comment"), ""
    IN_PROGRESS = "in_progress", _("being kept")
    DONE = "done", _("done, to be evaluated")
    NOT_MET = "not_met", _("not met, to be evaluated")
    EXCUSED = "excused", _("not met for a reason, to be confirmed")
    EVALUATED = "evaluated", _("evaluated")
    ARCHIVED = "archived", _("archived")


class Progress(Word):
    """One tap a quarter."""

    ON_TRACK = "on_track", _("On track")
    IN_DIFFICULTY = "in_difficulty", _("In difficulty")
    DONE = "done", _("Done")


class Ending(Word):
    """How a pledge ended. Excused: not met for an objective reason, which the committee confirms."""

    DONE = "done", _("Kept"), "ok"
    NOT_MET = "not_met", _("Not met"), ""
    EXCUSED = "excused", _("Not met, with an objective reason")


class PeerWord(Word):
    """What a colleague saw of it; words for the officer, never counted."""

    KEPT = "kept", _("I saw it kept")
    PARTLY = "partly", _("Kept in part")
    CANNOT_TELL = "cannot_tell", _("I cannot tell")


class Audience(Word):
    """For whom a suggestion of the library is meant, beside the working posts its keyword names."""

    EVERYBODY = "everybody", _("Everybody")
    SECRETARY = "secretary", _("Secretary and deputy")
    COMMITTEE = "committee", _("Branch committee")
    GROUP_LEADER = "group_leader", _("Group leaders")


_STATE_AFTER: Final = {
    Ending.DONE: PledgeState.DONE,
    Ending.NOT_MET: PledgeState.NOT_MET,
    Ending.EXCUSED: PledgeState.EXCUSED,
}
_FACT_OF: Final = {
    Ending.DONE: FactType.PLEDGE_KEPT,
    Ending.NOT_MET: FactType.PLEDGE_MISSED,
    Ending.EXCUSED: FactType.PLEDGE_EXCUSED,
}
APPROVED_STATES: Final = frozenset(
    {
        PledgeState.PUBLICITY,
        PledgeState.IN_PROGRESS,
        PledgeState.DONE,
        PledgeState.NOT_MET,
        PledgeState.EXCUSED,
        PledgeState.EVALUATED,
        PledgeState.ARCHIVED,
    }
)
"""States of pledges that the branch has approved: these are shown on card and wall."""
OPEN_STATES: Final = frozenset({PledgeState.PUBLICITY, PledgeState.IN_PROGRESS})
"""Approved, and nobody has said yet how it ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeFacts:
    """What the state of a pledge is read from."""

    year: int
    review: ReviewStatus | None
    """Of the pledge; None while it is a draft."""
    decided_on: date | None
    """Branch-local day of that review's decision."""
    outcome: Ending | None = None
    """What was said last about how it ended."""
    outcome_review: ReviewStatus | None = None
    days: Calendar = PUBLISHED
    """What its publicity is counted with."""


def state_of(standing: PledgeFacts, *, today: date) -> PledgeState:
    """Where a pledge stands ``today``."""
    match standing.review:
        case None:
            return PledgeState.DRAFT
        case ReviewStatus.PENDING:
            return PledgeState.SUBMITTED
        case ReviewStatus.RETURNED:
            return PledgeState.RETURNED
        case ReviewStatus.WITHDRAWN:
            return PledgeState.WITHDRAWN
    if standing.outcome_review is ReviewStatus.APPROVED:
        return PledgeState.EVALUATED if year_is_open(standing.year, today) else PledgeState.ARCHIVED
    if standing.outcome is not None and standing.outcome_review is ReviewStatus.PENDING:
        return _STATE_AFTER[standing.outcome]
    if standing.decided_on is not None and today <= last_day_of_publicity(standing.decided_on, standing.days):
        return PledgeState.PUBLICITY
    return PledgeState.IN_PROGRESS


def is_open_to_peers(state: PledgeState, year: int, today: date) -> bool:
    """Whether colleagues may say what they saw: once its end is said, or at the year's end; not after the decision."""
    return state in _STATE_AFTER.values() or (state is PledgeState.IN_PROGRESS and asks_for_ending(today, year))


def fact_type_of(outcome: Ending) -> FactType:
    """What a confirmed ending is in the ledger."""
    return _FACT_OF[outcome]


def day_of_fact(*, said_on: date, due_on: date) -> date:
    """The day of the fact: when the pledge was due, or when its end was said before that. Always in its year."""
    return min(said_on, due_on)


def check_year(year: int, *, today: date) -> None:
    """Let pledges be written for the running year.

    Raises:
        OtherYearError: it is another one.
    """
    if year != today.year:
        raise OtherYearError(year=today.year)


def check_due(due_on: date, *, year: int) -> None:
    """Let a date pass that lies in the pledge's year."""
    if due_on.year != year:
        raise DueOutsideYearError(year=year)


def check_room(there: int, *, more: int = 1) -> None:
    """Let ``more`` pledges be added to those ``there``.

    Raises:
        TooManyPledgesError: the year would have more than ``MOST``.
    """
    if there + more > MOST:
        raise TooManyPledgesError(most=MOST)


def check_submission(*, drafts: int, handed_in: int) -> None:
    """Let the drafts be handed in, beside what was handed in before.

    Raises:
        NothingToSubmitError: there is no draft.
        TooFewPledgesError: fewer than ``LEAST`` in all.
        TooManyPledgesError: more than ``MOST`` in all.
    """
    if not drafts:
        raise NothingToSubmitError
    if drafts + handed_in < LEAST:
        raise TooFewPledgesError(least=LEAST)
    check_room(handed_in, more=drafts)


def check_progress(state: PledgeState) -> None:
    """Let progress be told of what is approved and not evaluated.

    Raises:
        NotApprovedError: the branch has not approved it.
        EvaluatedError: its end is decided.
    """
    if state not in APPROVED_STATES:
        raise NotApprovedError
    if state in (PledgeState.EVALUATED, PledgeState.ARCHIVED):
        raise EvaluatedError


def check_quarter(quarter: int | None, *, year: int, approved_on: date | None, today: date) -> None:
    """Let a word about a ``quarter`` pass that has begun, and that the pledge stood in; ``None`` is the running one.

    Raises:
        WrongQuarterError: it has not begun, or was over when the branch approved.
    """
    if quarter is not None and not may_tell(quarter, year, approved_on=approved_on or today, today=today):
        raise WrongQuarterError


def check_outcome(state: PledgeState, outcome: Ending, said: str | None, *, public_until: date | None) -> None:
    """Let it be said how a pledge ended: any time after the publicity, also before its date.

    Raises:
        NotApprovedError: the branch has not approved it.
        InPublicityError: it is still shown for comment.
        OutcomeWaitsError: it was said, and an officer has not decided yet.
        EvaluatedError: it is decided.
        ReasonMissingError: an objective reason is claimed and not named.
    """
    check_progress(state)
    if state is PledgeState.PUBLICITY:
        raise InPublicityError(day=public_until)
    if state is not PledgeState.IN_PROGRESS:
        raise OutcomeWaitsError
    if outcome is Ending.EXCUSED and not said:
        raise ReasonMissingError
