"""What looking back refuses."""

from app.core.errors import ConflictError
from app.core.i18n import lazy_gettext as _


class OwnRevisitError(ConflictError):
    """Nobody revisits the own wish."""

    code = "own_revisit"
    message = _("You took part in this wish; somebody else looks back whether it helped.")


class TooEarlyError(ConflictError):
    """Two weeks have to pass."""

    code = "too_early"
    message = _("Please look back on %(day)s or later: whether it really helped shows after two weeks.")


class TakenByOtherError(ConflictError):
    """Somebody else looks back already."""

    code = "revisit_taken"
    message = _("%(name)s looks back at this wish. Thank you all the same.")
