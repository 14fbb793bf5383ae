"""Who may make up for what, and until when. Source: domain, meetings §5."""

from datetime import date, timedelta
from typing import Final

from app.core import formats
from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _
from app.features.meetings.attendance.rules import MAKE_UP_CONFIRMED, MAKE_UP_DAYS, Leave, State

KIND: Final = "meeting.make_up"
"""Of its reviews."""
TO_MAKE_UP: Final = frozenset({State.LEAVE, State.ABSENT})
"""Of an absence without excuse the content alone: its loss stays."""


class NothingToMakeUpError(ConflictError):
    message = _("There is nothing to make up for: neither a leave nor an absence is recorded, or its days are over.")


class DayNotThereError(ConflictError):
    code = "make_up_day"
    message = _("It is made up between the day of the meeting and %(last)s, and not in advance. Please check the day.")
    field = "done_on"


class MadeUpAlreadyError(ConflictError):
    message = _("This is made up for already. Look at how it stands.")


def last_day(day: date) -> date:
    """The last day on which an event of ``day`` is made up for."""
    return day + timedelta(days=MAKE_UP_DAYS)


def confirmed_by(day: date) -> date:
    """The last day on which confirming it still takes the loss away."""
    return last_day(day) + timedelta(days=MAKE_UP_CONFIRMED)


def takes_loss_away(state: State, leave: Leave | None) -> bool:
    """Whether points depend on it: of private leave alone."""
    return state is State.LEAVE and leave is Leave.PRIVATE


def check_day(done_on: date, *, day: date, today: date) -> None:
    """Let a day pass on which an event of ``day`` can have been made up for."""
    if not day <= done_on <= min(last_day(day), today):
        raise DayNotThereError(last=formats.short_day(min(last_day(day), today)))
