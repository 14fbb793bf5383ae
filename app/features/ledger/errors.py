"""What the ledger refuses, and the sentence that says why."""

from app.core.errors import AppError
from app.core.i18n import lazy_gettext as _


class UnknownFactTypeError(AppError):
    """A fact type that is not on the whitelist."""

    status = 422
    code = "unknown_fact_type"
    message = _("“%(fact_type)s” is not on the list of fact types.")


class ForbiddenFactTypeError(AppError):
    """A fact type that a red line keeps out of the ledger and of every rule set."""

    status = 422
    code = "forbidden_fact_type"
    message = _("“%(fact_type)s” can never be counted. %(why)s Red line %(red_line)s; %(clause)s")


class FactShapeError(AppError):
    """A known fact type with a grade, quantity, matter or month that it cannot have."""

    status = 422
    code = "fact_shape"
    message = _("This fact does not fit its type.")
