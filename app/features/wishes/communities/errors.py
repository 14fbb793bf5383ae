"""What is refused about communities."""

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _


class AlreadyPairedError(ConflictError):
    """The branch looks after the community already."""

    code = "already_paired"
    field = "branch"
    message = _("This branch is paired with the community already.")


class LeaderMissingError(BadInputError):
    """Several branches, and none of them would lead."""

    code = "leader_missing"
    message = _("This branch leads. Let another one lead first; then its pairing can end.")
