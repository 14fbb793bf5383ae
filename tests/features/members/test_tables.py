"""Posts, what they permit and who gives them, written out once more: docs/domain.md §1 and §9."""

from datetime import timedelta

import pytest

from app.core.ids import new_id
from app.features.members import leavers, member_numbers, partial_dates, rules, standing
from app.features.members.rules import OrganisationKind, Permission, Role
from app.features.members.standing import Powers, Side, Way, Weight

PERMISSIONS = {
    "group_leader": "",
    "secretary": "see_branch approve record_for_others enter_appraisals bring_hours manage_branch_people"
    " keep_questions",
    "deputy": "see_branch approve record_for_others enter_appraisals bring_hours manage_branch_people keep_questions",
    "organisation": "see_branch approve record_for_others enter_appraisals bring_hours manage_branch_people",
    "publicity": "see_branch record_for_others enter_appraisals bring_hours keep_questions",
    "discipline": "see_branch",
    "committee_officer": "see_aggregates appoint stand_in enter_appraisals bring_hours publish_rules keep_questions",
    "inspector": "see_aggregates",
    "system_administrator": "administer_system",
    "business_administrator": "manage_all_people see_aggregates appoint keep_rules publish_rules",
    "audit_administrator": "audit",
    "collector": "collect_wishes",
    "supervisor": "stand_in",
}
POSTS_AT = {
    "group": "group_leader",
    "branch": "secretary deputy organisation publicity discipline supervisor",
    "general_branch": "committee_officer inspector",
    "committee": "committee_officer inspector system_administrator business_administrator audit_administrator",
    "community": "collector",
}
ADMINISTRATORS = "system_administrator business_administrator audit_administrator"


def roles(said):
    return [Role(role) for role in said.split()]


def permissions(said):
    return {Permission(permission) for permission in said.split()}


@pytest.mark.parametrize("role", Role)
def test_what_a_post_permits(role):
    assert permissions(PERMISSIONS[role]) == rules.PERMISSIONS[role]
    everybody = permissions("have_account be_member")
    assert rules.permissions_of([role]) == everybody | permissions(PERMISSIONS[role])


@pytest.mark.parametrize("role", Role)
def test_who_works_for_a_community_is_no_member_and_holds_no_other_post(role):
    may = "have_account collect_wishes" if role == "collector" else "have_account"
    assert rules.permissions_of([role], home=OrganisationKind.COMMUNITY) == permissions(may)


def test_which_posts_there_are_on_each_level():
    assert {kind: list(posts) for kind, posts in rules.POSTS_AT.items()} == {
        OrganisationKind(kind): roles(posts) for kind, posts in POSTS_AT.items()
    }
    assert list(rules.BRANCH_POSTS) == roles("secretary deputy organisation publicity discipline")
    assert set(roles(POSTS_AT["committee"])) == rules.ORGAN_POSTS
    assert {*roles(POSTS_AT["committee"]), Role.COLLECTOR} == rules.GIVEN_BY_ORGAN
    assert [str(kind) for kind in rules.HOMES] == ["branch", "community"]


def test_in_which_order_posts_are_named():
    named = f"{POSTS_AT['branch']} group_leader {POSTS_AT['committee']} collector"
    assert sorted(Role, key=rules.POST_ORDER.__getitem__) == roles(named)


def test_of_these_three_nobody_holds_two():
    assert set(roles(ADMINISTRATORS)) == rules.ADMINISTRATORS


def test_who_decides_and_who_stands_in():
    assert set(roles("secretary deputy organisation")) == standing.DECIDING
    assert set(roles("supervisor committee_officer")) == standing.STANDING_IN


def test_how_much_a_post_weighs():
    weights = {
        Weight.LIGHT: "group_leader publicity discipline inspector collector",
        Weight.DECIDES: "deputy organisation supervisor",
        Weight.LEADS: "secretary",
        Weight.ORGAN: "committee_officer",
        Weight.ADMINISTERS: ADMINISTRATORS,
    }
    assert {role: standing.weight_of([role]) for role in Role} == {
        role: weight for weight, said in weights.items() for role in roles(said)
    }
    assert standing.weight_of([]) is Weight.LIGHT
    assert standing.weight_of(roles("publicity secretary deputy")) is Weight.LEADS


BESIDE = "secretary deputy organisation"
ABOVE = "committee_officer business_administrator"


