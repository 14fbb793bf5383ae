"""Posts have terms; some do not go together, and nobody decides on the own."""

from datetime import date, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.members import queries
from app.features.members.errors import (
    EndsBeforeStartError,
    HasLeftError,
    MisplacedPostError,
    NoGroupError,
    OrganPostError,
    OwnRecordError,
    PostHeldError,
    SecretaryHeldError,
    SeparateAdministratorsError,
)
from app.features.members.posts import service as posts
from app.features.members.posts.rules import overlap
from app.features.members.rules import ADMINISTRATORS, Role
from tests.features.members.makers import audit_rows, make_business_administrator, make_term
from tests.makers import make_member
from tests.races import race

TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def bea(session, other_branch, committee):
    """She looks after all people, and belongs to another branch than Alice."""
    return make_business_administrator(session, other_branch, committee)


def roles_of(session, person, day=TODAY):
    return queries.posts_in(session, person.branch_id, day).get(person.id, [])


def test_sam_gives_alice_a_post(session, sam, alice, branch):
    posts.give_post(session, sam.actor, member_id=alice.id, role=Role.PUBLICITY, starts_on=TODAY)
    session.flush()
    assert roles_of(session, alice) == [Role.PUBLICITY]
    assert roles_of(session, alice, TODAY - timedelta(days=1)) == []
    assert audit_rows(session) == [
        (
            "post_given",
            alice.name,
            {
                "role": [None, "publicity"],
                "place": [None, branch.name],
                "starts_on": [None, "2026-11-22"],
            },
        )
    ]


def test_a_group_leader_leads_the_own_group(session, sam, alice, group):
    term = posts.give_post(session, sam.actor, member_id=alice.id, role=Role.GROUP_LEADER, starts_on=TODAY)
    assert term.organisation_id == group.id


def test_who_is_in_no_group_leads_none(session, sam, dora):
    with pytest.raises(NoGroupError):
        posts.give_post(session, sam.actor, member_id=dora.id, role=Role.GROUP_LEADER, starts_on=TODAY)


def test_the_same_post_twice_is_once(session, sam, alice):
    give = {"member_id": alice.id, "role": Role.PUBLICITY, "starts_on": TODAY}
    posts.give_post(session, sam.actor, **give)
    with pytest.raises(PostHeldError):
        posts.give_post(session, sam.actor, **give)
    assert roles_of(session, alice) == [Role.PUBLICITY]


def test_a_branch_has_one_secretary_at_a_time(session, carl, alice, sam):
    with pytest.raises(SecretaryHeldError) as refusal:
        posts.give_post(session, carl.actor, member_id=alice.id, role=Role.SECRETARY, starts_on=TODAY)
    assert sam.name in refusal.value.sentence


def secretaries(session, branch, day):
    return [who for who, held in queries.posts_in(session, branch.id, day).items() if Role.SECRETARY in held]


def test_a_secretary_follows_another(session, carl, dora, alice, sam, branch):
    [term] = queries.terms_of(session, sam.id)
    posts.end_post(session, carl.actor, member_id=sam.id, term_id=term.id, ends_on=TODAY)
    posts.give_post(session, carl.actor, member_id=alice.id, role=Role.SECRETARY, starts_on=TOMORROW)
    assert secretaries(session, branch, TODAY) == [sam.id]
    assert secretaries(session, branch, TOMORROW) == [alice.id]


def test_a_term_does_not_grow_into_the_next_one(session, carl, dora, alice, sam):
    [term] = queries.terms_of(session, sam.id)
    posts.end_post(session, carl.actor, member_id=sam.id, term_id=term.id, ends_on=TODAY)
    posts.give_post(session, carl.actor, member_id=alice.id, role=Role.SECRETARY, starts_on=TOMORROW)
    with pytest.raises(SecretaryHeldError):
        posts.end_post(session, carl.actor, member_id=sam.id, term_id=term.id, ends_on=TOMORROW)


def test_several_deputies_are_possible(session, carl, alice, dora):
    posts.give_post(session, carl.actor, member_id=alice.id, role=Role.DEPUTY, starts_on=TODAY)
    assert roles_of(session, alice) == roles_of(session, dora) == [Role.DEPUTY]


def test_ending_twice_is_once(session, carl, dora):
    [term] = queries.terms_of(session, dora.id)
    for _ in range(2):
        posts.end_post(session, carl.actor, member_id=dora.id, term_id=term.id, ends_on=TODAY)
        session.flush()
    assert audit_rows(session) == [("post_ended", dora.name, {"ends_on": [None, "2026-11-22"]})]
    assert roles_of(session, dora) == [Role.DEPUTY]
    assert roles_of(session, dora, TOMORROW) == []


def test_nobody_decides_on_the_own_post(session, sam):
    with pytest.raises(OwnRecordError):
        posts.give_post(session, sam.actor, member_id=sam.id, role=Role.ORGANISATION, starts_on=TODAY)
    [term] = queries.terms_of(session, sam.id)
    with pytest.raises(OwnRecordError):
        posts.end_post(session, sam.actor, member_id=sam.id, term_id=term.id, ends_on=TODAY)


