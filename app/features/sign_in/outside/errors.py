"""Refusals of the ways in from outside. Each says what to do next: slips and passwords always stay."""

from app.core.errors import AppError, ConflictError, ForbiddenError, TooManyRequestsError
from app.core.i18n import lazy_gettext


class OutsideError(AppError):
    """The parent of what goes wrong outside or on the way."""


class UnreachableError(OutsideError):
    status = 503
    code = "outside_unreachable"
    message = lazy_gettext(
        "%(way)s cannot be reached just now. Please sign in with number and password, or try again later."
    )


class NotBelievedError(OutsideError):
    status = 502
    code = "outside_not_believed"
    message = lazy_gettext(
        "%(way)s has answered in a way that proves nothing, so nobody was signed in. Please sign in with number and "
        "password, and tell whoever looks after this installation."
    )


class DeclinedError(OutsideError):
    status = 403
    code = "outside_declined"
    message = lazy_gettext(
        "%(way)s says that you have declined, or may not sign in here. Try again, or sign in with number and password."
    )


class StaleTripError(AppError):
    message = lazy_gettext(
        "This way back was used already, took too long or began in another browser. Please begin again."
    )


class UnknownOutsideError(ForbiddenError):
    """No account here is linked with it. Why is not said."""

    message = lazy_gettext(
        "It is not known here yet who you are at %(way)s. Sign in below with number and password, or with a slip of "
        "your secretary; then link the two under “Me”."
    )


class PostNeedsMoreError(ForbiddenError):
    message = lazy_gettext(
        "You hold a post here, so this way alone is not enough. Sign in below with number and password; under “Me” you "
        "add a second step and link this account yourself. Then it opens too."
    )


class StepFirstError(ForbiddenError):
    message = lazy_gettext(
        "You hold a post, so please add a second step first (under “Me”, “Two-step sign-in”). Then link this account."
    )


class OwnWordFirstError(ForbiddenError):
    """Only somebody outside has said who it is; what is asked for would make that word count for more."""

    message = lazy_gettext(
        "You have come in with another account, so this cannot be done here. Please sign out, sign in with number and "
        "password or with a slip of your secretary, and do it then."
    )


class LinkedElsewhereError(ConflictError):
    message = lazy_gettext(
        "This account of %(way)s is linked with another member already. If it is yours, ask your secretary: the other "
        "member has to end the link first."
    )


class LinkedAlreadyError(ConflictError):
    message = lazy_gettext("You have linked another account of %(way)s. End that link first, then link this one.")


class StaleOfferError(AppError):
    message = lazy_gettext("This page is too old. Please begin again.")


class NotYouError(ForbiddenError):
    message = lazy_gettext("Somebody else has signed in at %(way)s on this device. Sign out there, then try again.")


class NotProvedError(ForbiddenError):
    message = lazy_gettext(
        "%(way)s has not asked you for anything, so it proves nothing now. Please type your password."
    )


class TooManyTripsError(TooManyRequestsError):
    """So many from one address are no people."""
