"""Why a file cannot be read as a table; one sentence each, which says what to do."""

from app.core.errors import BadInputError
from app.core.i18n import lazy_gettext


class UnreadableTableError(BadInputError):
    """The parent of all refusals of a file."""

    field = "file"


class NoFileError(UnreadableTableError):
    code = "no_file"
    message = lazy_gettext("Please choose a file first.")


class FileTooLargeError(UnreadableTableError):
    status = 413
    code = "file_too_large"
    message = lazy_gettext(
        "This file is larger than %(megabytes)s MB. Keep only the sheet with the table, without pictures, "
        "and try again."
    )


class UnpackedTooLargeError(UnreadableTableError):
    """A small file that unpacks to a huge one: a formatting accident, or an attack."""

    status = 413
    code = "unpacked_too_large"
    message = lazy_gettext(
        "This file is small but unpacks to more than %(megabytes)s MB. Copy just the rows into a new workbook "
        "and try again."
    )


class EmptyFileError(UnreadableTableError):
    code = "empty_file"
    message = lazy_gettext("This file is empty. Please choose another one.")


class BrokenFileError(UnreadableTableError):
    code = "broken_file"
    message = lazy_gettext(
        "This file is damaged or is no table. Open it in Excel or WPS, save it again as .xlsx, and try again."
    )


class ProtectedFileError(UnreadableTableError):
    code = "protected_file"
    message = lazy_gettext("This file is protected with a password. Remove the password in Excel or WPS and try again.")


class OtherFormatError(UnreadableTableError):
    code = "other_format"
    message = lazy_gettext(
        "This is no workbook that can be read. Open it in Excel or WPS, save it as .xlsx, and try again."
    )


class WebPageError(UnreadableTableError):
    code = "web_page"
    message = lazy_gettext(
        "This file is a web page under the name of a table. Open it in Excel or WPS, save it as .xlsx, and try again."
    )


class TooMuchError(UnreadableTableError):
    status = 413
    code = "too_much"
    message = lazy_gettext(
        "This file holds far more cells than a list needs. Copy just the rows into a new workbook and try again."
    )


class NoSheetError(UnreadableTableError):
    code = "no_sheet"
    message = lazy_gettext("This workbook has no visible sheet. Show or add the sheet with the table and try again.")


class TooManyRowsError(UnreadableTableError):
    code = "too_many_rows"
    message = lazy_gettext(
        "This sheet has more than %(rows)s rows. Split it into several files and import one after another."
    )
