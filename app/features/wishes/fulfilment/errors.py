"""What handing over and confirming refuse."""

from app.core.errors import AppError, BadInputError, ConflictError, NotFoundError, TooManyRequestsError
from app.core.i18n import lazy_gettext as _


class HandedOverDayError(BadInputError):
    """A day before the claim, or one that has not come."""

    code = "handed_over_day"
    field = "day"
    message = _("Please choose a day between the claim and today.")


class OwnClaimError(ConflictError):
    """Whoever took part does not confirm."""

    code = "own_claim"
    message = _("You took part yourself; somebody else confirms this wish.")


class UnknownSlipError(NotFoundError):
    """A link that no slip carries, or one that was replaced."""

    code = "unknown_slip"
    message = _("This link is no longer good. The community worker can give you a new one.")


class LinksLockedError(TooManyRequestsError):
    """Too many made-up links."""

    code = "links_locked"
    message = _(
        "There were too many wrong links from this connection. Please try again in %(minutes)s minutes, or ask the "
        "community worker."
    )


class SlipVoidError(AppError):
    """Too many wrong codes, or none was given out."""

    status = 409
    code = "slip_void"
    field = "code"
    message = _("This code is no longer good. The community worker can give the wisher a new one, or confirm at once.")


class WrongCodeError(BadInputError):
    """Not the code on the slip."""

    code = "wrong_code"
    field = "code"
    message = _("This is not the code on the wisher's slip. Please listen again: it has six digits.")
