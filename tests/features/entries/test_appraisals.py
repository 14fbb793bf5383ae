"""A quarter's grade is entered by one officer, confirmed by another, changed with a reason, and never the own."""

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.features.entries.appraisals.models import Appraisal
from app.features.entries.appraisals.rules import (
    GradeWaitsError,
    LaterGradeError,
    OwnAppraisalError,
    Quarter,
    QuarterNotOverError,
    ReasonWantedError,
)
from app.features.ledger import closings
from app.features.ledger.closings import YearClosedError
from app.features.ledger.models import Fact
from app.features.ledger.rules import AppraisalGrade
from app.features.reviews import service as reviews
from app.features.reviews.models import Review
from app.features.reviews.proof import mismatches
from tests.features.entries.makers import APRIL, FIRST, confirm, enter_grade, facts, waiting
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import page, said_next
from tests.races import race

KIND = "appraisal.quarter"


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(APRIL, tick=False):
        yield


@pytest.fixture
def send(client, sam):
    def post(people, grades, note="", person=sam, headers=None, quarter="2026-1"):
        data = {"quarter": quarter, "people": [str(one.id) for one in people], "grades": grades, "note": note}
        return client.post("/appraisals", data=data, headers=ENGLISH | as_member(person) | (headers or {}))

    return post


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_sam_enters_a_small_branch_dora_confirms_and_each_has_a_fact(
    client, database, send, sam, dora, alice, bob, headers, status
):
    assert send([alice, bob, dora], ["good", "not_graded", ""], headers=headers).status_code == status
    send([alice, bob], ["good", "not_graded"])  # twice is once
    queue = page(client.get("/approvals", headers=ENGLISH | as_member(dora)))
    assert "Quarterly appraisal, Quarter 1 of 2026" in queue.get_text()
    with database.write() as writing:
        found = waiting(writing, KIND)
        assert len(found) == 2
        assert len(reviews.approve(writing, dora.actor, found).done) == 2
    with database.read() as reading:
        assert facts(reading, alice, KIND) == [("good", 100, False)]
        fact = reading.scalars(select(Fact).where(Fact.member_id == bob.id, Fact.fact_type == KIND)).one()
        assert (fact.grade, str(fact.occurred_on), str(fact.counts_in)) == ("not_graded", "2026-03-31", "2026-03-01")
        assert (fact.recorded_by_id, fact.confirmed_by_id) == (sam.id, dora.id)


def test_a_confirmed_grade_changes_with_a_reason_and_the_other_fact_is_taken_back(session, sam, dora, alice):
    enter_grade(session, sam, alice)
    confirm(session, dora, KIND)
    with pytest.raises(ReasonWantedError):
        enter_grade(session, dora, alice, "average")
    assert enter_grade(session, dora, alice, "average", note="单位更正") == 1
    with pytest.raises(GradeWaitsError):
        enter_grade(session, sam, alice, "poor", note="再更正")
    second = confirm(session, sam, KIND)
    assert facts(session, alice, KIND) == [("good", 100, False), ("average", 100, False), ("good", -100, True)]
    assert list(mismatches(session)) == []  # `ledger verify`
    reviews.undo(session, sam.actor, decision_id=second.decision_id)
    assert [grade for grade, _n, _r in facts(session, alice, KIND)][3:] == ["average", "good"]
    assert sum(n for grade, n, _r in facts(session, alice, KIND) if grade == "good") == 100
    assert list(mismatches(session)) == []
    confirm(session, sam, KIND)
    posted = facts(session, alice, KIND)
    assert [sum(n for grade, n, _r in posted if grade == one) for one in ("good", "average")] == [0, 100]


def test_what_a_later_grade_has_replaced_is_not_undone(session, sam, dora, alice):
    enter_grade(session, sam, alice)
    first = confirm(session, dora, KIND)
    enter_grade(session, sam, alice, "poor", note="单位更正")
    with pytest.raises(LaterGradeError):
        reviews.undo(session, dora.actor, decision_id=first.decision_id)


def test_nobody_enters_the_own_nor_confirms_what_they_entered(session, sam, dora, alice):
    with pytest.raises(OwnAppraisalError):
        enter_grade(session, sam, sam)
    enter_grade(session, sam, alice)
    enter_grade(session, sam, dora)
    outcomes = [reviews.approve(session, who.actor, waiting(session, KIND)) for who in (sam, dora)]
    assert [len(one.done) for one in outcomes] == [0, 1]  # of Dora's own a third one decides
    assert facts(session, dora, KIND) == []


