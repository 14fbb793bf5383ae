"""Who has handed in nothing of a kind this year is asked for it in its month, and each year anew."""

from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy import extract

from app.core import clock
from app.core.i18n import LazyText
from app.core.ids import new_id
from app.features.members.exemptions import service as exemptions
from app.features.members.models import Member
from app.features.members.rules import ExemptionKind
from app.features.records import service as records
from app.features.reviews.models import Review
from app.features.reviews.once_a_year import YEAR, OnceAYear
from app.features.volunteering.stream import RECORD

HELP = OnceAYear(
    name="test/help",
    theirs=(
        Review.kind == RECORD.name,
        Review.member_id == Member.id,
        extract("year", Review.occurred_on) == YEAR,
    ),
    month=11,
    title=LazyText("Help once"),
    about=LazyText("Help"),
    act=LazyText("Record it"),
    page="/volunteering/new?year={year}",
)


def asked(session, day):
    return list(HELP.due(session, datetime.combine(day, datetime.min.time(), clock.zone())))


def helped(session, person, day):
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=clock.zone()), tick=False):
        return records.record(session, person.actor, RECORD, id=new_id(), title="", half_days=1, day=day)


def test_in_its_month_everybody_is_asked_who_has_none(session, alice, bob):
    helped(session, bob, date(2026, 3, 9))
    people = {one.member_id: one for one in asked(session, date(2026, 11, 2))}
    assert alice.id in people
    assert bob.id not in people
    assert (people[alice.id].until, people[alice.id].address) == (date(2026, 11, 30), "/volunteering/new?year=2026")
    assert asked(session, date(2026, 10, 31)) == asked(session, date(2026, 12, 1)) == []


def test_the_page_of_today_says_the_same(session, alice, bob):
    helped(session, bob, date(2026, 3, 9))
    (line,) = HELP.lines(session, alice.actor, date(2026, 11, 2))
    assert (line.title, line.due_on, line.address) == ("Help once", date(2026, 11, 30), "/volunteering/new?year=2026")
    assert not [
        *HELP.lines(session, bob.actor, date(2026, 11, 2)),
        *HELP.lines(session, alice.actor, date(2026, 12, 1)),
    ]


def test_what_was_withdrawn_is_none(session, alice):
    record_id = helped(session, alice, date(2026, 3, 9)).id
    records.withdraw(session, alice.actor, RECORD, record_id=record_id)
    assert alice.id in {one.member_id for one in asked(session, date(2026, 11, 2))}


def test_it_is_one_matter_on_all_days_of_a_year_and_another_in_the_next(session, alice):
    days = (date(2026, 11, 2), date(2026, 11, 30), date(2027, 11, 2))
    first, last, next_year = ({one.member_id: one.subject_id for one in asked(session, day)}[alice.id] for day in days)
    assert first == last != next_year


@pytest.mark.parametrize(("starts_on", "is_asked"), [(date(2026, 1, 1), False), (date(2026, 11, 3), True)])
def test_who_is_exempt_is_not_asked(session, alice, sam, starts_on, is_asked):
    with time_machine.travel(datetime(2026, 1, 5, 9, tzinfo=clock.zone()), tick=False):
        exemptions.exempt_member(
            session, sam.actor, member_id=alice.id, kind=ExemptionKind.ILLNESS, starts_on=starts_on
        )
    assert (alice.id in {one.member_id for one in asked(session, date(2026, 11, 2))}) is is_asked
