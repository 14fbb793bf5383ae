"""What pages say of a duty's day."""

from app.core.i18n import gettext as _
from app.core.i18n import ngettext


def due(days: int) -> str:
    """``in 3 days``, ``due today``, ``2 days past its day``: a plain fact, no countdown. ``days`` are until then."""
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    if days > 0:
        return ngettext("in %(num)s day", "in %(num)s days", days) % {"num": days}
    return ngettext("%(num)s day past its day", "%(num)s days past its day", -days) % {"num": -days}
