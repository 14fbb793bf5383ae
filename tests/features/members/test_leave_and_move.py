"""Members leave, return and move; their posts end, their history stays."""

from datetime import date, timedelta

import pytest
import time_machine

from app.core import clock
from app.core.errors import ForbiddenError, NotFoundError
from app.features.members import queries, service
from app.features.members.errors import DepartureFromAboveError, HigherPostError, OwnRecordError
from app.features.members.rules import Role
from tests.features.members.makers import audit_rows, make_business_administrator, make_term
from tests.makers import as_member

TODAY = date(2026, 11, 22)


@pytest.fixture
def bea(session, other_branch, committee):
    return make_business_administrator(session, other_branch, committee)


def names(rows):
    return {row.name for row in rows}


def test_dora_leaves_and_her_post_ends_the_day_before(session, bea, dora, branch):
    service.record_departure(session, bea.actor, member_id=dora.id, left_on=TODAY)
    session.flush()
    assert dora.name in names(queries.branch_members(session, branch.id, TODAY - timedelta(days=1)))
    assert dora.name not in names(queries.branch_members(session, branch.id, TODAY))
    assert names(queries.former_members(session, branch.id, TODAY)) == {dora.name}
    assert [row.ends_on for row in queries.terms_of(session, dora.id)] == [TODAY - timedelta(days=1)]
    assert [action for action, *_ in audit_rows(session)] == ["post_ended", "member_left"]


def test_a_post_that_would_only_have_begun_is_taken_back(session, sam, alice, branch):
    make_term(session, alice, branch, Role.PUBLICITY, starts_on=TODAY)
    service.record_departure(session, sam.actor, member_id=alice.id, left_on=TODAY)
    session.flush()
    assert queries.terms_of(session, alice.id) == []


def test_leaving_twice_is_once(session, sam, alice):
    for _ in range(2):
        service.record_departure(session, sam.actor, member_id=alice.id, left_on=TODAY)
        session.flush()
    assert len(audit_rows(session)) == 1


def test_dora_returns_without_her_post(session, bea, dora, branch):
    service.record_departure(session, bea.actor, member_id=dora.id, left_on=TODAY)
    for _ in range(2):
        service.record_return(session, bea.actor, member_id=dora.id)
        session.flush()
    assert dora.name in names(queries.branch_members(session, branch.id, TODAY))
    assert dora.id not in queries.posts_in(session, branch.id, TODAY)
    assert [action for action, *_ in audit_rows(session)][-1:] == ["member_returned"]
    assert len(audit_rows(session)) == 3


@pytest.mark.parametrize("who", ["alice", "dora"])
def test_whom_bea_let_go_no_secretary_takes_back(session, request, who, bea, sam):
    person = request.getfixturevalue(who)
    service.record_departure(session, bea.actor, member_id=person.id, left_on=TODAY)
    session.flush()
    with pytest.raises(DepartureFromAboveError):
        service.record_return(session, sam.actor, member_id=person.id)
    with pytest.raises(DepartureFromAboveError):  # nor by the side door: another day, years ahead
        service.record_departure(session, sam.actor, member_id=person.id, left_on=TODAY + timedelta(days=999))
    assert queries.member_card(session, person.id).left_on == TODAY
    service.record_return(session, bea.actor, member_id=person.id)
    assert queries.member_card(session, person.id).left_on is None


def test_what_the_branch_recorded_the_branch_takes_back(session, sam, dora, alice):
    service.record_departure(session, sam.actor, member_id=alice.id, left_on=TODAY)
    session.flush()
    service.record_return(session, dora.actor, member_id=alice.id)
    assert queries.member_card(session, alice.id).left_on is None


def test_bea_moves_dora_to_another_branch(session, bea, dora, branch, other_branch):
    for _ in range(2):
        service.move_member(session, bea.actor, member_id=dora.id, branch_id=other_branch.id)
        session.flush()
    assert dora.name not in names(queries.branch_members(session, branch.id))
    assert dora.name in names(queries.branch_members(session, other_branch.id))
    assert queries.posts_in(session, other_branch.id).get(dora.id) is None
    assert audit_rows(session)[-1] == ("member_moved", dora.name, {"branch": [branch.name, other_branch.name]})
    assert [row[0] for row in audit_rows(session)] == ["post_ended", "member_moved_away", "member_moved"]


def test_a_move_leaves_the_group_behind(session, bea, alice, other_branch):
    service.move_member(session, bea.actor, member_id=alice.id, branch_id=other_branch.id)
    assert queries.member_card(session, alice.id).group_id is None


def test_a_secretary_moves_nobody(session, sam, alice, other_branch):
    with pytest.raises(ForbiddenError):
        service.move_member(session, sam.actor, member_id=alice.id, branch_id=other_branch.id)


def test_a_branch_officer_does_not_remove_an_officer_of_the_organ(session, sam, branch, committee):
    beate = make_business_administrator(session, branch, committee)
    with pytest.raises(HigherPostError):
        service.record_departure(session, sam.actor, member_id=beate.id, left_on=TODAY)


def test_who_decides_beside_one_is_not_taken_out_on_the_side(session, sam, dora):
    with pytest.raises(HigherPostError):
        service.record_departure(session, sam.actor, member_id=dora.id, left_on=TODAY)
    with pytest.raises(HigherPostError):
        service.record_departure(session, dora.actor, member_id=sam.id, left_on=TODAY)


def test_nobody_removes_or_moves_themselves(session, sam, bea, other_branch):
    with pytest.raises(OwnRecordError):
        service.record_departure(session, sam.actor, member_id=sam.id, left_on=TODAY)
    with pytest.raises(OwnRecordError):
        service.record_return(session, sam.actor, member_id=sam.id)
    with pytest.raises(OwnRecordError):
        service.move_member(session, bea.actor, member_id=bea.id, branch_id=other_branch.id)


@pytest.mark.parametrize("who", ["alice", "olga", "oscar", "carl"])
def test_others_find_nobody(session, request, who, bob):
    person = request.getfixturevalue(who)
    with pytest.raises(NotFoundError):
        service.record_departure(session, person.actor, member_id=bob.id, left_on=TODAY)
    with pytest.raises(NotFoundError):
        service.record_return(session, person.actor, member_id=bob.id)


def test_who_has_left_is_signed_out(client, given, sam, alice):
    given(service.record_departure, sam.actor, member_id=alice.id, left_on=clock.today())
    assert client.get("/members", headers=as_member(alice)).status_code == 303


def test_who_leaves_tomorrow_is_still_in(client, given, sam, alice):
    given(service.record_departure, sam.actor, member_id=alice.id, left_on=clock.today() + timedelta(days=1))
    assert client.get("/members", headers=as_member(alice)).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert client.get("/members", headers=as_member(alice)).status_code == 303
