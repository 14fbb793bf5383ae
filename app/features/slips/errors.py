"""Refusals about slips and codes."""

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext


class UnknownCodeError(BadInputError):
    """No slip has this code."""

    code = "unknown_code"
    field = "code"
    message = lazy_gettext("This code is not right. Please compare it with your slip, sign by sign.")


class ExpiredSlipError(BadInputError):
    """The slip was not used in time."""

    code = "expired_slip"
    field = "code"
    message = lazy_gettext("This slip was valid until %(day)s. Your secretary can print you a new one.")


class SpentSlipError(BadInputError):
    """The slip was used, or a newer one has taken its place."""

    code = "spent_slip"
    field = "code"
    message = lazy_gettext("This slip has been used, or there is a newer one. Your secretary can print you a new one.")


class OverruledSlipError(BadInputError):
    """Since it was printed its holder was given a post, or who printed it no longer may."""

    code = "overruled_slip"
    field = "code"
    message = lazy_gettext(
        "This slip is no longer good, because posts have changed since it was printed. Please ask for a new one."
    )


class FoundedAlreadyError(ConflictError):
    """There is an organisation already."""

    code = "founded_already"
    message = lazy_gettext(
        "There are organisations already. New slips for administrators: sanliang slip with their phone number."
    )


class SamePersonError(BadInputError):
    """One phone number for two administrators."""

    code = "same_person"
    message = lazy_gettext("The system and the business administrator are different people with a phone each.")


class UnknownMemberError(BadInputError):
    """Nobody has this number."""

    code = "unknown_member"
    message = lazy_gettext("No member has this phone or member number.")
