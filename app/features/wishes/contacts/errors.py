"""What is refused about contacts. No sentence here ever repeats what was typed."""

from app.core.errors import BadInputError, ForbiddenError, NotFoundError
from app.core.i18n import lazy_gettext as _


class NoContactError(NotFoundError):
    """Nothing is kept: it was never entered, or it is erased."""

    code = "no_contact"
    message = _("There are no contact details of this wish: they were not entered yet, or they are erased.")


class ReasonMissingError(BadInputError):
    """An officer says why before looking."""

    code = "reason_missing"
    field = "reason"
    message = _("Please say in a few words why you look. The wisher may read it.")


class ConsentMissingError(BadInputError):
    """No contact is kept that nobody agreed to."""

    code = "consent_missing"
    field = "consent_ordinary"
    message = _("Contact details are kept only if the wisher agrees. Please ask, and tick it.")


class GuardianMissingError(BadInputError):
    """A child under fourteen cannot agree alone."""

    code = "guardian_missing"
    field = "consent_guardian"
    message = _("For a child under 14 a parent or guardian agrees. Please ask, and tick it.")


class SensitiveMissingError(BadInputError):
    """Health, disability, hardship: a consent of its own."""

    code = "sensitive_missing"
    field = "consent_sensitive"
    message = _(
        "The remark may say something about health or hardship only with a separate consent. Please ask, and tick it."
    )


class NamesSomebodyError(BadInputError):
    """A sentence that members will read says who wishes, or how somebody is reached."""

    code = "names_somebody"
    field = "sentence"
    message = _(
        "Others read this, and it stays. Please leave out the wisher's name and address and every telephone or "
        "identity number: what was done, or what is missing, is enough."
    )


class NotReadableError(ForbiddenError):
    """Contacts are for the collectors, the secretary of the leading branch, and who holds the wish now."""

    code = "contact_closed"
    message = _(
        "Contact details are open to whoever holds the wish now, to its collectors "
        "and to the secretary of the leading branch."
    )
