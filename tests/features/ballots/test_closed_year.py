"""A result that would come too late for its year, and so count in another one, is not taken until the sheet is open."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.core.ids import new_id
from app.features.ballots import letters, opinions
from app.features.ledger import closings
from app.features.ledger.closings import YearClosedError
from app.features.ledger.models import Fact
from app.features.members.two_people import Second
from tests.features.ballots.makers import YEAR, B, Q, counted, give
from tests.makers import HTMX, as_member
from tests.page import page

IN_APRIL = datetime(2026, 4, 1, 2, tzinfo=UTC)


def decide(session, who, review_id, *, confirm=True):
    return opinions.decide(session, who.actor, review_id=review_id, confirm=confirm)


def results(database):
    with database.read() as session:
        rows = session.scalars(select(Fact).where(Fact.fact_type == "review.result"))
        return {row.member_id: row.counts_in for row in rows}


def test_after_31_march_grades_are_neither_entered_nor_confirmed_but_given_back(
    friday, client, given, database, sam, dora, alice, bob
):
    review_id = given(counted, sam, [sam, dora, alice, bob])
    given(give, sam, review_id, {alice: Q})
    friday.move_to(IN_APRIL)
    with pytest.raises(YearClosedError):
        given(give, sam, review_id, {bob: Q})
    at = f"/ballots/{review_id}/grades"
    shown = page(client.get(at, headers=as_member(sam)))
    assert "清单已关闭" in shown.text
    assert not shown.select("select[name^=grade-]")
    for headers in ({}, HTMX):
        answer = client.post(f"{at}/decide", data={"second": "confirm"}, headers=headers | as_member(dora))
        assert answer.status_code == 409
        assert "重新开启" in answer.text
    assert given(decide, dora, review_id, confirm=False) == 1
    assert results(database) == {}


def test_of_whom_the_sheet_is_archived_the_grade_waits_until_it_is_re_opened_and_may_be_another_then(
    friday, given, database, sam, dora, alice, bob
):
    review_id = given(counted, sam, [sam, dora, alice, bob])
    given(give, sam, review_id, {alice: Q, bob: Q})
    given(closings.close, [alice.id], YEAR)
    assert given(decide, dora, review_id) == 1
    with pytest.raises(YearClosedError):
        given(decide, dora, review_id)
    with pytest.raises(YearClosedError):
        given(give, sam, review_id, {alice: B})
    assert results(database).keys() == {bob.id}
    friday.move_to(IN_APRIL)
    given(closings.reopen, alice.id, YEAR)
    given(give, sam, review_id, {alice: B})
    assert given(decide, dora, review_id) == 1
    assert set(results(database).values()) == {date(YEAR, 12, 1)}
    assert results(database).keys() == {alice.id, bob.id}


def test_so_it_is_with_the_letter_of_a_host_branch(friday, client, given, database, sam, dora, alice, bob):
    said = {"year": YEAR, "host": "社区党支部", "document": "函〔2026〕1号", "mean": 933}
    one, other = new_id(), new_id()
    given(letters.enter_letter, sam.actor, id=one, member_id=alice.id, **said)
    given(letters.enter_letter, sam.actor, id=other, member_id=bob.id, **said)
    friday.move_to(IN_APRIL)
    with pytest.raises(YearClosedError):
        given(letters.enter_letter, sam.actor, id=new_id(), member_id=dora.id, **said)
    at = f"/ballots/letters/{one}/decide"
    assert client.post(at, data={"second": "confirm"}, headers=as_member(dora)).status_code == 409
    given(letters.decide_letter, dora.actor, letter_id=other, second=Second.DECLINE)
    given(closings.close, [alice.id], YEAR)
    given(closings.reopen, alice.id, YEAR)
    assert client.post(at, data={"second": "confirm"}, headers=as_member(dora)).status_code == 303
    assert results(database) == {alice.id: date(YEAR, 12, 1)}
