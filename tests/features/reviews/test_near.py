"""Who stands in finds what waits for them without looking at everything: the same records, from fewer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.ids import new_id
from app.features.members.models import Member, RoleTerm
from app.features.members.rules import Role
from app.features.reviews import deciders
from app.features.reviews.models import Review
from app.features.reviews.rules import ReviewStatus
from tests.features.reviews.makers import KIND
from tests.makers import make_branch, make_member

ARRIVED = datetime(2026, 3, 9, 4, tzinfo=UTC)
LAST = ("as the others", "came later", "account by the first", "gone", "term over", "moved away", "first in two posts")
"""What is particular about the last officer of a branch."""


def make_officers(session, branch, elsewhere, number, last) -> list[Any]:
    """So many officers of ``branch``, with a member who is none."""
    roles = (Role.SECRETARY, Role.DEPUTY, Role.ORGANISATION)[:number]
    people = [make_member(session, branch, "书记员", roles=(role,)) for role in roles]
    if last == "first in two posts":
        session.add(RoleTerm(member_id=people[0].id, organisation_id=branch.id, role=Role.ORGANISATION, given_at=None))
        people, out = people[:1], people[1:]
        for one in out:
            session.query(RoleTerm).filter_by(member_id=one.id).delete()
    else:
        spoil(session, people, elsewhere, last)
    session.flush()
    return [*people, make_member(session, branch, "平常人")]


def spoil(session, people, elsewhere, last) -> None:
    """Make the last of ``people`` somebody who does not decide on everything that waits."""
    person, term = (
        session.get_one(Member, people[-1].id),
        session.query(RoleTerm).filter_by(member_id=people[-1].id).one(),
    )
    match last:
        case "came later":
            term.given_at = ARRIVED + timedelta(minutes=1)
        case "account by the first":
            person.opened_by_id, person.opened_at = people[0].id, clock.now()
        case "gone":
            person.left_on = clock.today()
        case "term over":
            term.ends_on = clock.today() - timedelta(days=1)
        case "moved away":
            person.branch_id = elsewhere.id


def records(people, branch, **columns) -> Iterator[Review]:
    """A record of each of these, entered by each."""
    for whose, by in product(people, people):
        yield Review(
            id=new_id(),
            kind=KIND.name,
            branch_id=branch.id,
            member_id=whose.id,
            recorded_by_id=by.id,
            title="记录",
            detail={},
            occurred_on=ARRIVED.date(),
            submitted_at=ARRIVED,
            **columns,
        )


@pytest.fixture
def house(given, branch):
    """A branch of each number of officers and each particularity, and what waits in them."""

    def make(session):
        for number, last in ((number, last) for number in (1, 2, 3) for last in LAST):
            place = make_branch(session, f"{number}名委员：{last}")
            session.add_all(records(make_officers(session, place, branch, number, last), place))

    given(make)


def found(database, actor, *conditions):
    asked = {"since": clock.now() - timedelta(days=7), **deciders.scope(actor)}
    with database.read() as session:
        return set(session.scalars(select(Review.id).where(*conditions), asked))


WAITS = Review.status == ReviewStatus.PENDING


def test_all_that_waits_for_who_stands_in_is_found_from_fewer(database, house, carl):
    wanted = found(database, carl.actor, WAITS, deciders.IN_SCOPE)
    near = found(database, carl.actor, deciders.WAITS_NEAR)
    assert wanted
    assert wanted <= near
    assert len(near) < len(found(database, carl.actor, WAITS)) * 3 / 4


def test_of_a_branch_with_two_officers_only_what_one_entered_for_another_is_looked_at(database, given, carl):
    def make(session):
        place = make_branch(session, "两名委员")
        people = make_officers(session, place, place, 2, "as the others")
        session.add_all(records(people, place))
        return people

    first, second, _member = given(make)
    with database.read() as session:
        ids = found(database, carl.actor, deciders.WAITS_NEAR)
        rows = session.execute(select(Review.member_id, Review.recorded_by_id).where(Review.id.in_(ids))).all()
    assert set(map(tuple, rows)) == {(first.id, second.id), (second.id, first.id)}
    assert found(database, carl.actor, WAITS, deciders.IN_SCOPE) == ids


def test_a_supervisor_finds_what_waits_in_the_own_branch(database, given, branch):
    def make(session):
        place = make_branch(session, "只有书记")
        people = make_officers(session, place, place, 1, "as the others")
        session.add_all(records(people, place))
        return make_member(session, place, "监督员", roles=(Role.SUPERVISOR,))

    actor = given(make).actor
    wanted = found(database, actor, WAITS, deciders.IN_SCOPE)
    assert len(wanted) == 3  # of the secretary, and entered by her
    assert found(database, actor, deciders.WAITS_NEAR, deciders.IN_SCOPE) == wanted


def test_above_only_those_are_seen_decided_that_somebody_decided_who_stands_in(database, given, carl):
    """The deputy decided on them and is gone: that is still the branch's own matter."""

    def make(session):
        place = make_branch(session, "原有两名委员")
        first, second, member = make_officers(session, place, place, 2, "term over")
        said = {"status": ReviewStatus.APPROVED, "decided_at": clock.now()}
        for by in (second, carl):
            session.add_all(records([first], place, decided_by_id=by.id, decision_id=new_id(), **said))
        session.add_all(records([first, member], place))
        return place.id

    place = given(make)
    with database.read() as session:
        by_whom = session.scalars(
            select(Review.decided_by_id).where(
                Review.id.in_(found(database, carl.actor, deciders.DECIDED_NEAR, deciders.IN_SCOPE))
            )
        ).all()
        assert session.scalar(select(func.count()).where(Review.branch_id == place)) == 6
    assert by_whom == [carl.id]
