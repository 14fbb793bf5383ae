"""What is refused about cards."""

from app.core.errors import BadInputError, ConflictError
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
