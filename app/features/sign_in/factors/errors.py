"""Refusals about the second factor."""

from app.core.errors import BadInputError, ConflictError, ForbiddenError, NotSignedInError
from app.core.i18n import lazy_gettext


class FactorNeededError(NotSignedInError):
    code = "second_factor_needed"
    message = lazy_gettext("One more step: please confirm with your second device.")
    remedy = "/sign-in/second"


class WrongCodeError(BadInputError):
    code = "wrong_code"
    field = "code"
    message = lazy_gettext(
        "This code does not fit, or it was used already. Wait for the next one in your app and type that."
    )


class WrongPasskeyError(BadInputError):
    code = "wrong_passkey"
    message = lazy_gettext("This passkey does not fit. Please try again, or type a code.")


class KnownFactorError(ConflictError):
    code = "known_factor"
    message = lazy_gettext("This device is on your list already. Please add another one.")


class TooManyFactorsError(ConflictError):
    code = "too_many_factors"
    message = lazy_gettext("There are %(n)s devices on your list. Remove one that you no longer use first.")


class LastFactorError(ConflictError):
    code = "last_factor"
    message = lazy_gettext("Administrators always keep one. Add another device first, then remove this one.")


class StaleSecretError(BadInputError):
    code = "stale_secret"
    message = lazy_gettext("This page is too old. Open it again and scan the new picture.")


class NoFactorError(BadInputError):
    code = "no_factor"
    field = "login"
    message = lazy_gettext("Nobody with this number has a second factor. Please check the number.")


class NotSecondPersonError(ForbiddenError):
    """The same person twice, or the person concerned."""

    code = "not_second_person"
    message = lazy_gettext("This takes two: another administrator confirms it, not you.")


class AlreadyProposedError(ConflictError):
    code = "already_proposed"
    field = "login"
    message = lazy_gettext("This waits already: another administrator can confirm it below.")
