"""What is refused about stories."""

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _


class NotRealisedError(ConflictError):
    """There is nothing to tell yet."""

    code = "not_realised"
    message = _("A story is told once the wish has come true.")


class StoryConsentMissingError(BadInputError):
    """No story is shown that the wisher has not agreed to."""

    code = "story_consent_missing"
    field = "agreed"
    message = _("A story is shown only if the wisher agrees. Please ask, and tick it.")
