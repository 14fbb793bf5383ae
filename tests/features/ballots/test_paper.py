"""Ballots on paper: one ballot a person, two officers, numbers that can be; and reviews by letter of a host branch."""

from datetime import date

import pytest
from sqlalchemy import select

from app.core.errors import ImpossibleError, NotFoundError
from app.core.ids import new_id
from app.features.ballots import letters, paper, queries, service, voting
from app.features.ballots.life import (
    NothingCountedError,
    OnPaperError,
    PaperUncheckedError,
    PreparedAlreadyError,
    VotedByPhoneError,
)
from app.features.ballots.models import DemocraticReview, ReviewLetter
from app.features.ledger.models import Fact
from app.features.members.two_people import AboutOneselfError, SamePersonError, Second
from tests.features.ballots.makers import YEAR, E, Q, open_with, vote
from tests.makers import HTMX, as_member, make_member
from tests.page import page


def takers(session, by, review_id, *people):
    paper.name_takers(session, by.actor, review_id=review_id, taker_ids=[one.id for one in people])


def count(session, by, review_id, returned, invalid=0, **marks):
    paper.enter_count(
        session, by.actor, review_id=review_id, returned=returned, invalid=invalid, marks=dict(marks.get("marks", {}))
    )


def test_paper_and_phone_are_one_ballot_a_person_and_add_up(given, database, sam, dora, alice, bob):
    review_id = given(open_with, sam, sam, dora, alice, bob)
    given(vote, review_id, alice, {bob: E})
    with pytest.raises(VotedByPhoneError):
        given(takers, sam, review_id, alice)
    given(takers, sam, review_id, dora, bob)
    with pytest.raises(OnPaperError):
        given(voting.take, bob.actor, review_id=review_id, token="mine")
    with pytest.raises(NothingCountedError):
        given(paper.confirm_count, dora.actor, review_id=review_id)
    given(count, sam, review_id, 2, marks={alice.id: (0, 2, 0, 0), bob.id: (1, 0, 0, 0)})
    with pytest.raises(PaperUncheckedError):
        given(service.close_ballot, sam.actor, review_id=review_id)
    with pytest.raises(SamePersonError):
        given(paper.confirm_count, sam.actor, review_id=review_id)
    given(paper.confirm_count, dora.actor, review_id=review_id)
    given(count, sam, review_id, 2, marks={alice.id: (0, 1, 1, 0), bob.id: (1, 0, 0, 0)})  # corrected: confirmed anew
    given(paper.confirm_count, dora.actor, review_id=review_id)
    given(service.close_ballot, sam.actor, review_id=review_id)
    with database.read() as session:
        found = session.get_one(DemocraticReview, review_id)
        marks, roll = queries.tallies(session, review_id), queries.roll(session, found)
        assert (found.phone, found.issued, found.returned) == (1, 2, 2)
        assert (marks[alice.id], marks[bob.id]) == ((0, 1, 1, 0), (2, 0, 0, 0))
        assert ([one.id for one in roll.on_paper], roll.taken) == ([], 3)  # who had paper is forgotten


@pytest.mark.parametrize(
    ("returned", "invalid", "marks", "code"),
    [
        (3, 0, (0, 0, 0, 0), "more_returned_than_issued"),
        (2, 3, (0, 0, 0, 0), "more_invalid_than_returned"),
        (2, 1, (1, 1, 0, 0), "more_marks_than_ballots"),
        (2, 0, (3, 0, 0, 0), "more_marks_than_ballots"),
    ],
)
def test_numbers_that_cannot_be_are_refused(given, sam, dora, alice, bob, returned, invalid, marks, code):
    review_id = given(open_with, sam, sam, dora, alice, bob)
    given(takers, sam, review_id, dora, bob)
    with pytest.raises(ImpossibleError) as refused:
        given(count, sam, review_id, returned, invalid, marks={alice.id: marks})
    assert refused.value.code == code
    with pytest.raises(ImpossibleError):  # Bob's own ballot is among the two
        given(count, sam, review_id, 2, marks={bob.id: (1, 1, 0, 0)})


def test_twenty_present_twelve_by_phone_eight_on_paper_one_invalid(given, database, sam, dora, alice, bob, branch):
    """Example J: 19 ballots count, and who is there and votes has at most 18 marks."""
    people = [sam, dora, alice, bob, *(given(make_member, branch, f"同志{number}") for number in range(16))]
    review_id = given(open_with, sam, *people)
    given(takers, sam, review_id, *people[12:])
    for who in people[:12]:
        given(vote, review_id, who, {one: Q for one in people if one is not who})
    sheet = {one.id: (7 if one in people[:12] else 6, 0, 0, 0) for one in people}
    given(count, sam, review_id, 8, 1, marks=sheet)
    with pytest.raises(ImpossibleError):
        given(count, sam, review_id, 8, 1, marks={people[12].id: (7, 0, 0, 0)})
    given(paper.confirm_count, dora.actor, review_id=review_id)
    given(service.close_ballot, sam.actor, review_id=review_id)
    with database.read() as session:
        assert queries.cast_of(session.get_one(DemocraticReview, review_id)).counted == 19
        assert {sum(marks) for marks in queries.tallies(session, review_id).values()} == {18}


