"""What is refused about publishing."""

from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext as _


class NoDayError(BadInputError):
    """There is no round to wait for."""

    code = "no_day"
    field = "day"
    message = _("Choose the day of the month first on which your branch publishes.")
