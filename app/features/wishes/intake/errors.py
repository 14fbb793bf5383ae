"""What is refused while a wish comes in."""

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _


class PersonalDataError(BadInputError):
    """A text that members read names the wisher."""

    code = "personal_data"
    field = "need"
    message = _(
        "Title and need are read by all members of the branches: no names, telephone or identity numbers. "
        "They belong to the contact."
    )


class CommunityMissingError(BadInputError):
    """Somebody collects in several communities and has not said where."""

    code = "community_missing"
    field = "community_id"
    message = _("Please choose the community.")


class NoLeaderError(ConflictError):
    """No branch answers for the community's wishes."""

    code = "no_leader"
    field = "community_id"
    message = _("No branch looks after this community yet. The business administrator pairs it with one.")


class ContactMissingError(BadInputError):
    """Nobody could reach the wisher."""

    code = "contact_missing"
    field = "contact"
    message = _("Please add how the wisher can be reached before you hand it in: a phone number or an address.")


class OwnTextError(ConflictError):
    """Whoever takes part in a wish does not rewrite what was promised."""

    code = "own_text"
    message = _("You took part in this wish yourself; another officer corrects its text.")


class NotChangeableError(ConflictError):
    """A wish that is with the officers, or out."""

    code = "not_changeable"
    message = _("This wish is %(state)s; its text can no longer be changed here. An officer can return it.")
