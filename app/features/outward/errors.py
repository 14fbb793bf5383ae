"""Refusals about ways by which notices leave."""

from app.core.errors import BadInputError, ConflictError, TooManyRequestsError
from app.core.i18n import lazy_gettext as _


class NoSuchWayError(ConflictError):
    """The installation has not named it, or not fully."""

    message = _("This way is not there just now. Choose another one, or ask the system administrator.")


class WrongAddressError(BadInputError):
    """What was typed is no address of this kind."""

    field = "to"
    message = _("%(why)s")


class WrongSecretError(BadInputError):
    field = "secret"
    message = _("The secret is letters and digits, as the robot's page shows it.")


class WrongBrowserError(BadInputError):
    message = _(
        "The push service of this browser is not known here, so nothing is sent to it. Choose another way, or ask the "
        "system administrator to name it."
    )


class TooManyBrowsersError(ConflictError):
    message = _("You are reminded in %(n)s browsers already. Remove one that you no longer use first.")


class SignInAnewError(ConflictError):
    """The browser keeps nothing by which it would be known when it is signed out from elsewhere."""

    message = _("Sign out here and in again first: reminders in a browser end when it is signed out.")


class AskedTooOftenError(TooManyRequestsError):
    message = _("You have sent %(n)s codes and trials within a day. Please go on tomorrow.")


class WrongCodeError(BadInputError):
    field = "code"
    message = _("This is not the code that was sent there. Please look again.")


class OldCodeError(BadInputError):
    field = "code"
    message = _("This code is not good any more. Let another one be sent.")


class NotSentError(ConflictError):
    """It did not go out; the answer says why and what to do."""

    message = _("%(why)s")
