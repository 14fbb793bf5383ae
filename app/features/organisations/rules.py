"""What stands under what: committee, general branch, branch, group; and communities. Source: docs/domain.md §1."""

from collections.abc import Mapping
from typing import Final

from app.features.members.rules import OrganisationKind
from app.features.organisations.errors import MisplacedOrganisationError

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


def check_unit(parent: OrganisationKind, unit: OrganisationKind) -> None:
    """Let a unit pass that may stand directly below ``parent``.

    Raises:
        MisplacedOrganisationError: it may not.
    """
    if unit not in UNITS_OF[parent]:
        raise MisplacedOrganisationError
