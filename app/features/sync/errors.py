"""Why a whole batch is refused. A single item never causes one of these."""

from app.core.errors import AppError, BadInputError, ForbiddenError
from app.core.i18n import lazy_gettext as _


class NotAnEnvelopeError(BadInputError):
    """The body is no JSON object with device, person, time, version and 1 to 50 items."""

    code = "bad_envelope"
    message = _("These records could not be read. They stay on the phone; please load the page again.")


class WrongPersonError(ForbiddenError):
    message = _("These records belong to another person. They stay on this phone until that person signs in.")


class ClientTooOldError(AppError):
    status = 426
    message = _("This page is out of date. Load it again; the records stay on the phone and are sent afterwards.")


class NoQueueFileError(BadInputError):
    code = "no_file"
    field = "file"
    message = _("Please choose the file that the phone has saved.")


class NotAQueueFileError(BadInputError):
    code = "bad_queue_file"
    field = "file"
    message = _("This file is not a phone's queue. Take the file exactly as the phone has saved it.")


class StrangersQueueError(AppError):
    status = 404
    field = "file"
    message = _("These records belong to nobody in your branch. Ask the secretary of that person's branch.")
