"""What stands under what: committee, general branch, branch, group, communities. Source: docs/domain.md §1."""

from collections.abc import Mapping
from typing import Final

from app.core.errors import BadInputError, ConflictError
from app.core.i18n import lazy_gettext
from app.features.members.rules import OrganisationKind

UNITS_OF: Final[Mapping[OrganisationKind, tuple[OrganisationKind, ...]]] = {
    OrganisationKind.COMMITTEE: (
        OrganisationKind.BRANCH,
        OrganisationKind.GENERAL_BRANCH,
        OrganisationKind.COMMITTEE,
        OrganisationKind.COMMUNITY,
    ),
    OrganisationKind.GENERAL_BRANCH: (OrganisationKind.BRANCH,),
    OrganisationKind.BRANCH: (OrganisationKind.GROUP,),
    OrganisationKind.GROUP: (),
    OrganisationKind.COMMUNITY: (),
}
"""Which kinds may stand directly below each kind, the usual one first."""


class NameTakenError(ConflictError):
    field = "name"
    message = lazy_gettext("There is one of this name here already.")


class MisplacedOrganisationError(BadInputError):
    """A group under a committee, a branch under a branch."""

    field = "kind"
    message = lazy_gettext("This kind of organisation does not belong here.")


class OrganisationInUseError(ConflictError):
    message = lazy_gettext(
        "“%(name)s” has members, units or a history, so it stays. Rename it, or move its members first."
    )


def check_unit(parent: OrganisationKind, unit: OrganisationKind) -> None:
    """Let a unit pass that may stand directly below ``parent``.

    Raises:
        MisplacedOrganisationError: it may not.
    """
    if unit not in UNITS_OF[parent]:
        raise MisplacedOrganisationError
