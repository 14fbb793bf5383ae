"""A leave as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.core import formats
from app.core.i18n import gettext as _
from app.core.i18n import ngettext
from app.core.workdays import Calendar
from app.features.leave import life, rules
from app.features.leave.life import Approval, End, State, TripCheck
from app.features.leave.rules import Away, Days, Half, LeaveType, Span
from app.features.reviews.rules import ReviewStatus

_WHOLE: Final = (Half.AM, Half.EVENING)


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """A row of ``queries.LIST``: its columns, in their order."""

    id: UUID
    branch_id: UUID
    member_id: UUID
    home_id: UUID
    """The branch to which the member belongs now."""
    name: str
    leave: LeaveType
    first_on: date
    first_half: Half
    last_on: date
    last_half: Half
    destination: str | None
    stand_in: str | None
    approval: Approval
    approved_by: str | None
    extends_id: UUID | None
    due_on: date | None
    ended_as: End | None
    ended_on: date | None
    returned_on: date | None
    checks: Sequence[str]
    status: ReviewStatus
    reason: str | None
    asked_at: datetime
    entered_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    ended_by: str | None
    is_corrected: bool
    is_extended: bool
    extension_id: UUID | None
    """The extension of it that waits for an officer."""

    @property
    def span(self) -> Span:
        """As it was asked for."""
        return Span(self.first_on, self.last_on, self.first_half, self.last_half)

    @property
    def taken(self) -> Span:
        """What of it was taken, where somebody came back early."""
        return rules.cut(self.span, self.returned_on)

    @property
    def away(self) -> Away:
        """The same for attendance."""
        return Away(self.leave, self.taken, self.status is ReviewStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class ShownLeave(LeaveRow):
    """The same at a moment."""

    now: datetime
    today: date
    calendar: Calendar
    """What its working days are counted with."""

    @property
    def state(self) -> State:
        """Where it stands."""
        return life.state_of(
            self.span,
            status=self.status,
            end=self.ended_as,
            is_known=self.approval is Approval.ELSEWHERE,
            is_extended=self.is_extended,
            now=self.now,
        )

    @property
    def decision(self) -> State:
        """What was decided, whatever has become of it since; where it stands, while nothing is."""
        if self.status is not ReviewStatus.APPROVED:
            return self.state
        return State.KNOWN if self.approval is Approval.ELSEWHERE else State.APPROVED

    @property
    def dates(self) -> str:
        """``3月4日 – 3月6日上午``."""
        return dates_words(self.span)

    @property
    def days(self) -> str:
        """Natural and working days."""
        return days_words(rules.days_of(self.span, self.calendar))

    @property
    def is_standing(self) -> bool:
        """Whether it is decided, and neither ended nor extended."""
        return self.state in {State.APPROVED, State.KNOWN, State.AWAY, State.TO_CLOSE}

    @property
    def can_close(self) -> bool:
        """Whether somebody may say that they are back."""
        return self.state in {State.AWAY, State.TO_CLOSE}

    @property
    def can_cancel(self) -> bool:
        """Whether it can be called off: it waits, or has not begun."""
        return self.state in {State.ASKED, State.APPROVED, State.KNOWN}

    @property
    def can_extend(self) -> bool:
        """Whether it is decided and has not come to its end, and no extension waits."""
        return self.is_standing and self.now < self.span.ends and not self.extension_id

    @property
    def has_list(self) -> bool:
        """Whether the list before a trip is open."""
        is_trip = life.is_trip(self.leave, self.destination)
        return is_trip and self.is_standing and life.opens_list(self.first_on, self.last_on, today=self.today)

    @property
    def is_unchecked(self) -> bool:
        """Whether something on it is not ticked yet."""
        return len(self.checks) < len(TripCheck)

    @property
    def late_days(self) -> int:
        """How many days after the last one somebody was back, or is not back yet; none while an extension waits."""
        if self.state not in {State.TO_CLOSE, State.CLOSED} or self.extension_id:
            return 0
        return max(0, ((self.returned_on or self.today) - self.last_on).days)

    @property
    def is_missed(self) -> bool:
        """Whether its due day has passed without it being closed; a better calendar moves that day only later.

        While an extension waits nobody can know when it ends.
        """
        if self.state not in {State.TO_CLOSE, State.CLOSED} or self.due_on is None or self.extension_id:
            return False
        due = rules.due_on(self.last_on, stored=self.due_on, calendar=self.calendar)
        return bool(rules.suggests_unclosed(due, closed_on=self.ended_on, today=self.today))

    @property
    def asks_for_move(self) -> bool:
        """Whether the relation may have to move."""
        return self.is_standing and rules.asks_for_move(self.leave, self.span)


def dates_words(span: Span) -> str:
    """From when until when, with the halves where it is not whole days."""
    if span.first == span.last:
        if (span.first_half, span.last_half) == _WHOLE:
            return formats.short_day(span.first)
        halves = [span.first_half] if span.first_half is span.last_half else [span.first_half, span.last_half]
        return f"{formats.short_day(span.first)} {' – '.join(str(half.label) for half in halves)}"
    first = formats.short_day(span.first) + ("" if span.first_half is Half.AM else f" {span.first_half.label}")
    last = formats.short_day(span.last) + ("" if span.last_half is Half.EVENING else f" {span.last_half.label}")
    return f"{first} – {last}"


def days_words(days: Days) -> str:
    """``5 天, 其中工作日 3 天``: both numbers, exact to half a day."""
    said = {"natural": _days(days.natural), "working": _number(days.working)}
    return _("%(natural)s, %(working)s of them working days") % said


def _days(halves: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", (halves + 1) // 2) % {"n": _number(halves)}


def _number(halves: int) -> str:
    return formats.hundredths(halves * 50)
