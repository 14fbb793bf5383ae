"""The sweep reminds people of what is due: once, and politely."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.core.ids import new_id
from app.features.notices import queries, service
from app.features.notices.models import RaisedReminder
from app.features.notices.rules import ReminderState, is_polite
from tests.features.notices.makers import SOURCE, due, make_reminder, matter
from tests.races import race

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning
NIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def sentences(session, person):
    return [reminder.sentence for reminder in queries.shown(session, person.actor)]


def test_what_is_due_is_said_once(session, alice, bob):
    due.extend([matter(alice, "责任清单"), matter(bob, "岗位承诺")])
    assert service.raise_due(session, SOURCE, MONDAY) == 2
    assert service.raise_due(session, SOURCE, MONDAY + timedelta(hours=1)) == 0
    assert sentences(session, alice) == ["请看责任清单"]
    assert sentences(session, bob) == ["请看岗位承诺"]


def test_nobody_else_sees_it(session, alice, sam, olga):
    due.append(matter(alice))
    service.raise_due(session, SOURCE, MONDAY)
    assert sentences(session, sam) == sentences(session, olga) == []


def test_what_falls_due_at_night_is_said_in_the_morning(session, alice):
    due.append(matter(alice))
    assert service.raise_due(session, SOURCE, NIGHT) == 0
    assert service.raise_due(session, SOURCE, NIGHT + timedelta(hours=10)) == 1


def test_after_three_days_it_comes_again_though_it_was_put_aside(session, alice):
    due.append(matter(alice))
    service.raise_due(session, SOURCE, MONDAY)
    service.put_aside(session, alice.actor, source=SOURCE.name, subject_id=due[0].subject_id)
    assert sentences(session, alice) == []
    assert service.raise_due(session, SOURCE, MONDAY + timedelta(days=3, seconds=-1)) == 0
    assert service.raise_due(session, SOURCE, MONDAY + timedelta(days=3)) == 1
    assert sentences(session, alice) == ["请看责任清单"]


def test_news_is_said_once(session, alice):
    due.append(matter(alice, once=True))
    assert service.raise_due(session, SOURCE, MONDAY) == 1
    assert service.raise_due(session, SOURCE, MONDAY + timedelta(days=7)) == 0
    assert sentences(session, alice) == ["请看责任清单"]


def test_it_says_what_is_true_now(session, alice):
    subject_id = new_id()
    due.append(matter(alice, "旧题目", subject_id=subject_id))
    service.raise_due(session, SOURCE, MONDAY)
    due[:] = [matter(alice, "新题目", subject_id=subject_id)]
    service.raise_due(session, SOURCE, MONDAY + timedelta(days=3))
    assert sentences(session, alice) == ["请看新题目"]


def test_what_is_settled_goes_away_by_itself_even_at_night(session, alice):
    due.append(matter(alice))
    service.raise_due(session, SOURCE, MONDAY)
    due.clear()
    service.raise_due(session, SOURCE, NIGHT)
    assert sentences(session, alice) == []


def test_what_was_done_is_taken_back_at_once_for_everybody(session, alice, bob):
    subject_id = new_id()
    due.extend([matter(alice, subject_id=subject_id), matter(bob, subject_id=subject_id), matter(bob, "另一件")])
    service.raise_due(session, SOURCE, MONDAY)
    service.settle(session, SOURCE.name, [subject_id])
    assert sentences(session, alice) == []
    assert sentences(session, bob) == ["请看另一件"]


def test_a_matter_that_is_settled_and_open_again_is_still_said_once_in_three_days(session, alice):
    due.append(matter(alice))
    service.raise_due(session, SOURCE, MONDAY)
    service.settle(session, SOURCE.name, [due[0].subject_id])
    assert service.raise_due(session, SOURCE, MONDAY + timedelta(days=1)) == 0
    assert service.raise_due(session, SOURCE, MONDAY + timedelta(days=3)) == 1


def test_after_its_last_day_it_is_not_shown(session, alice):
    due.append(matter(alice, until=date(2026, 11, 24)))
    service.raise_due(session, SOURCE, MONDAY)
    for day, shown in ((24, 1), (25, 0)):
        with time_machine.travel(datetime(2026, 11, day, 3, tzinfo=UTC), tick=False):
            assert len(sentences(session, alice)) == shown


def test_it_is_forgotten_after_sixty_days(session, alice):
    due.append(matter(alice))
    service.raise_due(session, SOURCE, MONDAY)
    assert service.forget(session, MONDAY + timedelta(days=60)) == 0
    assert service.forget(session, MONDAY + timedelta(days=60, seconds=1)) == 1


def test_the_wish_for_silence_is_kept_longer(session, alice):
    due.append(matter(alice))
    service.raise_due(session, SOURCE, MONDAY)
    service.silence(session, alice.actor, source=SOURCE.name, subject_id=due[0].subject_id)
    assert service.forget(session, MONDAY + timedelta(days=400)) == 0
    assert service.forget(session, MONDAY + timedelta(days=401)) == 1


def test_it_costs_the_same_for_one_and_for_many(session, alice, bob, statements):
    due.append(matter(alice))
    service.raise_due(session, SOURCE, MONDAY)
    few = len(statements)
    due.extend(matter(person, f"第{number}件") for person in (alice, bob) for number in range(100))
    statements.clear()
    service.raise_due(session, SOURCE, MONDAY)
    assert len(statements) <= few
    assert sentences(session, bob)[0]


@pytest.mark.race
def test_sweeps_at_one_moment_remind_once(database, alice):
    due.extend(matter(alice, f"第{number}件") for number in range(20))

    def sweep(_number):
        with database.write() as session:
            return service.raise_due(session, SOURCE, MONDAY)

    assert sorted(race(6, sweep)) == [0, 0, 0, 0, 0, 20]  # ranks no people: reminders by sweep
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(RaisedReminder)) == 20


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hours=strategies.lists(strategies.integers(1, 60), max_size=25))
def test_in_the_database_too_no_item_is_said_twice_in_three_days(session, alice, hours):
    due[:] = [matter(alice)]
    now, said = MONDAY, []
    for number in hours:
        now += timedelta(hours=number)
        said += [now] * service.raise_due(session, SOURCE, now)
    assert all(later - earlier >= timedelta(days=3) for earlier, later in pairwise(said))
    assert all(is_polite(moment) for moment in said)


@pytest.mark.parametrize("address", ["https://elsewhere.example/", "//elsewhere.example/", "study"])
def test_the_database_refuses_an_address_elsewhere(session, alice, address):
    make_reminder(session, alice)
    row = session.scalars(select(RaisedReminder)).one()
    with pytest.raises(IntegrityError), session.begin_nested():
        row.address = address


def test_a_source_that_is_gone_since_an_update_is_passed_over(session, alice):
    make_reminder(session, alice, state=ReminderState.SHOWN)
    session.scalars(select(RaisedReminder)).one().source = "gone"
    session.flush()
    assert sentences(session, alice) == []
