"""What becomes of a leave: where it stands, what may follow, and what an officer may say about it. Pure."""

from datetime import date, datetime, timedelta
from typing import Final

from app.core import workdays
from app.core.i18n import lazy_gettext as _
from app.core.words import Word
from app.features.leave import errors
from app.features.leave.rules import LeaveType, Span
from app.features.ledger.rules import FactType
from app.features.reviews.rules import ReviewStatus

REQUEST: Final = "leave.request"
"""The kind of review that decides on a leave."""
ENTERED_LATER: Final = 3
"""Working days after the return within which members enter what they could not ask for. Source: domain, meetings §8."""
YEAR: Final = timedelta(days=366)
"""So long ago a leave of somebody can still be entered, or a day without a report named, by an officer. Ours."""
FURTHEST: Final = timedelta(days=3 * 366)
"""So far ahead a leave may end. Ours: a secondment takes up to three years."""
PLACE_LENGTH: Final = 20
NAME_LENGTH: Final = 40
TRIPS: Final = frozenset(
    {LeaveType.HOME, LeaveType.OFFICIAL, LeaveType.TRAINING, LeaveType.SECONDMENT, LeaveType.REPORT_ONLY}
)
"""Those that lead away wherever to; the others do where they name a place."""


class State(Word):
    """Where a leave stands. What was asked, decided and ended is stored; whether somebody is away, the day says."""

    ASKED = "asked", _("waiting for approval")
    REFUSED = "refused", _("returned"), "need"
    APPROVED = "approved", _("approved")
    KNOWN = "known", _("known: approved elsewhere")
    AWAY = "away", _("away")
    TO_CLOSE = "to_close", _("to be closed"), "need"
    EXTENDED = "extended", _("extended")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class End(Word):
    """How a leave ends."""

    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class Approval(Word):
    """Who approves it."""

    ELSEWHERE = "elsewhere", _("Approved by the unit already")
    HERE = "here", _("To be approved here")


class Finding(Word):
    """What an officer may say about a leave."""

    UNCLOSED = "unclosed", _("Not closed in time")
    OVERDUE = "overdue", _("Back late without a reason")
    UNREPORTED = "unreported", _("Away without a report")

    @property
    def fact_type(self) -> FactType:
        """What stands in the ledger where it is confirmed."""
        return FactType(f"leave.{self.value}")


class LeaveDecision(Word):
    """What the officer says."""

    CONFIRMED = "confirmed", _("confirmed")
    WAIVED = "waived", _("waived")


class TripCheck(Word):
    """What is looked through before a trip; a tick is never a fact. The unit's own words 本单位规定."""

    APPROVED = "approved", _("The trip is approved, and the officers know of it")
    HANDED_OVER = "handed_over", _("Work is handed over, and somebody stands in")
    REACHABLE = "reachable", _("Days and city are as reported, and I can be reached")


def state_of(
    span: Span, *, status: ReviewStatus, end: End | None, is_known: bool, is_extended: bool, now: datetime
) -> State:
    """Where a leave stands at this moment."""
    if end is End.CANCELLED or status is ReviewStatus.WITHDRAWN:
        return State.CANCELLED
    if status is not ReviewStatus.APPROVED:
        return State.ASKED if status is ReviewStatus.PENDING else State.REFUSED
    if end is End.CLOSED:
        return State.CLOSED
    if is_extended:
        return State.EXTENDED
    if now >= span.begins:
        return State.AWAY if now < span.ends else State.TO_CLOSE
    return State.KNOWN if is_known else State.APPROVED


def check_days(span: Span, *, today: date, by_officer: bool, calendar: workdays.Calendar = workdays.PUBLISHED) -> None:
    """Let days pass that can be meant; what has ended long ago an officer enters.

    Raises:
        FarAheadError: it ends more than ``FURTHEST`` from ``today``.
        FarBackError: it began more than twice as long ago, or an officer enters what ended more than ``YEAR`` ago.
        EndedLongAgoError: for the member, it ended more than ``ENTERED_LATER`` working days ago.
    """
    if span.last > today + FURTHEST:
        raise errors.FarAheadError
    if span.first < today - 2 * FURTHEST:  # a secondment that was extended once has begun long ago
        raise errors.FarBackError
    if by_officer and today - span.last > YEAR:
        raise errors.FarBackError
    if not by_officer and today > workdays.after(span.last, ENTERED_LATER, calendar):
        raise errors.EndedLongAgoError(days=ENTERED_LATER)


def check_extension(span: Span, longer: Span, *, now: datetime) -> None:
    """Let an extension pass that is asked for before the end, and ends later."""
    if now >= span.ends:
        raise errors.TooLateToExtendError
    if longer.ends <= span.ends:
        raise errors.NotLongerError


def check_place(place: str | None) -> None:
    """Let a city pass, no address. Source: §0, §8. ``AddressError``: there are numbers in it."""
    if place and any(sign.isdigit() for sign in place):
        raise errors.AddressError


def is_trip(leave: LeaveType, place: str | None) -> bool:
    """Whether it leads away, so that the list before a trip opens."""
    return leave in TRIPS or bool(place)


def opens_list(first: date, last: date, *, today: date) -> bool:
    """Whether the list before a trip is open: from the day before on. Source: §8."""
    return first - timedelta(days=1) <= today <= last
