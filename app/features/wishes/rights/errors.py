"""What is refused about the rights of wishers, and what to do instead."""

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _


class NeedsContactError(ConflictError):
    """Somebody still has to reach the wisher."""

    code = "needs_contact"
    message = _(
        "This wish is %(state)s: whoever holds it has to reach the wisher. If the wisher wants the contact erased now, "
        "take the wish back."
    )
