"""Refusals. Each has a status for HTTP, a code for machines and a sentence for the person.

The sentence says when it is raised; a docstring says only what a person need not read. Raising one rolls the work
back. Anything that is not an ``AppError`` is a fault of ours and becomes a 500.
"""

import re
from datetime import date
from typing import ClassVar, Final

from app.core import formats
from app.core.i18n import LazyText, lazy_gettext
from app.core.words import Word

_WORDS: Final = re.compile("[A-Z][a-z0-9]*")


def _in_words(value: object) -> object:
    """A day as people read it; ISO is for machines."""
    return formats.short_day(value) if type(value) is date else value


class AppError(Exception):
    """A refusal with a sentence that says what to do next."""

    status: ClassVar[int] = 400
    code: str = "refused"
    message: ClassVar[LazyText | str] = lazy_gettext("This is not possible.")
    title: ClassVar[LazyText | None] = None
    """Over the sentence, where the status alone does not say it well."""
    field: str = "form"
    """Where the sentence stands when the refusal comes of a form that is shown again."""
    remedy: ClassVar[str | None] = None
    """The page on which the person can do what is missing, and which leads back."""
    page: ClassVar[str] = "error.html"
    """What says it; people outside, who have no account, are not led to where one signs in."""

    def __init_subclass__(cls) -> None:
        """A refusal of a room is called after its class (``TooFarAheadError``: ``too_far_ahead``) or as ``code`` says.

        One that is a kind of another one there has the code of that one.
        """
        super().__init_subclass__()
        if "code" not in vars(cls) and cls.__mro__[1].__module__ == __name__ != cls.__module__:
            cls.code = "_".join(_WORDS.findall(cls.__name__.removesuffix("Error"))).lower()

    def __init__(self, message: LazyText | str | None = None, **values: object) -> None:
        """Fill the sentence's placeholders with ``values``, or say another sentence."""
        self.values = values
        self._message = message
        super().__init__(self.code)

    @property
    def sentence(self) -> str:
        """The sentence in the language of the person who is asking."""
        text = str(self._message or self.message)
        return text % {name: _in_words(value) for name, value in self.values.items()} if self.values else text


class NotSignedInError(AppError):
    status = 401
    code = "not_signed_in"
    message = lazy_gettext("Please sign in first.")
    remedy = "/sign-in"


class EndedError(NotSignedInError):
    """The session was ended from elsewhere: by another device, a new slip or password, a departure.

    A phone that hears it erases what it has to read, and never what it has to send (docs/sync.md).
    """

    code = "ended"
    message = lazy_gettext("This device was signed out from elsewhere. Please sign in again.")
    remedy = "/sign-in?ended=1"


class ForbiddenError(AppError):
    """The person is known, and this is not for them."""

    status = 403
    code = "forbidden"
    message = lazy_gettext("This page is for other posts. If you need it, ask your secretary.")


class ForeignRequestError(AppError):
    status = 403
    code = "foreign_request"
    title = lazy_gettext("Not from here")
    message = lazy_gettext("This form was sent from another site. Open the page here and send it again.")


class UnknownHostError(AppError):
    status = 421
    code = "unknown_host"
    title = lazy_gettext("Another address")
    message = lazy_gettext(
        "This address leads here, but it is not the one of this installation. Please open the address your secretary "
        "gave you."
    )


class NotFoundError(AppError):
    """There is no such thing, or none that this person may know of."""

    status = 404
    code = "not_found"
    message = lazy_gettext("There is nothing here. It may have moved, or it belongs to another branch.")


class WrongMethodError(AppError):
    status = 405
    code = "wrong_method"
    message = lazy_gettext("This address is no page of its own. Go back and use the buttons there.")


class ConflictError(AppError):
    """Somebody else was faster, or the thing is in another state by now."""

    status = 409
    code = "conflict"
    message = lazy_gettext("Somebody else changed this in the meantime. Look again, then decide.")


class ContentDiffersError(ConflictError):
    """One id, two contents."""

    code = "content_differs"
    message = lazy_gettext("From this form another record has already arrived. If this is a second one, send it again.")


class TooLargeError(AppError):
    status = 413
    code = "too_large"
    message = lazy_gettext("This is too large. Please send less at once.")


class BadInputError(AppError):
    status = 422
    code = "bad_input"
    message = lazy_gettext("Something in this could not be read. Please check it and send it again.")


class TooManyRequestsError(AppError):
    status = 429
    code = "too_many_requests"
    message = lazy_gettext("That was a little too often. Please wait a moment and try again.")


class UnavailableError(AppError):
    """The database cannot be reached; it comes back by itself."""

    status = 503
    code = "unavailable"
    message = lazy_gettext(
        "The service cannot be reached for a moment. Nothing you recorded is lost; try again shortly."
    )


class BusyOutsideError(UnavailableError):
    """Others wait for services elsewhere; who waits for such a wait keeps a thread for nothing."""

    code = "busy_outside"
    message = lazy_gettext(
        "Others wait for an answer from outside just now. Nothing was sent or saved; please try again in half a minute."
    )


class ImpossibleError(AppError):
    """Numbers or days that cannot be, as a rule finds them; the word says which, to people and to machines."""

    status = 422

    def __init__(self, why: Word, *, at: str = "form", **values: object) -> None:
        self.code, self.field = why.value, at
        super().__init__(why.label, **values)
