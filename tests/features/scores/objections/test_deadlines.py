"""The worked examples of deadlines, lived through the service. Source: domain, quantified §11 E."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from app.core import clock
from app.core.workdays import DayKind
from app.features.scores.objections import service
from app.features.scores.objections.models import Objection
from app.features.scores.objections.rules import State, TooEarlyToEscalateError, TooLateToEscalateError
from tests.features.holidays.makers import load
from tests.features.scores.objections.makers import answer, object_to, open_publicity

EXAMPLES = [
    (date(2026, 4, 1), 3, 1, date(2026, 4, 10), date(2026, 4, 17), date(2026, 5, 6)),
    (date(2026, 7, 1), 3, 2, date(2026, 7, 9), date(2026, 7, 16), date(2026, 7, 30)),
    (date(2026, 9, 28), 3, 2, date(2026, 10, 12), date(2026, 10, 19), date(2026, 11, 2)),
    (date(2026, 2, 11), 3, 1, date(2026, 2, 26), date(2026, 3, 4), date(2026, 3, 18)),
    (date(2027, 1, 4), 5, None, date(2027, 1, 14), date(2027, 1, 21), date(2027, 2, 4)),
]


def on(day, hour=10):
    return time_machine.travel(datetime(day.year, day.month, day.day, hour, tzinfo=clock.zone()), tick=False)


@pytest.mark.parametrize(("opened", "days", "quarter", "until", "answer_by", "decide_by"), EXAMPLES)
def test_the_worked_examples(database, branch, alice, sam, dora, opened, days, quarter, until, answer_by, decide_by):
    with database.write() as session, on(until, hour=23):
        open_publicity(session, branch, sam, dora, opened, quarter=quarter, days=days)
        found = session.get(Objection, object_to(session, alice))
        assert (found.state, found.answer_by, found.quarter) == (State.FILED, answer_by, quarter)
        with on(answer_by):
            answer(session, sam, found.id)
            service.escalate(session, alice.actor, found.id)
        assert found.decide_by == decide_by
    with database.write() as session, on(until + timedelta(days=1), hour=0):
        late = session.get(Objection, object_to(session, alice))
        assert (late.state, late.answer_by) == (State.LATE, None)


def test_a_silent_branch_and_a_last_day(database, branch, alice, sam, dora):
    with database.write() as session, on(date(2026, 4, 10)):
        open_publicity(session, branch, sam, dora, date(2026, 4, 1))
        silent, answered = object_to(session, alice), object_to(session, alice)
        with on(date(2026, 4, 17), hour=23):
            answer(session, sam, answered)
            with pytest.raises(TooEarlyToEscalateError):
                service.escalate(session, alice.actor, silent)
        with on(date(2026, 4, 22), hour=23):
            service.escalate(session, alice.actor, silent)
        assert session.get(Objection, silent).decide_by == date(2026, 5, 9)
        assert session.get(Objection, answered).escalate_until == date(2026, 4, 22)
        with on(date(2026, 4, 23), hour=0), pytest.raises(TooLateToEscalateError):
            service.escalate(session, alice.actor, answered)


def test_a_later_list_of_days_off_gives_the_running_steps_more_time_and_never_less(
    database, given, branch, alice, sam, dora
):
    with database.write() as session, on(date(2026, 4, 10)):
        open_publicity(session, branch, sam, dora, date(2026, 4, 1))
        ids = _filed, answered, escalated, accepted = [object_to(session, alice) for _ in range(4)]
        for one in (answered, escalated, accepted):
            answer(session, sam, one)
        service.escalate(session, alice.actor, escalated)
        service.accept(session, alice.actor, accepted)

    def days():
        moved = given(service.move_later, None)
        found = given(lambda session: [session.get_one(Objection, one) for one in ids])
        ends = zip(found, ("answer_by", "escalate_until", "decide_by", "escalate_until"), strict=True)
        return moved, [getattr(one, column).isoformat()[5:] for one, column in ends]

    with on(date(2026, 4, 13)):
        assert days() == (0, ["04-17", "04-15", "04-24", "04-15"])
        off = dict.fromkeys((date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6), date(2026, 4, 14)), DayKind.OFF)
        given(load, off, 2026)
        later = ["04-20", "04-16", "04-27", "04-15"]
        assert days() == (3, later)
        given(load, off | dict.fromkeys((date(2026, 4, 11), date(2026, 4, 12)), DayKind.WORKING), 2026)
        assert days() == (0, later)
    with on(date(2026, 4, 17)):  # one day is over by now and stays
        given(load, off | dict.fromkeys((date(2026, 4, 15), date(2026, 4, 16)), DayKind.OFF), 2026)
        assert days() == (2, ["04-22", "04-16", "04-29", "04-15"])
