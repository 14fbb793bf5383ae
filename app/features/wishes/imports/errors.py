"""What is refused about lists of wishes."""

from app.core.i18n import lazy_gettext as _
from app.core.tables import UnreadableTableError


class NoHeaderError(UnreadableTableError):
    """No row of headings was found."""

    code = "no_header"
    message = _(
        "No headings were found in this file. It needs one row with headings such as 微心愿, 类别 and 姓名 above the "
        "wishes; the template has them all."
    )


class NoRowsError(UnreadableTableError):
    """Headings, and nothing below them."""

    code = "no_rows"
    message = _("There is no wish below the headings of this file. Fill in the rows and try again.")


class TooManyWishesError(UnreadableTableError):
    """More wishes than one list has."""

    code = "too_many_wishes"
    message = _("This file has more than %(rows)s wishes. Split it into several files and bring in one after another.")