def test_posts_of_the_organ_are_given_by_the_business_administrator(session, sam, bea, alice, committee):
    give = {"member_id": alice.id, "role": Role.INSPECTOR, "starts_on": TODAY}
    with pytest.raises(OrganPostError):
        posts.give_post(session, sam.actor, **give)
    term = posts.give_post(session, bea.actor, **give)
    assert term.organisation_id == committee.id
    with pytest.raises(OrganPostError):
        posts.end_post(session, sam.actor, member_id=alice.id, term_id=term.id, ends_on=TODAY)


def test_a_branch_has_no_inspector(session, bea, alice, branch):
    with pytest.raises(MisplacedPostError):
        posts.give_post(
            session, bea.actor, member_id=alice.id, role=Role.INSPECTOR, starts_on=TODAY, place_id=branch.id
        )


@pytest.mark.parametrize("second", sorted(ADMINISTRATORS - {Role.AUDIT_ADMINISTRATOR}))
def test_the_three_administrators_are_three_people(session, bea, alice, committee, second):
    make_term(session, alice, committee, Role.AUDIT_ADMINISTRATOR)
    with pytest.raises(SeparateAdministratorsError):
        posts.give_post(session, bea.actor, member_id=alice.id, role=second, starts_on=TOMORROW)


def test_the_database_refuses_two_administrator_posts(given, alice, committee):
    given(make_term, alice, committee, Role.AUDIT_ADMINISTRATOR)
    with pytest.raises(IntegrityError):
        given(make_term, alice, committee, Role.SYSTEM_ADMINISTRATOR)


def test_the_database_refuses_the_same_open_post_twice(given, dora, branch):
    with pytest.raises(IntegrityError):
        given(make_term, dora, branch, Role.DEPUTY)


def test_the_database_refuses_a_term_that_ends_before_it_starts(given, alice, branch):
    with pytest.raises(IntegrityError, match="ends_after_start"):
        given(make_term, alice, branch, Role.DEPUTY, starts_on=TOMORROW, ends_on=TODAY)


def test_a_term_ends_after_it_starts(session, sam, alice):
    with pytest.raises(EndsBeforeStartError):
        posts.give_post(session, sam.actor, member_id=alice.id, role=Role.PUBLICITY, starts_on=TOMORROW, ends_on=TODAY)


def test_who_has_left_gets_no_post(session, sam, branch):
    gone = make_member(session, branch, "高远", left_on=TODAY)
    with pytest.raises(HasLeftError):
        posts.give_post(session, sam.actor, member_id=gone.id, role=Role.PUBLICITY, starts_on=TODAY)


@pytest.mark.parametrize("who", ["alice", "olga", "oscar"])
def test_others_find_nobody(session, request, who, bob, dora):
    person = request.getfixturevalue(who)
    with pytest.raises(NotFoundError):
        posts.give_post(session, person.actor, member_id=bob.id, role=Role.PUBLICITY, starts_on=TODAY)
    [term] = queries.terms_of(session, dora.id)
    with pytest.raises(NotFoundError):
        posts.end_post(session, person.actor, member_id=dora.id, term_id=term.id, ends_on=TODAY)
    with pytest.raises(NotFoundError):
        posts.end_post(session, person.actor, member_id=dora.id, term_id=new_id(), ends_on=TODAY)


def test_a_post_is_ended_where_it_is_held(session, sam, alice, dora):
    [term] = queries.terms_of(session, dora.id)
    with pytest.raises(NotFoundError):
        posts.end_post(session, sam.actor, member_id=alice.id, term_id=term.id, ends_on=TODAY)


@pytest.mark.race
def test_two_officers_give_two_secretaries_at_once(database, given, branch, other_branch, committee):
    bea = given(make_business_administrator, branch, committee)
    candidates = [given(make_member, other_branch, name).id for name in ("高远", "高原", "高岩", "高严")]
    with database.write() as session:
        [secretary] = secretaries(session, other_branch, TODAY)
        [term] = queries.terms_of(session, secretary)
        posts.end_post(session, bea.actor, member_id=secretary, term_id=term.id, ends_on=TODAY)

    def give(number: int) -> None:
        with database.write() as session:
            posts.give_post(session, bea.actor, member_id=candidates[number], role=Role.SECRETARY, starts_on=TOMORROW)

    outcomes = race(4, give)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType"] + ["SecretaryHeldError"] * 3


days = st.dates(date(2026, 1, 1), date(2026, 1, 9))


@examples(days, st.none() | days, days, st.none() | days)
def test_terms_overlap_when_they_share_a_day(one_start, one_end, other_start, other_end):
    def covered(start, end):
        return {day for day in range(1, 31) if start.day <= day <= (end.day if end else 30)}

    if (one_end and one_end < one_start) or (other_end and other_end < other_start):
        return
    shared = covered(one_start, one_end) & covered(other_start, other_end)
    assert overlap(one_start, one_end, other_start, other_end) == bool(shared)
