"""A queue that a phone cannot send any more is handed over as a file and goes through the same door."""

import json

import pytest

from app.features.members.rules import Role
from app.features.reviews.rules import Flag, ReviewStatus
from app.features.sync.rules import ItemState
from tests.features.sync.makers import envelope, new_item, new_withdrawal, review_of, row_of, rows_of, send, words
from tests.makers import ENGLISH, as_member, make_member
from tests.page import errors, page

FILE = "/sync/file"


def hand_in(client, officer, content):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(FILE, files={"file": ("queue.json", body)}, headers=ENGLISH | as_member(officer))


def said(response):
    """The chips of the rows, after checking the page."""
    return [chip.get_text() for chip in page(response).select("ul.rows .st")]


def test_an_officer_opens_the_page(client, sam):
    soup = page(client.get(FILE, headers=as_member(sam)))
    assert soup.select_one("input[type=file]")
    assert not soup.select("ul.rows")


def test_a_members_queue_is_taken_in(client, database, alice, sam):
    items = [new_item() for _number in range(120)]
    response = hand_in(client, sam, envelope(alice, items))
    soup = page(response)
    assert alice.name in soup.get_text()
    assert len(soup.select("ul.rows > li")) == 120
    assert all(rows_of(database, item) == (1, 1, 1) for item in items)
    review = review_of(database, items[0])
    assert (review.member_id, review.recorded_by_id, review.status) == (alice.id, sam.id, ReviewStatus.PENDING)
    assert Flag.HANDED_OVER in review.flags
    assert row_of(database, items[0]).handed_over_by_id == sam.id


def test_a_title_that_is_no_text_is_shown_as_well_as_it_can_be(client, alice, sam):
    broken = new_item(payload={"title": "half\ud800one", "minutes": 1, "takeaway": None})
    assert "half?one" in page(hand_in(client, sam, envelope(alice, [broken]))).get_text()


def test_twice_is_once_and_the_phone_itself_may_still_send(client, database, alice, sam):
    items = [new_item() for _number in range(3)]
    first = said(hand_in(client, sam, envelope(alice, items)))
    second = said(hand_in(client, sam, envelope(alice, items)))
    assert len(set(first)) == len(set(second)) == 1
    assert first != second
    assert words(send(client, alice, *items)) == [("duplicate", "handed_over")] * 3
    assert all(rows_of(database, item) == (1, 1, 1) for item in items)


def test_what_the_phone_had_sent_stays_the_members_own(client, database, alice, sam):
    item = new_item()
    send(client, alice, item)
    hand_in(client, sam, envelope(alice, [item]))
    assert review_of(database, item).recorded_by_id == alice.id


def test_predecessors_may_stand_anywhere_in_the_file(client, database, alice, sam):
    first = new_item()
    items = [new_item(depends_on=first["id"]), *(new_item() for _number in range(60)), first]
    hand_in(client, sam, envelope(alice, items))
    assert row_of(database, items[0]).state is ItemState.REVIEW
    assert rows_of(database, items[0]) == (1, 1, 1)


def test_a_file_takes_back_what_it_brings(client, database, alice, sam):
    item, kept = new_item(), new_item()
    hand_in(client, sam, envelope(alice, [item, kept, new_withdrawal(item["id"])]))
    assert row_of(database, item).state is ItemState.WITHDRAWN
    assert review_of(database, kept).status is ReviewStatus.PENDING
    hand_in(client, sam, envelope(alice, [new_withdrawal(kept["id"])]))
    assert review_of(database, kept).status is ReviewStatus.WITHDRAWN


@pytest.mark.parametrize("whose", ["alice", "sam"])
def test_a_file_never_takes_back_what_it_did_not_bring(client, database, given, request, branch, whose):
    """Who may record for others can write any file; it withdraws nothing in somebody else's name."""
    paula = given(make_member, branch, "宣传", roles=(Role.PUBLICITY,))
    person, item = request.getfixturevalue(whose), new_item()
    send(client, person, item)
    response = hand_in(client, paula, envelope(person, [item, new_withdrawal(item["id"])]))
    assert "did not come in this file" in page(response).get_text()
    assert review_of(database, item).status is ReviewStatus.PENDING


def test_a_file_buries_nothing_that_is_still_to_come(client, database, alice, sam):
    item = new_item()
    hand_in(client, sam, envelope(alice, [new_withdrawal(item["id"])]))
    send(client, alice, item)
    assert review_of(database, item).status is ReviewStatus.PENDING


def test_a_wrong_clock_cannot_be_measured_from_a_file(client, database, alice, sam):
    item = new_item(occurred_at="2099-01-01T00:00:00Z")
    hand_in(client, sam, envelope(alice, [item], sent_at="2099-01-01T00:01:00Z"))
    assert review_of(database, item).flags == (Flag.CLOCK_SKEW, Flag.HANDED_OVER)


def test_a_bad_item_is_shown_in_words_beside_good_ones(client, database, alice, sam):
    good, bad = new_item(), new_item(payload={"title": "没有分钟数"})
    soup = page(hand_in(client, sam, envelope(alice, [bad, good, None, 7])))
    rows = soup.select("ul.rows > li")
    assert "没有分钟数" in rows[0].get_text()
    assert rows[0].select_one("small").get_text()
    assert rows_of(database, good) == (1, 1, 1)
    assert len(rows) == 4


def test_an_officer_of_another_branch_takes_in_nothing(client, database, alice, oscar):
    item = new_item()
    response = hand_in(client, oscar, envelope(alice, [item]))
    assert list(errors(page(response, status=404))) == ["file"]
    assert rows_of(database, item) == (0, 0, 0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_member_without_a_post_has_no_such_page(client, alice, method):
    page(client.request(method, FILE, headers=as_member(alice)), status=403)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 a picture",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b"x" * 5_000_000,
        json.dumps({"items": [{}] * 2000}).encode(),
    ],
)
def test_another_file_is_refused_at_the_field(client, sam, content):
    assert list(errors(page(hand_in(client, sam, content), status=422))) == ["file"]


def test_too_many_items_are_refused_at_the_field(client, alice, sam):
    response = hand_in(client, sam, envelope(alice, [new_item()] * 1001))
    assert list(errors(page(response, status=422))) == ["file"]


def test_no_file_is_refused_at_the_field(client, sam):
    response = client.post(FILE, data={}, headers=as_member(sam))
    assert list(errors(page(response, status=422))) == ["file"]
