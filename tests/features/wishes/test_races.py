"""Two hundred people want the same wish at the same moment: one has it, and the others read kindly who."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.features.wishes.carrying import claims as service
from app.features.wishes.carrying.errors import AlreadyClaimedError, TooManyClaimsError
from app.features.wishes.models import Wish, WishClaim, WishEvent
from app.features.wishes.rules import Status, Step
from tests.features.wishes.makers import make_claimed, make_wish
from tests.makers import as_member, make_member
from tests.races import race
from tests.server import Server

pytestmark = pytest.mark.race
MANY = 200


def claimers(database):
    with database.read() as session:
        return session.scalars(select(WishClaim.claimed_by_id).where(WishClaim.ended_at.is_(None))).all()


@pytest.fixture
def crowd(given, branch):
    def gather(session):
        return [make_member(session, branch, f"党员{number}") for number in range(MANY)]

    return given(gather)


def test_of_200_threads_one_claims_and_199_read_who(database, wish, crowd):
    def claim(number):
        with database.write() as session:
            return service.claim(session, crowd[number].actor, wish_id=wish.id).claimed_by_id

    results = race(MANY, claim)
    (winner,) = [result for result in results if not isinstance(result, Exception)]
    (holder,) = claimers(database)
    assert holder == winner
    name = next(person.name for person in crowd if person.id == winner)
    refusals = [result for result in results if isinstance(result, Exception)]
    assert {type(refusal) for refusal in refusals} == {AlreadyClaimedError}
    assert all(name in refusal.sentence for refusal in refusals)


def test_of_10_claims_under_a_limit_of_2_exactly_2_come_through(database, given, community, branch, cora, sam, alice):
    wishes = [given(make_wish, community, branch, cora, sam) for _ in range(10)]

    def claim(number):
        with database.write() as session:
            service.claim(session, alice.actor, wish_id=wishes[number].id)

    results = race(10, claim)
    assert Counter(type(result) for result in results) == {type(None): 2, TooManyClaimsError: 8}
    assert claimers(database) == [alice.id, alice.id]


def test_two_sweeps_return_an_overdue_wish_once(database, given, wish, alice):
    given(make_claimed, wish, alice)
    with database.write() as session:
        session.scalars(select(WishClaim)).one().fulfil_from = clock.today().replace(year=2020)

    def sweep(_number):
        with database.write() as session:
            return service.return_overdue(session, clock.now())

    assert sorted(race(4, sweep)) == [0, 0, 0, 1]
    with database.read() as session:
        assert session.get_one(Wish, wish.id).status is Status.PUBLISHED
        returned = select(func.count()).where(WishEvent.step == Step.OVERDUE)
        assert session.scalar(returned) == 1


class _Stay(HTTPRedirectHandler):
    """A browser that does not follow: it wants to know what the tap itself was answered."""

    def redirect_request(self, *_given):
        return None


def _tap(url: str, person) -> tuple[int, str]:
    request = Request(url, data=b"", method="POST", headers={"Sec-Fetch-Site": "same-origin", **as_member(person)})
    try:
        with build_opener(_Stay).open(request, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refusal:
        return refusal.code, refusal.read().decode()


@pytest.fixture
def real_server(tmp_path, database):
    """A real server with two processes over this test's database."""
    with Server(tmp_path, database.url.render_as_string(hide_password=False), is_born=True) as running:
        running.start("--workers", "2")
        yield running


def test_over_http_too_one_claims_and_199_read_who(database, real_server, wish, crowd):
    barrier = Barrier(MANY)

    def tap(number):
        barrier.wait(60)
        return _tap(f"{real_server.url}/wishes/{wish.id}/claim", crowd[number])

    with ThreadPoolExecutor(MANY) as threads:
        answers = list(threads.map(tap, range(MANY)))
    assert Counter(status for status, _page in answers) == {303: 1, 409: MANY - 1}, real_server.log()[-2000:]
    (holder,) = claimers(database)
    name = next(person.name for person in crowd if person.id == holder)
    assert all(re.search(rf"\b{name}\b", page) for status, page in answers if status == 409)
    assert "ERROR" not in real_server.log()


def test_over_http_10_claims_of_one_member_bring_2(database, real_server, given, community, branch, cora, sam, alice):
    wishes = [given(make_wish, community, branch, cora, sam) for _ in range(10)]
    barrier = Barrier(10)

    def tap(number):
        barrier.wait(60)
        return _tap(f"{real_server.url}/wishes/{wishes[number].id}/claim", alice)[0]

    with ThreadPoolExecutor(10) as threads:
        answers = Counter(threads.map(tap, range(10)))
    assert answers == {303: 2, 409: 8}
    assert claimers(database) == [alice.id, alice.id]