def test_paper_that_was_counted_is_not_dropped_by_one_officer_nor_changed_before_the_other_s_word(
    client, given, database, sam, dora, alice, bob
):
    review_id = given(open_with, sam, sam, dora, alice, bob)
    at = f"/ballots/{review_id}/paper"
    for who in (alice, dora):
        given(vote, review_id, who, {})
    given(takers, sam, review_id, bob)
    given(count, sam, review_id, 1, marks={alice.id: (1, 0, 0, 0)})
    read = page(client.get(at, headers=as_member(dora))).select_one("form[action$=confirm] input[name=seen]")["value"]
    given(count, sam, review_id, 1, marks={alice.id: (0, 0, 0, 1)})
    assert client.post(f"{at}/confirm", data={"seen": read}, headers=as_member(dora)).status_code == 409
    given(count, sam, review_id, 1, marks={alice.id: (1, 0, 0, 0)})
    assert client.post(f"{at}/confirm", data={"seen": read}, headers=as_member(dora)).status_code == 303
    given(takers, sam, review_id)  # nobody has taken paper, says Sam alone
    with pytest.raises(PaperUncheckedError):
        given(service.close_ballot, sam.actor, review_id=review_id)
    assert page(client.get(at, headers=as_member(sam))).select("input[name=returned]")
    given(count, sam, review_id, 0)
    given(paper.confirm_count, dora.actor, review_id=review_id)
    given(vote, review_id, bob, {})  # by phone after all
    given(service.close_ballot, sam.actor, review_id=review_id)
    with database.read() as session:
        assert queries.cast_of(session.get_one(DemocraticReview, review_id)).cast == 3


def test_who_had_paper_is_forgotten_too_when_the_ballot_is_repeated(given, database, sam, dora, alice):
    review_id = given(open_with, sam, sam, dora, alice)
    given(takers, sam, review_id, alice)
    given(service.repeat_ballot, sam.actor, review_id=review_id)
    with database.read() as session:
        roll = queries.roll(session, session.get_one(DemocraticReview, review_id))
        assert [one.id for one in roll.on_paper] == []


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_paper_is_counted_on_a_page(client, given, sam, dora, alice, bob, oscar, headers):
    review_id = given(open_with, sam, sam, dora, alice, bob)
    at = f"/ballots/{review_id}/paper"
    page(client.get(at, headers=as_member(sam)))
    named = {"taker_ids": [str(dora.id), str(bob.id)]}
    assert client.post(f"{at}/takers", data=named, headers=headers | as_member(sam)).status_code == (
        200 if headers else 303
    )
    typed = {"returned": "2", "invalid": "", f"count-{alice.id}": ["2", "", "", ""]}
    assert client.post(at, data=typed, headers=headers | as_member(sam)).status_code == (200 if headers else 303)
    assert client.post(at, data=typed | {"returned": "9"}, headers=headers | as_member(sam)).status_code == 422
    soup = page(client.get(at, headers=as_member(dora)))
    assert [box["value"] for box in soup.select(f"input[name='count-{alice.id}']")] == ["2", "", "", ""]
    assert client.post(f"{at}/confirm", headers=headers | as_member(dora)).status_code == (200 if headers else 303)
    for who in (alice, oscar):
        assert client.get(at, headers=as_member(who)).status_code in (403, 404)


def test_a_letter_of_a_host_branch_wants_two_and_is_the_result_of_the_year(
    client, given, database, sam, dora, alice, oscar
):
    letter = {
        "id": new_id(),
        "member_id": alice.id,
        "year": YEAR,
        "host": "社区党支部",
        "document": "函〔2026〕1号",
        "mean": 933,
    }
    given(letters.enter_letter, sam.actor, **letter)
    given(letters.enter_letter, sam.actor, **letter)  # twice is once
    with pytest.raises(PreparedAlreadyError):
        given(letters.enter_letter, dora.actor, **letter | {"id": new_id()})
    with pytest.raises(AboutOneselfError):
        given(letters.enter_letter, sam.actor, **letter | {"id": new_id(), "member_id": sam.id})
    with pytest.raises(NotFoundError):
        given(letters.enter_letter, oscar.actor, **letter | {"id": new_id()})
    with pytest.raises(SamePersonError):
        given(letters.decide_letter, sam.actor, letter_id=letter["id"], second=Second.CONFIRM)
    page(client.get("/ballots", headers=as_member(dora)))
    at = f"/ballots/letters/{letter['id']}/decide"
    assert client.post(at, data={"second": "confirm"}, headers=as_member(oscar)).status_code == 404
    assert client.post(at, data={"second": "confirm"}, headers=as_member(dora)).status_code == 303
    assert client.post(at, data={"second": "confirm"}, headers=as_member(dora)).status_code == 409
    with database.read() as session:
        fact = session.scalars(select(Fact).where(Fact.member_id == alice.id)).one()
        assert (fact.quantity, fact.occurred_on, fact.source) == (933, date(YEAR, 12, 31), "reviews.letter")
        assert session.scalars(select(ReviewLetter.stands)).all() == ["confirmed"]
