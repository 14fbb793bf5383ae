"""Refusals of the roster."""

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext


class NoOrganError(ConflictError):
    code = "no_organ"
    message = lazy_gettext("This installation has no committee yet. Run “sanliang init” first.")


class MovedOnError(ConflictError):
    code = "moved_on"
    message = lazy_gettext(
        "Somebody else has just changed some of these people. Nothing was imported; look at the preview again, "
        "then confirm."
    )
