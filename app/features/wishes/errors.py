"""What a wish refuses: a step that does not follow."""

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext as _


class StepRefusedError(ConflictError):
    """The wish stands elsewhere by now, so this step does not follow."""

    code = "step_refused"
    message = _("This wish is %(state)s by now, so this is no longer possible. Look again, please.")


class OwnEntryError(ConflictError):
    """Whoever entered a wish does not publish it: four eyes."""

    code = "own_entry"
    message = _("You entered this wish yourself; another officer publishes it.")


class OwnAcceptanceError(ConflictError):
    """Whoever took a wish up from the public form does not verify it: four eyes, for no member entered it."""

    code = "own_acceptance"
    message = _("You took this wish up yourself; its collector or another officer verifies it first.")


class DayPassedError(BadInputError):
    """A wish is wanted by a day that has passed."""

    code = "day_passed"
    field = "wanted_by"
    message = _("This day has passed. Please ask by when the wish still helps.")
