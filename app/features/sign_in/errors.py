"""Refusals at the door."""

from app.core.errors import AppError, BadInputError, TooManyRequestsError
from app.core.i18n import lazy_gettext


class WrongPasswordError(BadInputError):
    """Unknown account, wrong password or no password yet: one sentence, so that nobody learns which."""

    message = lazy_gettext(
        "This number and password do not fit together. If you have no password yet or have forgotten it, "
        "your secretary can print you a new slip."
    )


class WrongOwnPasswordError(BadInputError):
    field = "present"
    message = lazy_gettext("This is not your present password.")


class LockedError(TooManyRequestsError):
    message = lazy_gettext(
        "There were too many wrong attempts. Please wait %(minutes)s minutes and try again, "
        "or ask your secretary for a new slip."
    )


class ConfirmationNeededError(AppError):
    status = 403
    message = lazy_gettext("Please type your password once more for this.")
    remedy = "/confirm"


class WeakPasswordError(BadInputError):
    """The parent of what is refused about a new password."""

    field = "password"


class ShortPasswordError(WeakPasswordError):
    code = "short_password"
    message = lazy_gettext(
        "Please use at least %(n)s characters. A sentence typed in pinyin, without spaces, is easy to remember."
    )


class CommonPasswordError(WeakPasswordError):
    code = "common_password"
    message = lazy_gettext(
        "This is among the passwords that are guessed first. Please take another one: for instance a sentence of your "
        "own, typed in pinyin."
    )


class PersonalPasswordError(WeakPasswordError):
    code = "personal_password"
    message = lazy_gettext(
        "This is mostly your name, number or birthday, which others know. Please take another one: for instance a "
        "sentence of your own, typed in pinyin."
    )


class UsedPasswordError(WeakPasswordError):
    code = "used_password"
    message = lazy_gettext("You have used this password before. Please choose another one than the last %(n)s.")
