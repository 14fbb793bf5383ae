"""The tree: business administrators tend it, officers their own groups, and numbers never become names."""

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from app.core.errors import NotFoundError
from app.features.members.models import Organisation
from app.features.members.rules import MemberStatus, OrganisationKind, Role
from app.features.organisations import queries, service
from app.features.organisations.rules import (
    UNITS_OF,
    MisplacedOrganisationError,
    NameTakenError,
    OrganisationInUseError,
    check_unit,
)
from tests.features.members.makers import audit_rows, make_business_administrator
from tests.makers import LONG_AGO, make_branch, make_group, make_member
from tests.races import race

BRANCH, GROUP, GENERAL = OrganisationKind.BRANCH, OrganisationKind.GROUP, OrganisationKind.GENERAL_BRANCH


@pytest.fixture
def bea(session, branch, committee):
    return make_business_administrator(session, branch, committee)


def test_bea_builds_a_tree(session, bea, committee):
    general = service.add(session, bea.actor, parent_id=committee.id, kind=GENERAL, name="第一党总支")
    branch = service.add(session, bea.actor, parent_id=general.id, kind=BRANCH, name="办公室党支部")
    service.add(session, bea.actor, parent_id=branch.id, kind=GROUP, name="第一党小组")
    session.flush()
    assert [step.name for step in queries.path(session, bea.actor, branch.id)] == [
        committee.name,
        "第一党总支",
        "办公室党支部",
    ]
    assert [action for action, *_ in audit_rows(session)] == ["organisation_added"] * 3


def test_a_name_is_there_once(session, bea, committee, branch, other_branch):
    with pytest.raises(NameTakenError):
        service.add(session, bea.actor, parent_id=committee.id, kind=BRANCH, name=branch.name)
    with pytest.raises(NameTakenError):
        service.rename(session, bea.actor, place_id=other_branch.id, name=branch.name)
    assert session.get_one(Organisation, other_branch.id).name == other_branch.name
    assert audit_rows(session) == []


def test_renaming_twice_is_once(session, bea, branch):
    for _ in range(2):
        service.rename(session, bea.actor, place_id=branch.id, name="办公室党支部")
        session.flush()
    assert audit_rows(session) == [
        ("organisation_renamed", "办公室党支部", {"place_name": [branch.name, "办公室党支部"]})
    ]


@examples(st.sampled_from(OrganisationKind), st.sampled_from(OrganisationKind))
def test_each_kind_has_its_place(parent, unit):
    if unit in UNITS_OF[parent]:
        check_unit(parent, unit)
    else:
        with pytest.raises(MisplacedOrganisationError):
            check_unit(parent, unit)


def test_a_group_stands_below_no_committee(session, bea, committee):
    with pytest.raises(MisplacedOrganisationError):
        service.add(session, bea.actor, parent_id=committee.id, kind=GROUP, name="党小组")


def test_sam_tends_the_own_groups(session, sam, branch):
    group = service.add(session, sam.actor, parent_id=branch.id, kind=GROUP, name="第二党小组")
    service.rename(session, sam.actor, place_id=group.id, name="青年党小组")
    service.remove(session, sam.actor, place_id=group.id)
    session.flush()
    assert [row.name for row in queries.units(session, queries.path(session, sam.actor, branch.id)[-1])] == [
        "第一党小组"
    ]


def test_sam_tends_nothing_else(session, sam, branch, other_branch, committee):
    elsewhere = make_group(session, other_branch)
    with pytest.raises(NotFoundError):
        service.add(session, sam.actor, parent_id=committee.id, kind=BRANCH, name="新支部")
    with pytest.raises(NotFoundError):
        service.add(session, sam.actor, parent_id=other_branch.id, kind=GROUP, name="新小组")
    for place in (branch, elsewhere):
        with pytest.raises(NotFoundError):
            service.rename(session, sam.actor, place_id=place.id, name="改名")
        with pytest.raises(NotFoundError):
            service.remove(session, sam.actor, place_id=place.id)


@pytest.mark.parametrize("who", ["alice", "olga", "carl"])
def test_others_tend_nothing(session, request, who, branch, group):
    person = request.getfixturevalue(who)
    with pytest.raises(NotFoundError):
        service.add(session, person.actor, parent_id=branch.id, kind=GROUP, name="新小组")
    with pytest.raises(NotFoundError):
        service.remove(session, person.actor, place_id=group.id)


def test_what_has_members_stays(session, bea, branch, group):
    for place in (branch, group):
        with pytest.raises(OrganisationInUseError) as refusal:
            service.remove(session, bea.actor, place_id=place.id)
        assert place.name in refusal.value.sentence
        assert session.get_one(Organisation, place.id).name == place.name


def test_what_had_members_stays(session, bea, committee):
    branch = make_branch(session, "旧支部")
    make_member(session, branch, "高远", left_on=LONG_AGO)
    with pytest.raises(OrganisationInUseError):
        service.remove(session, bea.actor, place_id=branch.id)


def test_members_are_counted_where_they_are(session, bea, committee, branch, other_branch, group):
    general = service.add(session, bea.actor, parent_id=committee.id, kind=GENERAL, name="第九党总支")
    below = service.add(session, bea.actor, parent_id=general.id, kind=BRANCH, name="深处党支部")
    make_member(session, below, "高远", status=MemberStatus.PROBATIONARY)
    make_member(session, below, "高原", left_on=LONG_AGO)
    counts = {row.name: (row.members, row.probationary) for row in units_of(session, bea, committee)}
    assert counts == {
        branch.name: (5, 0),  # Alice, Bob, Sam, Dora, and Bea
        other_branch.name: (2, 0),
        "第九党总支": (1, 1),
        "机关党委办公室党支部": (1, 0),
    }
    assert [(row.name, row.members) for row in units_of(session, bea, branch)] == [(group.name, 2)]
    assert queries.total(session, committee.id).members == 9


def test_places_are_listed_by_name(session, bea, committee):
    for name in ("第十党支部", "第三党支部", "第十二党支部"):
        service.add(session, bea.actor, parent_id=committee.id, kind=BRANCH, name=name)
    listed = [row.name for row in units_of(session, bea, committee)]
    assert listed == ["第一党支部", "第二党支部", "第三党支部", "第十党支部", "第十二党支部", "机关党委办公室党支部"]


def test_an_inspector_of_a_general_branch_sees_that_part(session, bea, branch, other_branch, committee, olga):
    general = service.add(session, bea.actor, parent_id=committee.id, kind=GENERAL, name="第一党总支")
    ian = make_member(session, other_branch, "尹安", roles=(Role.INSPECTOR,), at=general)
    assert [step.name for step in queries.path(session, ian.actor, general.id)] == ["第一党总支"]
    for place in (committee, branch):
        with pytest.raises(NotFoundError):
            queries.path(session, ian.actor, place.id)


def test_the_database_refuses_a_second_root(given):
    with pytest.raises(IntegrityError):
        given(lambda session: (session.add(a_committee()), session.flush()))


@pytest.mark.race
def test_one_name_is_given_once_however_many_try(database, given, branch, committee):
    bea = given(make_business_administrator, branch, committee)

    def add(_number: int) -> None:
        with database.write() as session:
            service.add(session, bea.actor, parent_id=committee.id, kind=BRANCH, name="新党支部")

    outcomes = race(6, add)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NameTakenError"] * 5 + ["NoneType"]


def units_of(session, person, place):
    session.flush()
    return queries.units(session, queries.path(session, person.actor, place.id)[-1])


def a_committee() -> Organisation:
    return Organisation(kind=OrganisationKind.COMMITTEE, name="另一个党委", pinyin="ling4")
