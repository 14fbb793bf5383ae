"""Refusals of the roster."""

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext
from app.core.tables import UnreadableTableError


class NoHeaderError(UnreadableTableError):
    """No row of headings was found."""

    code = "no_header"
    message = lazy_gettext(
        "No headings were found in this file. It needs one row with headings such as 姓名, 所在党支部 and 手机号码 "
        "above the names; the template has them all."
    )


class NoRowsError(UnreadableTableError):
    """Headings, and nobody below them."""

    code = "no_rows"
    message = lazy_gettext("There is nobody below the headings of this file. Fill in the rows and try again.")


class NoOrganError(ConflictError):
    """Branches have to hang below something."""

    code = "no_organ"
    message = lazy_gettext("This installation has no committee yet. Run “sanliang init” first.")


class MovedOnError(ConflictError):
    """Somebody wrote one of the same people meanwhile."""

    code = "moved_on"
    message = lazy_gettext(
        "Somebody else has just changed some of these people. Nothing was imported; look at the preview again, "
        "then confirm."
    )
