"""What the demo refuses."""

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext


class NotEmptyError(ConflictError):
    code = "not_empty"
    message = lazy_gettext(
        "This database is not empty, so no invented people are put into it. "
        "Name another place with SANLIANG_DATA_DIR or SANLIANG_DATABASE_URL."
    )
