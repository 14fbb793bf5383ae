"""What many do at one moment: a network sends no more than it may, and a submission becomes one wish."""

import pytest
from sqlalchemy import func, select

from app.features.slips.rules import new_code
from app.features.wishes.models import Wish
from app.features.wishes.residents import moderation, sealed, service
from app.features.wishes.residents.errors import NotWaitingError, TooOftenError
from app.features.wishes.residents.models import WishPoster, WishSubmission
from app.features.wishes.residents.rules import MOST_AN_HOUR
from app.features.wishes.rules import Category
from tests.races import race

AT_ONCE = 12
pytestmark = pytest.mark.race


def number(database, table):
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def sending(database, submission):
    """Sends what was sent before once more, from one network, under a receipt."""
    with database.read() as session:
        row = session.get(WishSubmission, submission.id)
        told = sealed.read(row.sealed, submission_id=row.id)
        poster_id = session.scalars(select(WishPoster.id)).one()

    def send(receipt):
        with database.write() as session:
            return service.send(
                session,
                poster_id=poster_id,
                community_id=submission.community_id,
                network="203.0.113.1",
                receipt=receipt,
                told=told,
            )

    return send


def test_a_network_sends_no_more_than_it_may(database, sending):
    results = race(AT_ONCE, lambda _number: sending(new_code()))
    refused = [result for result in results if isinstance(result, Exception)]
    assert {type(refusal) for refusal in refused} == {TooOftenError}
    assert AT_ONCE - len(refused) == MOST_AN_HOUR
    assert number(database, WishSubmission) == MOST_AN_HOUR + 1


def test_one_form_sent_many_times_is_one_wish(database, sending):
    receipt = new_code()
    results = race(AT_ONCE, lambda _number: sending(receipt))
    assert {result.code for result in results} == {receipt}
    assert [result.is_new for result in results].count(True) == 1
    assert number(database, WishSubmission) == 2


def test_two_moderators_make_one_wish(database, submission, cora, sam):
    def accept(place):
        with database.write() as session:
            who = (cora, sam)[place % 2]
            return moderation.accept(
                session, who.actor, submission_id=submission.id, title="修灯", need="", category=Category.REPAIRS
            ).code

    results = race(AT_ONCE, accept)
    assert sum(isinstance(result, str) for result in results) == 1
    assert {type(result) for result in results} == {str, NotWaitingError}
    assert number(database, Wish) == 1


def test_taken_back_and_accepted_at_one_moment_is_one_of_both(database, submission, cora):
    def act(place):
        with database.write() as session:
            if place % 2:
                return service.withdraw(session, code=submission.code)
            return moderation.accept(
                session, cora.actor, submission_id=submission.id, title="修灯", need="", category=Category.REPAIRS
            )

    race(AT_ONCE, act)
    with database.read() as session:
        row = session.get(WishSubmission, submission.id)
        assert row.sealed is None
        wishes = session.scalars(select(Wish)).all()
        assert [wish.status for wish in wishes] in ([], ["withdrawn"])
