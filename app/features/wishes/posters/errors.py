"""What is said about a poster that leads nowhere any more."""

from app.core.errors import AppError
from app.core.i18n import lazy_gettext as _


class NoPosterError(AppError):
    """No poster has this address."""

    status = 404
    code = "no_poster"
    title = _("This address is not complete")
    message = _(
        "No poster has this address. Please scan the poster once more, or compare the letters with those on it. "
        "Your community takes wishes in person, too."
    )


class ReplacedPosterError(AppError):
    """The community has a newer poster."""

    status = 410
    code = "replaced_poster"
    title = _("There is a newer poster")
    message = _(
        "%(community)s has put up a new poster, and this older one is no longer read. Please scan the new one in the "
        "stairwell or at the community's service desk; the people there also take your wish in person."
    )