@pytest.mark.parametrize("role", Role)
def test_where_the_holder_of_a_post_stands(role):
    """Towards the own branch, and towards another one below the same committee."""
    home, other, committee, elsewhere = new_id(), new_id(), new_id(), new_id()
    leads = frozenset({committee} if role is Role.COMMITTEE_OFFICER else ())
    person = Powers(home, frozenset({role}), rules.permissions_of([role]), leads)
    at_home = Side.BESIDE if role in roles(BESIDE) else Side.ABOVE_AT_HOME if role in roles(ABOVE) else Side.OUTSIDE
    assert standing.side_of(person, home, [committee]) is at_home
    assert standing.side_of(person, other, [committee]) is (Side.ABOVE if role in roles(ABOVE) else Side.OUTSIDE)
    everywhere = role is Role.BUSINESS_ADMINISTRATOR
    assert standing.side_of(person, other, [elsewhere]) is (Side.ABOVE if everywhere else Side.OUTSIDE)


WAYS = {
    Side.OUTSIDE: "not_here not_here not_here not_here not_here",
    Side.BESIDE: "alone by_two not_here not_here not_here",
    Side.ABOVE_AT_HOME: "alone by_two by_two by_two by_two",
    Side.ABOVE: "alone alone alone by_two by_two",
}
"""How a post is given and ended that weighs nothing, decides, leads, stands above the branches, administers."""
REACHED = {
    Side.OUTSIDE: (),
    Side.BESIDE: (Weight.LIGHT,),
    Side.ABOVE_AT_HOME: (Weight.LIGHT,),
    Side.ABOVE: (Weight.LIGHT, Weight.DECIDES, Weight.LEADS),
}
"""Whose accounts somebody touches alone: nobody those of who checks the own work, nor of anybody above."""
SECONDED = {
    Side.OUTSIDE: (),
    Side.BESIDE: (Weight.LIGHT, Weight.DECIDES),
    Side.ABOVE_AT_HOME: (Weight.LIGHT, Weight.DECIDES, Weight.LEADS),
    Side.ABOVE: (Weight.LIGHT, Weight.DECIDES, Weight.LEADS),
}
"""For whose posts somebody who is no administrator is the second voice."""


@pytest.mark.parametrize("side", Side)
def test_appointment_and_recovery_are_votes(side):
    assert [standing.way_to_appoint(side, weight) for weight in Weight] == [Way(way) for way in WAYS[side].split()]
    assert [weight for weight in Weight if standing.may_reach_account(side, weight)] == list(REACHED[side])
    officer, administrator = roles("secretary"), roles("audit_administrator")
    assert [weight for weight in Weight if standing.may_second(side, weight, officer)] == list(SECONDED[side])
    seconded = [weight for weight in Weight if standing.may_second(side, weight, administrator)]
    assert seconded == [*SECONDED[side], Weight.ORGAN, Weight.ADMINISTERS]


GIVEN = {
    "secretary": {
        "by_two": "deputy organisation supervisor",
        "not_here": f"secretary committee_officer {ADMINISTRATORS}",
    },
    "publicity": {"not_here": " ".join(Role)},
    "committee_officer": {"by_two": f"committee_officer {ADMINISTRATORS}"},
    "business_administrator": {"by_two": f"committee_officer {ADMINISTRATORS}"},
}
"""Who changes which post how, for one's own branch or, from above, for a branch below; all others alone."""


@pytest.mark.parametrize("giver", GIVEN)
def test_who_gives_which_post_how(giver):
    home, committee = new_id(), new_id()
    lives_in = home if giver in ("secretary", "publicity") else new_id()
    leads = frozenset({committee} if giver == "committee_officer" else ())
    person = Powers(lives_in, frozenset(roles(giver)), rules.permissions_of(roles(giver)), leads)
    side = standing.side_of(person, home, [committee])
    expected = {role: Way(way) for way, said in GIVEN[giver].items() for role in roles(said)}
    ways = {role: standing.way_to_appoint(side, standing.weight_of([role])) for role in Role}
    assert ways == {role: expected.get(role, Way.ALONE) for role in Role}


def test_limits_are_the_numbers_of_the_field():
    assert timedelta(days=90) == standing.VOUCHED_AFTER
    assert timedelta(days=30) == standing.PROPOSAL_LASTS
    assert timedelta(days=365) == leavers.KEPT_FOR
    assert member_numbers.DIGITS == 9
    assert (partial_dates.EARLIEST_YEAR, partial_dates.LATEST_YEAR) == (1900, 2100)
