"""Refusals about the second factor."""

from app.core.errors import BadInputError, ConflictError, ForbiddenError, NotSignedInError
from app.core.i18n import lazy_gettext


class FactorNeededError(NotSignedInError):
    """The password was right; the second factor is still to come."""

    code = "second_factor_needed"
    message = lazy_gettext("One more step: please confirm with your second device.")
    remedy = "/sign-in/second"


class WrongCodeError(BadInputError):
    """No code of this person, or one that was used before."""

    code = "wrong_code"
    field = "code"
    message = lazy_gettext(
        "This code does not fit, or it was used already. Wait for the next one in your app and type that."
    )


class WrongPasskeyError(BadInputError):
    """The device's answer does not fit."""

    code = "wrong_passkey"
    message = lazy_gettext("This passkey does not fit. Please try again, or type a code.")


class KnownFactorError(ConflictError):
    """The same device or secret once more."""

    code = "known_factor"
    message = lazy_gettext("This device is on your list already. Please add another one.")


class TooManyFactorsError(ConflictError):
    """More than anybody needs."""

    code = "too_many_factors"
    message = lazy_gettext("There are %(n)s devices on your list. Remove one that you no longer use first.")


class LastFactorError(ConflictError):
    """An administrator keeps at least one."""

    code = "last_factor"
    message = lazy_gettext("Administrators always keep one. Add another device first, then remove this one.")


class StaleSecretError(BadInputError):
    """The page with the picture code was not made for this person, or was changed."""

    code = "stale_secret"
    message = lazy_gettext("This page is too old. Open it again and scan the new picture.")


class NoFactorError(BadInputError):
    """There is nothing to reset."""

    code = "no_factor"
    field = "login"
    message = lazy_gettext("Nobody with this number has a second factor. Please check the number.")


class NotSecondPersonError(ForbiddenError):
    """The same person twice, or the person concerned."""

    code = "not_second_person"
    message = lazy_gettext("This takes two: another administrator confirms it, not you.")


class AlreadyProposedError(ConflictError):
    """Somebody has said so already."""

    code = "already_proposed"
    field = "login"
    message = lazy_gettext("This waits already: another administrator can confirm it below.")
