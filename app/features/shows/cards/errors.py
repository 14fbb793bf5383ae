"""What is refused about cards."""

from app.core.errors import BadInputError, ConflictError, NotFoundError
from app.core.i18n import lazy_gettext


class NoPictureError(BadInputError):
    """The form was sent without a file."""

    code = "no_picture"
    field = "photo"
    message = lazy_gettext("Please choose a photo first. A card without one is fine, too.")


class PublicByOwnerError(ConflictError):
    """An officer would put something up that the member has never seen on the own public page."""

    code = "public_by_owner"
    message = lazy_gettext(
        "Everybody sees this piece of the card, because the member agreed to it: %(pieces)s. What it says is changed "
        "by the member alone. Ask the member, or take the public page down first."
    )


class NotPublicError(NotFoundError):
    """No consent holds for this address: it never did, or it was taken back."""

    code = "not_public"
    title = lazy_gettext("This card is not public")
    message = lazy_gettext(
        "There is no public card at this address. Perhaps it was taken back, or has a new picture code by now."
    )


class ConsentOverError(ConflictError):
    """A form that was sent before: its consent has been withdrawn since."""

    code = "consent_over"
    message = lazy_gettext(
        "This consent has been taken back. To make the card public again, please read and tick anew."
    )


class OtherTextError(ConflictError):
    """The form shows an older text than the one that holds."""

    code = "other_text"
    message = lazy_gettext("The text of the consent has changed in the meantime. Please read it again.")
