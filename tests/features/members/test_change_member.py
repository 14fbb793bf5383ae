"""Officers write down what is known about a member."""

import pytest
from sqlalchemy import update

from app.core.errors import NotFoundError
from app.features.members import queries, service
from app.features.members.errors import HigherPostError, OwnRecordError, PhoneTakenError
from app.features.members.models import Member
from app.features.members.rules import MemberStatus, Role
from tests.features.members.makers import audit_rows, details, make_term
from tests.makers import make_group


def test_sam_changes_what_is_known(session, sam, alice):
    service.change_member(session, sam.actor, member_id=alice.id, details=details(alice, name="艾丽", born="1990-05"))
    session.flush()
    card = queries.member_card(session, alice.id)
    assert (card.name, card.pinyin, card.born) == ("艾丽", "ai4 li4", "1990-05")
    assert audit_rows(session) == [
        ("member_changed", "艾丽", {"name": ["艾莉", "艾丽"], "born": [None, "1990-05"]}),
    ]


def test_the_same_again_changes_nothing(session, sam, alice):
    for _ in range(2):
        service.change_member(session, sam.actor, member_id=alice.id, details=details(alice, post="科员"))
        session.flush()
    assert len(audit_rows(session)) == 1


def test_a_taken_phone_leaves_everything_as_it_was(session, sam, alice, bob):
    with pytest.raises(PhoneTakenError):
        service.change_member(
            session, sam.actor, member_id=alice.id, details=details(alice, name="改名", phone=bob.phone, group_id=None)
        )
    session.flush()
    card = queries.member_card(session, alice.id)
    assert (card.name, card.phone, card.group_id) == (alice.name, alice.phone, alice.group_id)
    assert audit_rows(session) == []


def test_a_group_leader_who_changes_the_group_leads_it_no_more(session, sam, alice, group, branch):
    make_term(session, alice, group, Role.GROUP_LEADER)
    new_group = make_group(session, branch, "第二党小组")
    service.change_member(session, sam.actor, member_id=alice.id, details=details(alice, group_id=new_group.id))
    session.flush()
    assert queries.posts_in(session, branch.id).get(alice.id) is None
    assert [action for action, *_ in audit_rows(session)] == ["member_changed", "post_ended"]


def test_sam_may_correct_the_own_birthday_but_not_the_own_status(session, sam):
    service.change_member(session, sam.actor, member_id=sam.id, details=details(sam, born="1980"))
    with pytest.raises(OwnRecordError):
        service.change_member(
            session, sam.actor, member_id=sam.id, details=details(sam, status=MemberStatus.PROBATIONARY)
        )


@pytest.mark.parametrize(
    "said", [{"name": "改名"}, {"status": MemberStatus.PROBATIONARY}, {"phone": "13700000009"}, {"joined": "2020"}]
)
def test_a_deputy_renames_and_demotes_no_secretary(session, sam, dora, said):
    with pytest.raises(HigherPostError):
        service.change_member(session, dora.actor, member_id=sam.id, details=details(sam, **said))
    service.change_member(session, dora.actor, member_id=sam.id, details=details(sam, post="处长"))
    assert queries.member_card(session, sam.id).post == "处长"


@pytest.mark.parametrize("who", ["alice", "bob", "olga", "oscar", "carl"])
def test_others_find_nobody(session, request, who, alice):
    person = request.getfixturevalue(who)
    with pytest.raises(NotFoundError):
        service.change_member(session, person.actor, member_id=alice.id, details=details(alice))


def test_the_database_refuses_a_group_of_another_branch(session, alice, other_branch):
    elsewhere = make_group(session, other_branch)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        session.execute(update(Member).where(Member.id == alice.id).values(group_id=elsewhere.id))


@pytest.mark.parametrize("column", ["born", "joined", "confirmed"])
def test_the_database_refuses_half_a_date(session, alice, column):
    with pytest.raises(Exception, match=f"{column}_is_partial_date"):
        session.execute(update(Member).where(Member.id == alice.id).values({column: "1998-7"}))
