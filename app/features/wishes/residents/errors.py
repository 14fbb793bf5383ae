"""What poster, public form and receipt refuse, each with a way on."""

from typing import Final

from app.core.errors import AppError, ConflictError, TooManyRequestsError
from app.core.i18n import lazy_gettext as _

ASTRAY: Final = "wishes/astray.html"
"""For somebody from outside whose address leads nowhere: another try, and where people help."""


class TooOftenError(TooManyRequestsError):
    message = _(
        "Several wishes have just come from this connection. Please send this one in an hour, or tell the people at "
        "your community's service desk. What you wrote still stands below."
    )


class BusyHereError(TooManyRequestsError):
    message = _(
        "Very many wishes are coming in for this community just now, more than can be read with care. Please "
        "send yours in a few hours, or tell the people at your community's service desk. What you wrote "
        "still stands below."
    )


class QueueFullError(TooManyRequestsError):
    message = _(
        "Very many wishes wait to be read just now. Please send this one in a few days, or tell the people at your "
        "community's service desk. What you wrote still stands below."
    )


class UnknownReceiptError(AppError):
    status = 422
    field = "code"
    message = _("No wish has this code. Please compare it with what you wrote down: twelve letters and digits.")


class ReceiptLockedError(TooManyRequestsError):
    field = "code"
    message = _(
        "There were too many wrong codes from this connection. Please try again in %(minutes)s minutes, or ask the "
        "people at your community's service desk."
    )


class NotWaitingError(ConflictError):
    message = _("This one has been decided meanwhile, or its sender has taken it back.")


class NoPosterError(AppError):
    status = 404
    page = ASTRAY
    title = _("This address is not complete")
    message = _(
        "No poster has this address. Please scan the poster once more, or compare the letters with those on it. "
        "Your community takes wishes in person, too."
    )


class ReplacedPosterError(AppError):
    status = 410
    page = ASTRAY
    title = _("There is a newer poster")
    message = _(
        "%(community)s has put up a new poster, and this older one is no longer read. Please scan the new one in the "
        "stairwell or at the community's service desk; the people there also take your wish in person."
    )
