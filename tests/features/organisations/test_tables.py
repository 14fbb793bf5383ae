"""What stands under what, written out once: docs/domain.md §1."""

from uuid import UUID

import pytest

from app.features.members.rules import OrganisationKind
from app.features.organisations.communities.rules import LeaderMissingError, check_end
from app.features.organisations.rules import UNITS_OF, MisplacedOrganisationError, check_unit

BELOW = {
    "committee": "branch general_branch committee community",
    "general_branch": "branch",
    "branch": "group",
    "group": "",
    "community": "",
}
"""The usual one first."""


def test_which_kind_stands_below_which():
    assert {str(kind): [str(unit) for unit in units] for kind, units in UNITS_OF.items()} == {
        kind: units.split() for kind, units in BELOW.items()
    }


@pytest.mark.parametrize("parent", OrganisationKind)
def test_no_other_kind_does(parent):
    for unit in OrganisationKind:
        if str(unit) in BELOW[parent].split():
            check_unit(parent, unit)
        else:
            with pytest.raises(MisplacedOrganisationError):
                check_unit(parent, unit)


LEADS, HELPS = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("branch", "leader", "paired", "ends"),
    [
        (HELPS, LEADS, {LEADS, HELPS}, True),
        (LEADS, LEADS, {LEADS}, True),
        (LEADS, LEADS, {LEADS, HELPS}, False),  # another one leads first
    ],
)
def test_a_community_of_several_branches_keeps_a_leader(branch, leader, paired, ends):
    if ends:
        check_end(branch, leader_id=leader, paired=paired)
    else:
        with pytest.raises(LeaderMissingError):
            check_end(branch, leader_id=leader, paired=paired)
