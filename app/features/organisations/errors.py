"""What is refused about the tree."""

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext


class NameTakenError(ConflictError):
    """Two of the same name under one roof."""

    code = "name_taken"
    field = "name"
    message = lazy_gettext("There is one of this name here already.")


class MisplacedOrganisationError(BadInputError):
    """A group under a committee, a branch under a branch."""

    code = "misplaced_organisation"
    field = "kind"
    message = lazy_gettext("This kind of organisation does not belong here.")


class OrganisationInUseError(ConflictError):
    """It has members, units below it, or a history."""

    code = "organisation_in_use"
    message = lazy_gettext(
        "“%(name)s” has members, units or a history, so it stays. Rename it, or move its members first."
    )
