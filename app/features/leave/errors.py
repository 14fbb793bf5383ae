"""What is refused about leaves, and the sentence that says what to do next."""

from app.core.errors import BadInputError, ConflictError, ForbiddenError
from app.core.i18n import lazy_gettext as _


class AddressError(BadInputError):
    message = _("The city is enough, without numbers: no address is kept.")
    field = "destination"


class FarAheadError(ConflictError):
    message = _("This day is more than three years away. Please check the year.")
    field = "last"


class FarBackError(ConflictError):
    message = _("This day lies too long ago to be entered. Please check the year.")
    field = "first"


class EndedLongAgoError(ConflictError):
    message = _("This ended more than %(days)s working days ago. An officer of the branch enters it for you.")
    field = "last"


class OverlapsError(ConflictError):
    message = _("These days overlap with another one: %(leave)s, %(days)s. Change the days, or cancel the other first.")
    field = "first"


class TooLateToExtendError(ConflictError):
    message = _("This leave has ended already. Close it; what followed is asked for anew.")


class NotLongerError(ConflictError):
    message = _("An extension ends later than the leave. To come back earlier, just close it when you are back.")
    field = "last"


class NotStandingError(ConflictError):
    message = _("By now this leave is: %(state)s. There is nothing left to do here.")


class ReturnDayError(ConflictError):
    message = _("The day of the return lies between the first day of the leave and today.")
    field = "returned_on"


class ReopenOverError(ConflictError):
    message = _("It was closed on another day or by somebody else. If that was wrong, ask an officer to enter it anew.")


class OwnLeaveError(ForbiddenError):
    message = _("This is your own leave. Another officer of the branch decides on it.")


class NotDueError(ConflictError):
    message = _("There is nothing to decide: it was closed in time, or its time has not passed.")


class SaidAlreadyError(ConflictError):
    message = _("This has been decided already. Look again; what stands can be taken back first.")
    field = "day"


class NotLateBackError(ConflictError):
    message = _("The return was in time, so nobody was back late.")


class DayNotPastError(BadInputError):
    message = _("Choose a day that has passed and lies less than a year back.")
    field = "day"


class ReportedError(ConflictError):
    message = _("This day lies in a leave that was reported: %(leave)s, %(days)s.")
    field = "day"
