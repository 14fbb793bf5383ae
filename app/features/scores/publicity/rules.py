"""From when on a period may be publicised, by which steps, and where it then stands. Source: domain, quantified §3."""

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final, NamedTuple

from app.core import workdays
from app.core.errors import BadInputError, ConflictError, NotFoundError
from app.core.formats import day as day_words
from app.core.i18n import gettext
from app.core.i18n import lazy_gettext as _
from app.core.life import StepRefusedError
from app.core.months import last_of_month
from app.core.words import Word
from app.features.members.rules import Role
from app.features.scores.cycle.rules import PUBLICITY_DAYS

NAME_LENGTH: Final = 60
PHONE_LENGTH: Final = 40
REASON_LENGTH: Final = 300
QUARTER_DAYS: Final = 3
YEAR_DAYS: Final = 5
YEAR_FROM: Final = (12, 15)
"""Month and day from which a year may be publicised."""
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2999
PROPOSERS: Final = frozenset({Role.SECRETARY, Role.DEPUTY})


class State(Word):
    """Where a period of a branch stands."""

    OPEN = "open", _("not publicised yet")
    PUBLICISED = "publicised", _("publicised")
    OBJECTIONS = "objections", _("open to objections")
    SETTLED = "settled", _("settled")
    SIGNED = "signed", _("signed")
    ARCHIVED = "archived", _("archived")


class Act(Word):
    """The steps after the proposal, in their order; the words are those of a button."""

    CHECK = "check", _("Checked: nothing in it is secret")
    APPROVE = "approve", _("Approve")
    PUBLISH = "publish", _("Publish")


class DaysError(BadInputError):
    code = "publicity_days"
    message = _("A publicity lasts 3 to 10 working days.")
    field = "working_days"


class TooEarlyError(ConflictError):
    code = "period_not_over"
    message = _("This can be publicised from %(day)s on.")


class PreviousUnsettledError(ConflictError):
    message = _("Before the year is publicised, these are settled: %(periods)s.")


class StandsAlreadyError(ConflictError):
    code = "publicity_stands"
    message = _("This period is on its way already. Look at where it stands.")


class StepTakenError(StepRefusedError):
    message = _("By now this publicity has gone on: %(state)s. Look again.")


class EndedAlreadyError(ConflictError):
    code = "publicity_ended"
    message = _("It has ended. What was wrong is corrected by an objection now.")


class Period(NamedTuple):
    """A quarter (1 to 4), or the year (``None``)."""

    year: int
    quarter: int | None = None

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return last_of_month(self.year, 3 * self.quarter if self.quarter else 12)

    @property
    def path(self) -> str:
        """``2026/3``, or ``2026``: how addresses name it."""
        return f"{self.year}/{self.quarter}" if self.quarter else str(self.year)

    @property
    def words(self) -> str:
        """``Quarter 3 of 2026``."""
        said = {"year": self.year, "quarter": self.quarter}
        return gettext("Quarter %(quarter)s of %(year)s") % said if self.quarter else gettext("Year %(year)s") % said

    @property
    def days(self) -> int:
        """How many working days its publicity lasts unless somebody says otherwise."""
        return QUARTER_DAYS if self.quarter else YEAR_DAYS

    def opens(self, calendar: workdays.Calendar) -> date:
        """The first day on which it may be publicised: a working day after the quarter; of the year, 15 December."""
        return workdays.after(self.last, 1, calendar) if self.quarter else date(self.year, *YEAR_FROM)


def period(year: int, quarter: int | None = None) -> Period:
    """The period that an address names."""
    if not FIRST_YEAR <= year <= LAST_YEAR or quarter not in {None, 1, 2, 3, 4}:
        raise NotFoundError
    return Period(year, quarter)


def of_today(today: date, calendar: workdays.Calendar = workdays.PUBLISHED) -> Period:
    """The period a secretary works on: the last quarter that may be publicised."""
    quarters = [Period(year, quarter) for year in (today.year, today.year - 1) for quarter in (4, 3, 2, 1)]
    return next(one for one in quarters if one.opens(calendar) <= today)


def check_opening(asked: Period, today: date, calendar: workdays.Calendar, unsettled: AbstractSet[Period]) -> None:
    """Let a period be publicised that is over; the year, when all that was publicised of it is settled.

    Raises:
        PreviousUnsettledError: the year, while a quarter of it or the year before is open to objections.
    """
    if today < (opens := asked.opens(calendar)):
        raise TooEarlyError(day=day_words(opens))
    before = [one for one in sorted(unsettled, key=lambda one: one.last) if one != asked]
    if asked.quarter is None and before:
        raise PreviousUnsettledError(periods=gettext(", ").join(one.words for one in before))


def check_days(working_days: int) -> None:
    """Let a length pass that a publicity may have. ``DaysError``: fewer than 3 or more than 10 working days."""
    if working_days not in PUBLICITY_DAYS:
        raise DaysError


def next_act(*, checked: bool, approved: bool, published: bool) -> Act | None:
    """Which step follows on those that were taken; ``None`` once it is published."""
    taken = zip(Act, (checked, approved, published), strict=True)
    return next((act for act, is_done in taken if not is_done), None)


def state_of(
    ends_on: date | None, objections_until: date | None, today: date, *, pending: bool, closed: State | None = None
) -> State:
    """Where a period stands, from the stored days of its publicity. ``pending``: an objection waits for an answer.

    ``closed`` is what signatures and the archive say of it.
    """
    if ends_on is None or objections_until is None:
        return State.OPEN
    if today <= ends_on:
        return State.PUBLICISED
    if today <= objections_until or pending:
        return State.OBJECTIONS
    return closed or State.SETTLED
