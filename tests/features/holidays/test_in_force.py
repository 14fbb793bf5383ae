"""Whatever asks for working days counts with the list that is loaded; what is stored already stays."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.core import holidays, workdays
from app.core.holidays import HolidayList
from app.core.workdays import DayKind
from app.features.complaints.models import Complaint
from app.features.holidays import service
from app.features.notices import service as notices
from app.features.shows.pledges import queries as pledges
from app.features.shows.pledges.rules import PledgeState
from tests.features.holidays.makers import LIST, MADE_UP, SPRING, load
from tests.features.members.makers import audit_rows
from tests.features.notices.makers import SOURCE, matter
from tests.features.shows.pledges.makers import make_approved
from tests.makers import as_member
from tests.races import race


def days_worked(database, *days):
    with database.read() as session:
        calendar = holidays.calendar(session)
    return [workdays.is_working_day(day, calendar) for day in days]


def test_without_a_list_weekends_and_the_days_fixed_by_law_are_off(database):
    days = (date(2027, 1, 1), date(2027, 5, 2), date(2027, 10, 1), SPRING[0], MADE_UP)
    assert days_worked(database, *days) == [False, False, False, True, False]


def test_with_one_its_days_are_off_its_make_up_days_worked_and_the_law_stays(database, given):
    given(load)
    days = (SPRING[0], MADE_UP, date(2027, 1, 1), date(2027, 3, 1), date(2027, 3, 6))
    assert days_worked(database, *days) == [False, True, False, True, False]


def test_a_list_takes_the_place_of_the_one_that_comes_with_the_product(database, given):
    in_2026 = (date(2026, 10, 1), date(2026, 10, 5), date(2026, 10, 10))  # by law, off, a Saturday made up
    assert days_worked(database, *in_2026) == [False, False, True]
    given(load, {date(2026, 10, 6): DayKind.OFF}, 2026)
    assert days_worked(database, *in_2026, date(2026, 10, 6)) == [False, True, False, False]
    given(load, {date(2026, 10, 5): DayKind.OFF}, 2026)
    assert days_worked(database, *in_2026, date(2026, 10, 6)) == [False, False, False, True]


def test_a_deadline_is_counted_with_it_once_and_stored(client, database, given, alice):
    with time_machine.travel("2027-01-29 10:00:00+08:00", tick=False):
        client.post("/complaints", data={"said": "会开得太多"}, headers=as_member(alice))
        given(load)
        client.post("/complaints", data={"said": "表填得太多"}, headers=as_member(alice))
    with database.read() as session:
        due = dict(session.execute(select(Complaint.said, Complaint.due_on)).all())
    assert due == {"会开得太多": date(2027, 2, 12), "表填得太多": date(2027, 2, 19)}


def test_a_pledge_is_shown_for_comment_as_many_working_days(database, given, alice, sam):
    given(make_approved, alice, sam)

    def shown():
        with time_machine.travel("2026-01-16 10:00:00+08:00", tick=False), database.read() as session:
            pledge, _other = pledges.of_member(session, alice.id, 2026)
        return pledge.state, pledge.public_until

    assert shown() == (PledgeState.IN_PROGRESS, date(2026, 1, 15))
    given(load, {date(2026, 1, 14): DayKind.OFF}, 2026)
    assert shown() == (PledgeState.PUBLICITY, date(2026, 1, 16))


def test_nobody_is_reminded_on_a_day_that_was_loaded_as_off(given, alice):
    reminder = matter(alice)
    source = replace(SOURCE, due=lambda _session, _now: [reminder])
    given(load)
    assert given(notices.raise_due, source, datetime(2027, 2, 5, 2, tzinfo=UTC)) == 0
    assert given(notices.raise_due, source, datetime(2027, 1, 31, 2, tzinfo=UTC)) == 1  # the Sunday made up


def test_who_loads_the_same_twice_loads_once_and_another_list_leaves_what_changed(database, given, sam):
    for days in (LIST, LIST, {day: kind for day, kind in LIST.items() if day != SPRING[-1]}):
        given(service.put_in_force, sam.id, year=2027, days=days)
    with database.read() as session:
        said = [(subject, changes) for action, subject, changes in audit_rows(session) if action == "holidays_loaded"]
        kept = session.execute(select(HolidayList.year, HolidayList.loaded_by_id)).all()
    assert [subject for subject, _changes in said] == ["2027", "2027"]
    assert said[0][1]["days_working"] == [None, "2027-01-31"]
    assert said[1][1] == {"days_off": ["2027-02-12", None]}
    assert kept == [(2027, sam.id)]


def test_days_can_be_added_to_the_list(database, given):
    given(load)
    given(service.put_in_force, None, year=2027, days={date(2027, 4, 5): DayKind.OFF}, adds=True)
    assert days_worked(database, date(2027, 4, 5), SPRING[0]) == [False, False]


@pytest.mark.race
def test_two_who_load_the_first_list_of_a_year_at_once_leave_one_whole_list(database):
    lists = [{SPRING[0]: DayKind.OFF}, {SPRING[1]: DayKind.OFF, MADE_UP: DayKind.WORKING}]

    def put(number):
        with database.write() as session:
            service.put_in_force(session, None, year=2027, days=lists[number])

    assert race(2, put) == [None, None]
    with database.read() as session:
        assert service.loaded_days(session, 2027) in lists
        assert len([entry for entry in audit_rows(session) if entry[0] == "holidays_loaded"]) == 2


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("year = 2028", "ck_holidays_day_of_its_year"),
        ("kind = 'half'", "ck_holidays_daykind"),
        ("day = '2027-02-06'", r"pk_holidays|holidays\.day"),
    ],
    ids=["another year", "another kind", "a day twice"],
)
def test_the_database_refuses_by_name(database, given, change, name):
    given(load)
    given(load, {date(2028, 2, 7): DayKind.OFF}, 2028)
    with pytest.raises(IntegrityError, match=name), database.write() as session:
        session.execute(text(f"UPDATE holidays SET {change} WHERE day = '2027-02-05'"))
