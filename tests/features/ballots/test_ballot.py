"""The ballot of a democratic review: who votes, how often, on whom, and when it counts."""

import pytest
from sqlalchemy import select

from app.core.errors import NotFoundError
from app.features.ballots import queries, service, voting
from app.features.ballots.life import (
    NotOnRollError,
    NotOpenError,
    OwnMarkError,
    PreparedAlreadyError,
    ProbationaryError,
    ReviewStepError,
    State,
    TakenElsewhereError,
    TooFewBallotsError,
)
from app.features.ballots.models import BallotBox, BallotTally, DemocraticReview
from app.features.members.exemptions.service import exempt_member
from app.features.members.rules import ExemptionKind
from tests.features.ballots.makers import FRIDAY, B, E, Q, open_with, prepare, vote
from tests.races import race


def close(session, by, review_id):
    return service.close_ballot(session, by.actor, review_id=review_id)


def test_everybody_there_votes_also_on_probation_and_only_full_members_are_graded(
    given, database, sam, dora, alice, bob, paul
):
    review_id = given(open_with, sam, sam, dora, alice, bob, paul)
    for who, marks in (
        (sam, {dora: E, alice: Q, bob: Q}),
        (dora, {sam: Q, alice: E}),
        (alice, {sam: E, dora: Q, bob: B}),
        (bob, {}),
        (paul, {sam: Q, dora: Q, alice: Q, bob: Q}),
    ):
        given(vote, review_id, who, marks)
    given(close, sam, review_id)
    with database.read() as session:
        found = session.get_one(DemocraticReview, review_id)
        marks = queries.tallies(session, review_id)
        assert (found.state, found.phone, session.get(BallotBox, review_id)) == (State.CLOSED, 5, None)
        assert marks == {sam.id: (1, 2, 0, 0), dora.id: (1, 2, 0, 0), alice.id: (1, 2, 0, 0), bob.id: (0, 2, 1, 0)}


def test_one_ballot_a_person_and_the_same_again_is_once(given, sam, dora, alice, bob):
    review_id = given(open_with, sam, sam, dora, alice)
    token = given(voting.take, alice.actor, review_id=review_id, token="mine")
    assert given(voting.take, alice.actor, review_id=review_id, token="mine") == token == "mine"
    with pytest.raises(TakenElsewhereError):
        given(voting.take, alice.actor, review_id=review_id, token="another browser")
    assert given(voting.hand_in, alice.actor, review_id=review_id, token=token, marks={sam.id: E})
    assert not given(voting.hand_in, alice.actor, review_id=review_id, token=token, marks={dora.id: E})
    with pytest.raises(TakenElsewhereError):
        given(voting.take, alice.actor, review_id=review_id, token=token)
    other = given(voting.take, dora.actor, review_id=review_id, token="mine")
    assert given(voting.hand_in, dora.actor, review_id=review_id, token=other, marks={})
    with pytest.raises(NotOnRollError):  # who has taken none, with the ballot of somebody else
        given(voting.hand_in, sam.actor, review_id=review_id, token="mine", marks={})


def test_the_ballot_of_one_phone_used_by_two_stays_two(given, sam, dora, alice):
    review_id = given(open_with, sam, sam, dora, alice)
    given(voting.take, alice.actor, review_id=review_id, token="on the phone")
    assert given(voting.take, dora.actor, review_id=review_id, token="on the phone") != "on the phone"


def test_nobody_marks_oneself_nor_somebody_on_probation_and_who_is_away_does_not_vote(
    given, sam, alice, bob, paul, olga
):
    review_id = given(open_with, sam, sam, alice, paul)
    for who, marks, refusal in ((alice, {alice: E}, OwnMarkError), (alice, {paul: E}, ProbationaryError)):
        token = given(voting.take, who.actor, review_id=review_id, token="mine")
        with pytest.raises(refusal):
            given(
                voting.hand_in,
                who.actor,
                review_id=review_id,
                token=token,
                marks={one.id: g for one, g in marks.items()},
            )
    with pytest.raises(NotOnRollError):
        given(voting.take, bob.actor, review_id=review_id, token="mine")
    with pytest.raises(NotFoundError):
        given(voting.take, olga.actor, review_id=review_id, token="mine")
    given(service.admit, sam.actor, review_id=review_id, present_ids=[bob.id])
    assert given(voting.take, bob.actor, review_id=review_id, token="bob's")


def test_more_than_half_of_those_who_may_take_part_and_exempt_people_who_come_are_among_them(
    given, database, sam, dora, alice, bob
):
    given(exempt_member, sam.actor, member_id=alice.id, kind=ExemptionKind.AGE, starts_on=FRIDAY)
    review_id = given(open_with, sam, sam, dora, bob)
    given(vote, review_id, bob, {})
    with pytest.raises(TooFewBallotsError):  # one of three
        given(close, sam, review_id)
    given(service.admit, sam.actor, review_id=review_id, present_ids=[alice.id])
    given(vote, review_id, alice, {})
    with pytest.raises(TooFewBallotsError):  # two of four: alice came
        given(close, sam, review_id)
    given(vote, review_id, dora, {})
    given(close, sam, review_id)
    with database.read() as session:
        assert queries.roll(session, session.get_one(DemocraticReview, review_id)).may_take_part == 4


def test_without_a_ballot_it_was_not_held_and_the_year_is_free_again(given, database, sam, alice):
    review_id = given(open_with, sam, sam, alice)
    assert given(close, sam, review_id).state is State.NOT_HELD
    with database.read() as session:
        assert session.scalars(select(BallotTally)).all() == []
    with pytest.raises(NotOpenError):
        given(vote, review_id, alice, {})
    again = given(prepare, sam)
    with pytest.raises(PreparedAlreadyError):
        given(prepare, sam)
    given(service.open_ballot, sam.actor, review_id=again, present_ids=[alice.id])
    with pytest.raises(ReviewStepError):
        given(service.open_ballot, sam.actor, review_id=again, present_ids=[alice.id])
    given(vote, again, alice, {sam: E})
    given(service.repeat_ballot, sam.actor, review_id=again)
    with database.read() as session:
        assert (session.get_one(DemocraticReview, again).state, session.get(BallotBox, again)) == (State.REPEATED, None)


def test_who_neither_chairs_nor_decides_opens_and_closes_nothing(given, sam, alice, bob, oscar):
    review_id = given(prepare, sam, alice)
    for who in (bob, oscar):
        with pytest.raises(NotFoundError):
            given(service.open_ballot, who.actor, review_id=review_id, present_ids=[alice.id])
    given(service.open_ballot, alice.actor, review_id=review_id, present_ids=[alice.id, bob.id])
    with pytest.raises(NotFoundError):
        given(close, bob, review_id)


@pytest.mark.race
def test_all_at_one_moment_every_ballot_counts_once(given, database, sam, dora, alice, bob):
    people = [sam, dora, alice, bob]
    review_id = given(open_with, sam, *people)
    others = {who: {one: E for one in people if one is not who} for who in people}
    assert race(4, lambda number: given(vote, review_id, people[number], others[people[number]])) == [None] * 4
    given(close, sam, review_id)
    with database.read() as session:
        assert set(queries.tallies(session, review_id).values()) == {(3, 0, 0, 0)}
