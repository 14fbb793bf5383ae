"""What is refused about cards."""

from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext


class NoPictureError(BadInputError):
    """The form was sent without a file."""

    code = "no_picture"
    field = "photo"
    message = lazy_gettext("Please choose a photo first. A card without one is fine, too.")
