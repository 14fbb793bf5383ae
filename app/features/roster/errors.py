"""Refusals of the roster."""

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
