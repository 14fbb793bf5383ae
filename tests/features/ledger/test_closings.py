"""Two closings: days close on 15 January, a person's year when it is archived; re-opened, it takes facts again."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from app.features.ledger import closings, service
from app.features.ledger.models import ArchivedYear, Fact
from app.features.ledger.periods import last_day_of
from app.features.ledger.rules import FactType
from tests.features.ledger.makers import new_fact

EVE = date(2026, 12, 31)
REVIEW = {"fact_type": FactType.REVIEW_RESULT, "quantity": 933, "occurred_on": EVE, "of_period": True}
ABSENCE = {"fact_type": FactType.ATTENDANCE_ABSENT, "occurred_on": date(2026, 12, 20)}


def noon(year, month, day):
    return time_machine.travel(datetime(year, month, day, 4, tzinfo=UTC), tick=False)


def counts_in(session, member, **values):
    (fact,) = service.append(session, [new_fact(member, **{"counts_in": None, **values})])
    return fact.occurred_on, fact.counts_in


def archive(session, *members):
    service.hold(session, {member.branch_id for member in members})
    return closings.close(session, [member.id for member in members], 2026)


@pytest.mark.parametrize(
    ("day", "fact", "month"),
    [
        ((2027, 1, 14), ABSENCE, date(2026, 12, 1)),
        ((2027, 1, 15), ABSENCE, date(2027, 1, 1)),
        ((2027, 1, 23), REVIEW, date(2026, 12, 1)),
        ((2027, 3, 31), REVIEW, date(2026, 12, 1)),
        ((2027, 4, 1), REVIEW, date(2027, 4, 1)),
    ],
    ids=["absence in time", "absence late", "review in January", "on the last day", "after it"],
)
def test_a_late_absence_counts_now_and_a_late_review_in_its_year(session, alice, day, fact, month):
    with noon(*day):
        assert counts_in(session, alice, **fact) == (fact["occurred_on"], month)


def test_what_is_about_a_quarter_occurs_on_its_last_day():
    days = [last_day_of(2026, quarter) for quarter in (1, 2, 3, 4, None)]
    assert days == [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), EVE, EVE]


def test_once_archived_a_year_takes_nothing_even_on_that_day(session, alice, bob):
    with noon(2027, 1, 12):
        assert archive(session, alice) == {alice.id: 1}
        assert closings.archived_on(session, alice.id, 2026) == date(2027, 1, 12)
        for fact in (REVIEW, ABSENCE):
            assert counts_in(session, alice, **fact)[1] == date(2027, 1, 1)
            assert counts_in(session, bob, **fact)[1] == date(2026, 12, 1)  # the others go on


def test_reopened_it_takes_facts_whenever_that_is_until_archived_again(session, alice):
    with noon(2027, 2, 1):
        archive(session, alice)
    with noon(2027, 5, 10):
        assert counts_in(session, alice, **REVIEW)[1] == date(2027, 5, 1)
        assert closings.reopen(session, alice.id, 2026)
        assert not closings.reopen(session, alice.id, 2026)
        assert closings.archived_on(session, alice.id, 2026) is None
        for fact in (REVIEW, ABSENCE):
            assert counts_in(session, alice, **fact)[1] == date(2026, 12, 1)
        assert archive(session, alice) == {alice.id: 2}
        assert counts_in(session, alice, **ABSENCE)[1] == date(2027, 5, 1)


def test_a_fact_waits_for_an_archive_that_is_being_made(database, alice):
    with noon(2027, 1, 12):
        with database.write() as session:
            archive(session, alice)
        with database.write() as session:
            service.append(session, [new_fact(alice, counts_in=None, **ABSENCE)])
        with database.read() as session:
            assert session.query(Fact.counts_in).scalar() == date(2027, 1, 1)


@pytest.mark.parametrize(
    "change",
    [
        delete(ArchivedYear),
        update(ArchivedYear).values(archived_on=ArchivedYear.archived_on + timedelta(days=1)),
        update(ArchivedYear).values(reopened_at=None),
    ],
    ids=["removed", "moved", "closed again"],
)
def test_the_database_lets_nobody_change_what_was_archived(database, given, alice, change):
    with noon(2027, 2, 1):
        given(archive, alice)
        given(closings.reopen, alice.id, 2026)
    with pytest.raises(DBAPIError, match="archived_years"), database.write() as session:
        session.execute(change)


def test_nobody_is_archived_before_the_year_is_over_nor_twice(given, alice):
    with noon(2026, 12, 31), pytest.raises(DBAPIError, match="after_its_end"):
        given(archive, alice)
    with noon(2027, 1, 2):
        given(archive, alice)
        with pytest.raises(DBAPIError, match="archived_years"):
            given(archive, alice)
