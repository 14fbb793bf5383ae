"""Officers take members into their branch; the form's page is tested with the pages."""

import pytest
from sqlalchemy import func, select

from app.core.errors import ContentDiffersError, NotFoundError
from app.core.ids import new_id
from app.features.members import queries, service
from app.features.members.errors import GroupElsewhereError, PhoneTakenError
from app.features.members.models import Member
from app.features.members.rules import MemberDetails, MemberStatus
from tests.features.members.makers import audit_rows, make_business_administrator
from tests.makers import as_member, make_group
from tests.page import page
from tests.races import race


def test_sam_adds_a_member(session, sam, branch, group):
    new = MemberDetails(
        name="高远", phone="13912345678", group_id=group.id, status=MemberStatus.PROBATIONARY, joined="2026-07"
    )
    member = service.add_member(session, sam.actor, branch_id=branch.id, details=new)
    card = queries.member_card(session, member.id)
    assert (card.name, card.group_name, card.status, card.joined) == (
        "高远",
        group.name,
        MemberStatus.PROBATIONARY,
        "2026-07",
    )
    assert len(card.member_number) == 9


def test_it_is_noted_without_the_whole_number(session, sam, branch):
    service.add_member(session, sam.actor, branch_id=branch.id, details=MemberDetails(name="高远", phone="13912345678"))
    session.flush()
    [(action, subject, changes)] = audit_rows(session)
    assert (action, subject) == ("member_added", "高远")
    assert changes["phone"] == [None, "139****5678"]
    assert changes["branch"] == [None, branch.name]


def test_a_phone_number_belongs_to_one_member(session, sam, branch, olga):
    with pytest.raises(PhoneTakenError):
        service.add_member(
            session, sam.actor, branch_id=branch.id, details=MemberDetails(name="高远", phone=olga.phone)
        )
    assert "高远" not in {row.name for row in queries.branch_members(session, branch.id)}
    assert audit_rows(session) == []


def test_the_group_is_one_of_the_branch(session, sam, branch, other_branch):
    elsewhere = make_group(session, other_branch)
    with pytest.raises(GroupElsewhereError):
        service.add_member(
            session, sam.actor, branch_id=branch.id, details=MemberDetails(name="高远", group_id=elsewhere.id)
        )


@pytest.mark.parametrize("who", ["alice", "olga", "oscar", "carl"])
def test_others_find_no_such_branch(session, request, who, branch):
    person = request.getfixturevalue(who)
    with pytest.raises(NotFoundError):
        service.add_member(session, person.actor, branch_id=branch.id, details=MemberDetails(name="高远"))


def test_a_business_administrator_adds_everywhere(session, branch, other_branch, committee):
    bea = make_business_administrator(session, branch, committee)
    member = service.add_member(session, bea.actor, branch_id=other_branch.id, details=MemberDetails(name="高远"))
    assert member.branch_id == other_branch.id


def test_members_without_phone_are_many(session, sam, branch):
    for name in ("高远", "高原"):
        service.add_member(session, sam.actor, branch_id=branch.id, details=MemberDetails(name=name))
    assert {"高远", "高原"} <= {row.name for row in queries.branch_members(session, branch.id)}


@pytest.mark.race
def test_one_number_goes_to_one_of_many_at_once(database, sam, dora, branch):
    def add(number: int) -> None:
        details = MemberDetails(name=f"高{'远原岩严延颜'[number]}", phone="13912345678")
        with database.write() as session:
            service.add_member(session, (sam, dora)[number % 2].actor, branch_id=branch.id, details=details)

    outcomes = race(6, add)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType"] + ["PhoneTakenError"] * 5


def test_the_same_form_twice_adds_one_person(client, database, sam, branch):
    form = {"id": str(new_id()), "name": "高远", "status": "full"}
    first, again = (client.post("/members", data=form, headers=as_member(sam)) for _time in range(2))
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Member.name == "高远")) == 1


def test_the_form_brings_an_id_that_a_slip_of_the_pen_keeps(client, sam):
    fresh = page(client.get("/members/new", headers=as_member(sam))).find("input", {"name": "id"})["value"]
    wrong = client.post("/members", data={"id": fresh, "name": ""}, headers=as_member(sam))
    assert page(wrong, status=422).find("input", {"name": "id"})["value"] == fresh


def test_one_form_is_not_two_people_nor_a_way_to_somebody_elses(session, sam, olga, branch):
    form_id = new_id()
    service.add_member(session, sam.actor, branch_id=branch.id, details=MemberDetails(name="高远"), id=form_id)
    for id_, name in ((form_id, "别人"), (olga.id, olga.name)):
        with pytest.raises(ContentDiffersError):
            service.add_member(session, sam.actor, branch_id=branch.id, details=MemberDetails(name=name), id=id_)
