"""What is refused about leaves, and the sentence that says what to do next."""

from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _


class AddressError(BadInputError):
    """A number in what should be a city."""

    code = "address"
    message = _("The city is enough, without numbers: no address is kept.")
    field = "destination"


class FarAheadError(ConflictError):
    """The last day can hardly be meant."""

    code = "far_ahead"
    message = _("This day is more than three years away. Please check the year.")
    field = "last"


class FarBackError(ConflictError):
    """So long ago that it can hardly be meant."""

    code = "far_back"
    message = _("This day lies too long ago to be entered. Please check the year.")
    field = "first"


class EndedLongAgoError(ConflictError):
    """What ended so long ago is no longer entered by oneself."""

    code = "ended_long_ago"
    message = _("This ended more than %(days)s working days ago. An officer of the branch enters it for you.")
    field = "last"


class OverlapsError(ConflictError):
    """Somebody cannot be on two leaves at once."""

    code = "overlaps"
    message = _("These days overlap with another one: %(leave)s, %(days)s. Change the days, or cancel the other first.")
    field = "first"


class TooLateToExtendError(ConflictError):
    """An extension is asked for before the end."""

    code = "too_late_to_extend"
    message = _("This leave has ended already. Close it; what followed is asked for anew.")


class NotLongerError(ConflictError):
    """An extension that ends no later."""

    code = "not_longer"
    message = _("An extension ends later than the leave. To come back earlier, just close it when you are back.")
    field = "last"


class NotStandingError(ConflictError):
    """It is not approved, or has ended."""

    code = "not_standing"
    message = _("By now this leave is: %(state)s. There is nothing left to do here.")


class ReturnDayError(ConflictError):
    """A return before the leave or in the future."""

    code = "return_day"
    message = _("The day of the return lies between the first day of the leave and today.")
    field = "returned_on"


class ReopenOverError(ConflictError):
    """A closing is taken back on the same day, by who closed it."""

    code = "reopen_over"
    message = _("It was closed on another day or by somebody else. If that was wrong, ask an officer to enter it anew.")


class OwnLeaveError(ForbiddenError):
    """Nobody says about the own leave what counts."""

    code = "own_leave"
    message = _("This is your own leave. Another officer of the branch decides on it.")


class NotDueError(ConflictError):
    """Nothing was missed, or not yet."""

    code = "not_due"
    message = _("There is nothing to decide: it was closed in time, or its time has not passed.")


class SaidAlreadyError(ConflictError):
    """Another officer was faster."""

    code = "said_already"
    message = _("This has been decided already. Look again; what stands can be taken back first.")
    field = "day"


class NotLateBackError(ConflictError):
    """Nobody who was back in time is back late."""

    code = "not_late_back"
    message = _("The return was in time, so nobody was back late.")


class DayNotPastError(BadInputError):
    """A day that has not come, or lies long back."""

    code = "day_not_past"
    message = _("Choose a day that has passed and lies less than a year back.")
    field = "day"


class ReportedError(ConflictError):
    """The day lies in a leave that was reported."""

    code = "reported"
    message = _("This day lies in a leave that was reported: %(leave)s, %(days)s.")
    field = "day"
