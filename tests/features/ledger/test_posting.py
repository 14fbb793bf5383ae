"""Facts are added to the end of their branch's chain, once for each source, and the totals come along."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from app.core.chain import BEGINNING
from app.core.errors import NotFoundError
from app.core.ids import new_id
from app.features.ledger import queries, service
from app.features.ledger.models import Fact, LedgerHead
from app.features.ledger.rules import FactShapeError, FactType, NotReversibleError, SourceTakenError, Total
from tests.features.ledger.makers import make_fact, new_fact
from tests.races import race

MARCH = date(2026, 3, 1)


def march(session, member):
    return queries.totals(session, [member.id], since=MARCH, until=MARCH)[member.id]


def rows(session):
    return session.scalars(select(Fact).order_by(Fact.branch_id, Fact.seq)).all()


def test_facts_of_a_branch_form_one_chain(session, alice, bob):
    service.append(session, [new_fact(alice), new_fact(bob)])
    make_fact(session, alice)
    first, second, third = rows(session)
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert first.previous_digest == BEGINNING
    assert (second.previous_digest, third.previous_digest) == (first.digest, second.digest)
    head = session.get(LedgerHead, alice.branch_id)
    assert (head.seq, head.digest) == (3, third.digest)


def test_each_branch_has_a_chain_of_its_own(session, alice, olga):
    entries = service.append(session, [new_fact(olga), new_fact(alice), new_fact(olga)])
    assert [(entry.branch_id, entry.seq) for entry in entries] == [
        (olga.branch_id, 1),
        (alice.branch_id, 1),
        (olga.branch_id, 2),
    ]


def test_totals_come_along(session, alice, bob):
    service.append(session, [new_fact(alice), new_fact(bob), new_fact(alice)])
    make_fact(session, alice, fact_type=FactType.STUDY_TRAINING_DAY, quantity=150)
    assert march(session, alice) == [
        Total(MARCH, FactType.STUDY_ITEM, "", "", 2, 200),
        Total(MARCH, FactType.STUDY_TRAINING_DAY, "", "", 1, 150),
    ]


def test_totals_keep_a_matter_only_where_it_is_weighed(session, alice):
    make_fact(session, alice, matter="宪法宣传")
    make_fact(session, alice, fact_type=FactType.BONUS_COMMENDATION, grade="unit", matter="抗洪")
    assert [total.matter for total in march(session, alice)] == ["抗洪", ""]


def test_one_source_is_one_row(session, alice):
    fact = new_fact(alice)
    first = service.append(session, [fact])
    assert service.append(session, [fact, fact]) == first * 2
    assert len(rows(session)) == 1
    assert march(session, alice)[0].count == 1


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": 100, "fact_type": FactType.STUDY_SESSION},
        {"occurred_on": date(2026, 3, 8)},
        {"counts_in": date(2026, 4, 1)},
        {"note": "补录"},
        {"matter": "主题党日"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_one_source_with_other_content_is_refused(session, alice, other):
    service.append(session, [new_fact(alice, source_id="7")])
    with pytest.raises(SourceTakenError):
        service.append(session, [new_fact(alice, source_id="7", **other)])


def test_one_source_is_not_taken_by_another_branch(session, alice, olga):
    service.append(session, [new_fact(alice, source_id="7")])
    with pytest.raises(SourceTakenError):
        service.append(session, [new_fact(olga, source_id="7")])


def test_a_misshapen_fact_stops_all_of_them(session, alice):
    with pytest.raises(FactShapeError):
        service.append(session, [new_fact(alice), new_fact(alice, grade="good")])
    assert rows(session) == []


def test_a_late_fact_keeps_its_day_and_counts_in_the_month_of_posting(session, alice):
    with time_machine.travel(datetime(2026, 5, 20, 2, tzinfo=UTC), tick=False):
        late = make_fact(session, alice, occurred_on=date(2025, 12, 30), counts_in=None)
        in_time = make_fact(session, alice, occurred_on=date(2026, 1, 2), counts_in=None)
    assert (late.occurred_on, late.counts_in) == (date(2025, 12, 30), date(2026, 5, 1))
    assert in_time.counts_in == date(2026, 1, 1)


def test_a_reversal_takes_the_fact_off_the_totals(session, alice, sam):
    fact = make_fact(session, alice)
    make_fact(session, alice)
    (reversal,) = service.reverse(session, [fact.id], recorded_by_id=sam.id, note="误点")
    assert (reversal.seq, reversal.quantity, reversal.reversal_of) == (3, -100, fact.id)
    assert (reversal.counts_in, reversal.recorded_by_id, reversal.note) == (fact.counts_in, sam.id, "误点")
    assert march(session, alice) == [Total(MARCH, FactType.STUDY_ITEM, "", "", 1, 100)]
    assert len(queries.facts(session, alice.id, since=MARCH, until=MARCH)) == 1


def test_nothing_is_left_of_the_totals_when_all_is_taken_back(session, alice, sam):
    facts = service.append(session, [new_fact(alice, fact_type=FactType.REVIEW_RESULT, quantity=0), new_fact(alice)])
    service.reverse(session, [fact.id for fact in facts], recorded_by_id=sam.id)
    assert march(session, alice) == []


def test_a_reversal_twice_is_once(session, alice, sam):
    fact = make_fact(session, alice)
    first = service.reverse(session, [fact.id, fact.id], recorded_by_id=sam.id)
    assert service.reverse(session, [fact.id], recorded_by_id=sam.id) == first[:1]
    assert len(rows(session)) == 2


def test_a_reversal_is_not_reversed(session, alice, sam):
    (reversal,) = service.reverse(session, [make_fact(session, alice).id], recorded_by_id=sam.id)
    with pytest.raises(NotReversibleError):
        service.reverse(session, [reversal.id], recorded_by_id=sam.id)


def test_what_is_not_there_is_not_reversed(session, sam):
    with pytest.raises(NotFoundError):
        service.reverse(session, [new_id()], recorded_by_id=sam.id)


@pytest.mark.race
def test_twelve_posts_of_one_source_are_one_row(database, alice):
    fact = new_fact(alice)

    def post(_number):
        with database.write() as session:
            return service.append(session, [fact])[0]

    entries = race(12, post)
    assert {entry.id for entry in entries} == {entries[0].id}
    with database.read() as session:
        assert len(rows(session)) == 1
        assert march(session, alice)[0].count == 1


@pytest.mark.race
def test_twelve_posts_at_once_form_one_chain(database, alice, bob, olga):
    def post(number):
        with database.write() as session:
            people = (alice, bob, olga) if number % 2 else (olga, bob, alice)
            service.append(session, [new_fact(person) for person in people])

    assert race(12, post) == [None] * 12
    with database.snapshot() as session:
        report = queries.verify(session)
        assert report.is_clean
        assert (report.branches, report.facts) == (2, 36)


@pytest.mark.race
def test_of_twelve_reversals_one_counts(database, given, alice, sam):
    fact = given(make_fact, alice)

    def reverse(_number):
        with database.write() as session:
            return service.reverse(session, [fact.id], recorded_by_id=sam.id)[0].id

    assert len(set(race(12, reverse))) == 1
    with database.read() as session:
        assert len(rows(session)) == 2
        assert march(session, alice) == []
