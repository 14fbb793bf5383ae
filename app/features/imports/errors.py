"""Refusals of lists that are brought in; each list says its own sentence."""

from app.core.tables import UnreadableTableError


class NoHeaderError(UnreadableTableError):
    """No row of headings was found."""

    code = "no_header"


class NoRowsError(UnreadableTableError):
    """Headings, and nothing below them."""

    code = "no_rows"


class TooManyRowsError(UnreadableTableError):
    """More rows than a list of this kind has."""

    code = "too_many_rows"
