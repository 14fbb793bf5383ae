"""Why a reminder cannot be changed."""

from app.core.errors import NotFoundError
from app.core.i18n import lazy_gettext


class NoSuchReminderError(NotFoundError):
    """The person has no reminder of this."""

    code = "no_such_reminder"
    message = lazy_gettext("This reminder is gone: the matter is settled, or long past.")
