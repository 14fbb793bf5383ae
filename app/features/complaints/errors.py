"""What the box refuses, each with a way on."""

from app.core.errors import AppError, ConflictError, TooManyRequestsError
from app.core.i18n import lazy_gettext as _


class NobodyAnswersError(ConflictError):
    message = _(
        "Nobody else could answer this here. Please write to the discipline inspection of the next higher "
        "organisation. What you wrote still stands below."
    )


class SentBeforeError(ConflictError):
    """The same words of the same form were taken back, or come a second time at this very moment."""

    code = "complaint_sent_before"
    message = _("You have sent exactly this before. If it is to go once more, send it again; it still stands below.")


class TooManyTodayError(TooManyRequestsError):
    code = "complaints_today"
    message = _("You have written several times today. Please send this one tomorrow; it still stands below.")


class TooOftenError(TooManyRequestsError):
    code = "complaints_too_often"
    message = _(
        "Several have just come from this connection. Please send this one in %(minutes)s minutes; it still stands "
        "below."
    )


class FullError(TooManyRequestsError):
    code = "complaints_full"
    message = _("Very many wait to be read just now. Please send this one in a few days; it still stands below.")


class UnknownReceiptError(AppError):
    status = 422
    code = "unknown_complaint"
    field = "code"
    message = _("Nothing was sent under this code. Please compare it with what you wrote down.")


class ReceiptLockedError(TooManyRequestsError):
    code = "complaint_locked"
    field = "code"
    message = _("There were too many wrong codes from this connection. Please try again in %(minutes)s minutes.")


class NotWaitingError(ConflictError):
    code = "complaint_not_waiting"
    message = _("This one has been answered meanwhile, or its sender has taken it back.")
