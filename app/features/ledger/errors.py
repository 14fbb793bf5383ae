"""What the ledger refuses, and the sentence that says why."""

from app.core.errors import AppError, ConflictError
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


class SourceTakenError(ConflictError):
    """The stream's matter stands in the ledger already, with other content."""

    code = "source_taken"
    message = _("This already stands in the ledger with other content. Take that one back first, then post again.")


class NotReversibleError(ConflictError):
    """A row that itself takes another one back."""

    code = "not_reversible"
    message = _("This row takes another one back. To undo that, post the fact anew.")
