"""Who moved between the year's end and the review: the branch of 31 December reviews, the present one has the vote."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.core.errors import NotFoundError
from app.features.ballots import opinions, queries, service, voting
from app.features.ballots.life import Moved, NotOnRollError, ProbationaryError, TooManyExcellentError
from app.features.ballots.models import DemocraticReview, ReviewPerson
from app.features.ledger.models import Fact
from app.features.members.rules import Role
from app.features.members.service import move_member
from tests.features.ballots.makers import E, Q, give, open_with, prepare, vote
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page


@pytest.fixture
def moved(given, committee, branch, other_branch, alice, olga):
    """Alice went to Oscar's branch in the year that began, Olga came from there."""
    bea = given(make_member, committee, "贝雅", roles=(Role.BUSINESS_ADMINISTRATOR,))
    given(move_member, bea.actor, member_id=alice.id, branch_id=other_branch.id)
    given(move_member, bea.actor, member_id=olga.id, branch_id=branch.id)


def lists(database, review_id):
    with database.read() as session:
        roll = queries.roll(session, session.get_one(DemocraticReview, review_id))
        return {one.id for one in roll.subjects}, {one.id for one in roll.voters}, roll.full


def test_the_branch_of_the_year_s_end_reviews_and_the_present_one_votes(
    moved, client, given, database, sam, dora, alice, bob, olga, oscar, carl
):
    review_id = given(open_with, sam, sam, dora, bob, olga)
    at = f"/ballots/{review_id}"
    assert lists(database, review_id) == ({sam.id, dora.id, bob.id, alice.id}, {sam.id, dora.id, bob.id, olga.id}, 4)
    with pytest.raises(NotFoundError):
        given(service.admit, sam.actor, review_id=review_id, present_ids=[alice.id])
    with pytest.raises(NotOnRollError):
        given(voting.take, alice.actor, review_id=review_id, token="mine")
    with pytest.raises(ProbationaryError):
        given(vote, review_id, sam, {olga: Q})
    assert (
        "You belong to another branch by now" in page(client.get(f"{at}/vote", headers=as_member(alice) | ENGLISH)).text
    )
    for who in (dora, bob, olga):
        given(vote, review_id, who, {alice: Q})
    given(service.close_ballot, sam.actor, review_id=review_id)
    with pytest.raises(TooManyExcellentError):  # a third of the four whose relation is here
        given(give, sam, review_id, {alice: E, bob: E})
    given(give, sam, review_id, {alice: Q, bob: Q})
    given(opinions.decide, dora.actor, review_id=review_id, confirm=True)
    with database.read() as session:
        fact = session.query(Fact).where(Fact.member_id == alice.id).one()
        assert (fact.branch_id, fact.quantity) == (sam.branch_id, 800)
    assert page(client.get("/ballots", headers=as_member(alice))).select_one(f"a[href='{at}/people/{alice.id}']")
    assert "合格" in page(client.get(f"{at}/people/{alice.id}", headers=as_member(alice))).text
    for part in (f"/people/{bob.id}", "/forms", "/grades"):
        assert client.get(at + part, headers=as_member(alice)).status_code == 404
    theirs = given(prepare, oscar)
    assert lists(database, theirs) == ({oscar.id, olga.id}, {oscar.id, alice.id}, 2)


def test_a_year_that_is_not_over_is_reviewed_where_one_is(moved, given, database, sam, dora, bob, olga):
    review_id = given(prepare, sam, year=2026)
    assert lists(database, review_id)[0] == {sam.id, dora.id, bob.id, olga.id}


def test_the_database_lets_nobody_vote_from_elsewhere(moved, database, given, sam, alice, dora):
    review_id = given(open_with, sam, sam, dora)

    def put_in(session):
        row = session.get_one(ReviewPerson, (review_id, alice.id))
        assert row.moved is Moved.GONE
        row.is_present = True
        session.flush()

    with pytest.raises(IntegrityError, match="votes_where_one_belongs"):
        given(put_in)
