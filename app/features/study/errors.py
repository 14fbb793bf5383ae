"""What the study stream refuses."""

from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext as _


class FutureDayError(BadInputError):
    """A day that has not come yet."""

    code = "future_day"
    field = "day"
    message = _("This day has not come yet.")


class LongAgoError(BadInputError):
    """A day that can hardly be meant."""

    code = "long_ago"
    field = "day"
    message = _("This is before %(year)s. Please check the year.")