@pytest.mark.parametrize("quarter", [Quarter(2026, 2), Quarter(2024, 4)], ids=str)
def test_a_quarter_that_runs_or_lies_long_back_is_refused(session, sam, alice, quarter):
    with pytest.raises(QuarterNotOverError):
        enter_grade(session, sam, alice, quarter=quarter)


def test_a_year_that_is_closed_takes_no_grade_until_it_is_re_opened(session, sam, dora, alice, bob):
    fourth = Quarter(2026, 4)
    with time_machine.travel("2027-02-10 10:00:00+08:00", tick=False):
        enter_grade(session, sam, alice, quarter=fourth)
        closings.close(session, [alice.id], 2026)
        with pytest.raises(YearClosedError):  # or it would be a fifth grade of 2027
            enter_grade(session, sam, alice, quarter=Quarter(2026, 3))
        assert enter_grade(session, sam, bob, quarter=fourth) == 1
        outcome = reviews.approve(session, dora.actor, waiting(session, KIND))
        assert [one.member_id for one in outcome.done] == [bob.id]
        assert [type(one.error) for one in outcome.refused] == [YearClosedError]
        closings.reopen(session, alice.id, 2026)
        confirm(session, dora, KIND)
    with time_machine.travel("2027-04-01 10:00:00+08:00", tick=False):
        assert enter_grade(session, sam, bob, quarter=fourth) == 0, "it stands already"
        with pytest.raises(YearClosedError):
            enter_grade(session, sam, dora, quarter=fourth)
        assert enter_grade(session, sam, alice, "poor", quarter=fourth, note="单位更正") == 1
    of = select(Fact.counts_in).where(Fact.fact_type == KIND)
    assert {str(month) for month in session.scalars(of)} == {"2026-12-01"}


def test_strangers_and_plain_members_get_nothing(client, send, database, sam, alice, olga, oscar):
    assert client.get("/appraisals", headers=as_member(alice)).status_code in (403, 404)
    assert send([olga], ["good"]).status_code == 404
    given = send([alice], ["good"])
    assert given.status_code == 303
    with database.read() as session:
        (appraisal_id,) = session.scalars(select(Appraisal.id))
    assert client.post(f"/appraisals/{appraisal_id}/withdraw", headers=as_member(oscar)).status_code in (403, 404)
    said = client.post(f"/appraisals/{appraisal_id}/withdraw", headers=as_member(sam))
    assert said.status_code == 303
    with database.read() as session:
        assert session.get_one(Review, appraisal_id).status == "withdrawn"


def test_a_change_without_a_reason_comes_back_at_its_field(client, given, send, database, sam, dora, alice):
    given(enter_grade, sam, alice)
    given(confirm, dora, KIND)
    soup = page(send([alice], ["poor"]), status=422)
    assert "Say why it changes" in soup.get_text()
    assert soup.select_one("select[name=grades] option[selected]")["value"] == "poor"
    assert "1 grade entered" in said_next(send([alice], ["poor"], "单位更正"))


def test_the_database_refuses_by_name(session, sam, alice):
    enter_grade(session, sam, alice)
    one = session.scalars(select(Appraisal)).one()
    for change, name in ({"entered_by_id": alice.id}, "not_about_oneself"), ({"quarter": 5}, "one_of_four"):
        with pytest.raises(IntegrityError, match=name), session.begin_nested():
            session.execute(Appraisal.__table__.update().where(Appraisal.id == one.id).values(**change))


def test_two_officers_enter_other_grades_at_one_moment_and_one_waits(database, sam, dora, alice):
    def act(number):
        with database.write() as session:
            return enter_grade(session, (sam, dora)[number], alice, ("good", "poor")[number])

    outcomes = race(2, act)
    assert sorted(map(str, (type(one).__name__ for one in outcomes))) == ["GradeWaitsError", "int"]
    with database.read() as session:
        assert len(session.scalars(select(Appraisal)).all()) == len(waiting(session, KIND)) == 1


def test_first_is_the_quarter_that_is_over():
    assert FIRST.last_day.isoformat() == "2026-03-31"
    assert set(AppraisalGrade) >= {"good", "not_graded"}
