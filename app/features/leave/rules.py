"""Leave and travel: what an interval covers, which two may overlap, when it must be closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from app.core import clock, workdays
from app.core.errors import ImpossibleError
from app.core.i18n import lazy_gettext as _
from app.core.words import Word

CLOSED_WITHIN: Final = 1
"""Working days after the last one by whose end a leave is closed. Source: domain, meetings §8."""
LONG_STAY: Final = timedelta(days=182)
"""From here on a fixed place asks whether the relation should move. Source: 党员教育管理工作条例, Art. 25."""


class LeaveType(Word):
    """Kinds of leave. Source: domain, meetings §8."""

    ANNUAL = "annual", _("Annual leave")
    PERSONAL = "personal", _("Private leave")
    SICK = "sick", _("Sick leave")
    MARRIAGE = "marriage", _("Marriage leave")
    MATERNITY = "maternity", _("Maternity leave")
    PATERNITY = "paternity", _("Paternity leave")
    BEREAVEMENT = "bereavement", _("Bereavement leave")
    HOME = "home", _("Home leave")
    OFFICIAL = "official", _("Official trip")
    TRAINING = "training", _("Training")
    SECONDMENT = "secondment", _("Secondment")
    REPORT_ONLY = "report_only", _("Leaving the city, reported")


MAY_COME_LATER: Final = frozenset({LeaveType.SICK, LeaveType.OFFICIAL})
"""Nobody can always ask for these before they begin."""
MAY_CONTAIN_OTHERS: Final = frozenset({LeaveType.SECONDMENT, LeaveType.TRAINING})
"""Long ones, in which somebody may be on another leave as well."""


class Half(Word):
    """Parts of a day, as the forms have them."""

    AM = "am", _("morning")
    PM = "pm", _("afternoon")
    EVENING = "evening", _("evening")


_BEGINS: Final[Mapping[Half, int]] = MappingProxyType({Half.AM: 0, Half.PM: 12, Half.EVENING: 18})
_ENDS: Final[Mapping[Half, int]] = MappingProxyType({Half.AM: 12, Half.PM: 18, Half.EVENING: 24})


class Broken(Word):
    """What about a leave cannot be."""

    ORDER = "ends_before_it_begins", _("The leave ends before it begins.")
    STORED = "due_before_the_end", _("It cannot be due before the leave has ended.")
    CLOSED = "closed_in_the_future", _("It cannot be closed on a day that has not come.")


@dataclass(frozen=True, slots=True)
class Span:
    """From a part of one day to a part of another, both inclusive.

    Raises:
        ImpossibleError: it ends before it begins.
    """

    first: date
    last: date
    first_half: Half = Half.AM
    last_half: Half = Half.EVENING

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.first > self.last or self.begins >= self.ends:
            raise ImpossibleError(Broken.ORDER)

    @property
    def begins(self) -> datetime:
        """Morning from 0:00, afternoon from 12:00, evening from 18:00, on the branch's clock. Source: §15."""
        return datetime.combine(self.first, time(_BEGINS[self.first_half]), clock.zone())

    @property
    def ends(self) -> datetime:
        """The first moment that is no longer covered."""
        return datetime.combine(self.last, time(), clock.zone()) + timedelta(hours=_ENDS[self.last_half])

    def covers(self, begins: datetime) -> bool:
        """Whether an event that ``begins`` then falls into it. Source: §8."""
        return self.begins <= begins < self.ends

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a moment in common."""
        return self.begins < other.ends and other.begins < self.ends

    def contains(self, other: "Span") -> bool:
        """Whether the other lies in it whole."""
        return self.begins <= other.begins and other.ends <= self.ends


def may_stand_beside(leave: LeaveType, span: Span, other_leave: LeaveType, other: Span) -> bool:
    """Whether one person may have both: apart, or one inside a secondment or a training. Source: §8."""
    return (
        not span.overlaps(other)
        or (leave in MAY_CONTAIN_OTHERS and span.contains(other))
        or (other_leave in MAY_CONTAIN_OTHERS and other.contains(span))
    )


def due_on(last: date, *, stored: date | None = None, calendar: workdays.Calendar = workdays.PUBLISHED) -> date:
    """The day by whose end a leave must be closed: the first working day after its last one.

    It is ``stored`` when the leave is acknowledged; a calendar that is known better later moves it only in the
    member's favour. Source: §8.

    Raises:
        ImpossibleError: stored for a day on which the leave had not ended.
    """
    if stored is not None and stored <= last:
        raise ImpossibleError(Broken.STORED)
    return max(workdays.after(last, CLOSED_WITHIN, calendar), stored or date.min)


def suggests_unclosed(due: date, *, closed_on: date | None, today: date | None) -> bool | None:
    """Whether the day after the due day has come without the leave being closed; an officer confirms or waives it.

    ``None``: nobody said what day it is.

    Raises:
        ImpossibleError: closed after today.
    """
    if closed_on is not None and today is not None and closed_on > today:
        raise ImpossibleError(Broken.CLOSED)
    seen = closed_on or today
    return None if seen is None else seen > due


class Away(NamedTuple):
    """A leave as attendance asks for it."""

    leave: LeaveType
    span: Span
    is_decided: bool
    """Whether it is approved or known, not merely asked for."""


class Days(NamedTuple):
    """How long a leave is, in half-days; never a point, never a statistic."""

    natural: int
    working: int


def covers(leaves: Iterable[Away], begins: datetime) -> Away | None:
    """The one of a person's ``leaves`` in which an event that ``begins`` then falls; ``None`` where none does.

    What is decided goes before what is asked for, what excuses before a mere report of leaving town, and what lies
    inside another one before that.
    """
    found = [away for away in leaves if away.span.covers(begins)]
    return min(
        found,
        key=lambda away: (not away.is_decided, away.leave is LeaveType.REPORT_ONLY, away.span.ends - away.span.begins),
        default=None,
    )


def days_of(span: Span, calendar: workdays.Calendar = workdays.PUBLISHED) -> Days:
    """Natural and working days from the first to the last, both inclusive, in half-days. Source: §8, §13."""
    late, early = span.first_half is not Half.AM, span.last_half is Half.AM
    natural = 2 * ((span.last - span.first).days + 1) - late - early
    halved = [day for day, is_half in ((span.first, late), (span.last, early)) if is_half]
    working = 2 * workdays.working_days_between(span.first, span.last, calendar)
    return Days(natural, working - sum(workdays.is_working_day(day, calendar) for day in halved))


def cut(span: Span, returned_on: date | None) -> Span:
    """What it covers when somebody came back early: the day of the return is the last one."""
    if returned_on is None or returned_on >= span.last:
        return span
    return Span(span.first, returned_on, span.first_half)


def closing_due(
    last: date, *, decided_on: date, stored: date | None = None, calendar: workdays.Calendar = workdays.PUBLISHED
) -> date:
    """The day by whose end it must be closed: nobody can close what is not decided, so not before that."""
    since = max(last, decided_on)
    return due_on(since, stored=stored if stored and stored > since else None, calendar=calendar)


def is_asked_late(leave: LeaveType, span: Span, *, asked_at: datetime) -> bool:
    """Whether it should have been asked for before it began, so that an officer looks. Source: §8."""
    return leave not in MAY_COME_LATER and asked_at >= span.begins


def excuses_by_itself(leave: LeaveType, *, asked_at: datetime, begins: datetime) -> bool:
    """Whether it excuses from what ``begins`` then without another word.

    Private leave that is asked for later does not, even where it is approved: an officer says so in the attendance.
    Source: §8.
    """
    return leave is not LeaveType.PERSONAL or asked_at < begins


def asks_for_move(leave: LeaveType, span: Span) -> bool:
    """Whether it stays at one place so long that the relation may have to move."""
    return leave in MAY_CONTAIN_OTHERS and span.last - span.first >= LONG_STAY
