"""With the code of the receipt a resident sees what became of the wish, and takes it back."""

import logging

import pytest

from app.features.sign_in.rules import ADDRESS_CEILING
from app.features.slips.rules import readable
from app.features.wishes import service as wish_service
from app.features.wishes.contacts.models import WishContact
from app.features.wishes.models import Wish
from app.features.wishes.residents import moderation, service
from app.features.wishes.residents.models import WishSubmission
from app.features.wishes.residents.rules import KEPT_UNREAD_FOR, NETWORK_KNOWN_FOR, RECEIPT_KNOWN_FOR, SubmissionStatus
from app.features.wishes.rules import Category, Status
from tests.features.sign_in.makers import make_failures
from tests.makers import ENGLISH
from tests.page import errors, page


@pytest.fixture
def ask(client):
    """Types the code on the page of receipts, or presses one of its buttons."""

    def type_code(code, at="/receipt", status=200):
        return page(client.post(at, data={"code": code}, headers=ENGLISH), status)

    return type_code


@pytest.fixture
def wish_id(given, submission, cora):
    """The submission as a draft wish."""
    return given(
        moderation.accept,
        cora.actor,
        submission_id=submission.id,
        title="修楼道灯",
        need="",
        category=Category.REPAIRS,
    ).id


def of(database, submission):
    with database.read() as session:
        return session.get(WishSubmission, submission.id)


def test_the_code_is_typed_as_people_type(ask, submission):
    written = f" {readable(submission.code).lower().replace('-', ' ')} "
    answer = ask(written)
    assert "has arrived" in answer.text
    assert "138****5678" in answer.text
    assert "周***" in answer.text
    assert "13812345678" not in answer.text


def test_it_says_how_the_wish_stands(ask, given, submission, wish_id, cora, sam):
    assert "looking at the wish" in ask(submission.code).text
    given(wish_service.submit, wish_id=wish_id, by_id=cora.id)
    given(wish_service.publish, wish_id=wish_id, by_id=sam.id)
    assert "waits for a volunteer" in ask(submission.code).text


def test_a_referred_wish_says_where_to(ask, given, submission, wish_id, sam):
    given(wish_service.refer, wish_id=wish_id, by_id=sam.id, channel="12345 热线", sentence="他们办得更快。")
    answer = ask(submission.code)
    assert "12345 热线" in answer.text
    assert "他们办得更快。" in answer.text
    assert "Take the wish back" not in answer.text


def test_taken_back_before_anybody_read_it(ask, database, submission):
    for _twice in range(2):
        assert "erased" in ask(submission.code, "/receipt/withdraw").text
    row = of(database, submission)
    assert (row.status, row.sealed) == (SubmissionStatus.WITHDRAWN, None)


def test_taken_back_as_a_wish(ask, database, submission, wish_id):
    for _twice in range(2):
        ask(submission.code, "/receipt/withdraw")
    with database.read() as session:
        assert session.get(Wish, wish_id).status is Status.WITHDRAWN
        assert session.get(WishContact, wish_id) is None


def test_a_code_that_is_none(ask, submission):
    assert "code" in errors(ask("0000-0000-0000", status=422))
    assert "code" in errors(ask("abc", status=422))
    assert "code" in errors(ask("", status=422))
    assert "code" in errors(ask("0000-0000-0000", "/receipt/withdraw", 422))


def test_guessing_ends(ask, given, submission):
    given(make_failures, ADDRESS_CEILING.failures, network="receipt:testclient")
    assert "minutes" in errors(ask(submission.code, status=429))["code"]


def test_who_has_the_right_code_is_never_counted(ask, submission):
    for _look in range(8):
        ask(submission.code)


def test_the_code_stands_in_no_address_and_in_no_log(client, submission, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/receipt", data={"code": submission.code})
    assert submission.code not in str(answer.url)
    assert submission.code not in caplog.text
    assert readable(submission.code) not in caplog.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_correction_takes_the_place_of_what_was_sent(client, database, poster, typed, submission):
    typed |= {"receipt": readable(submission.code), "need": "灯换好了，改成修一下扶手。"}
    page(client.post(poster, data=typed))
    with database.read() as session:
        (row,) = session.query(WishSubmission).all()
        assert "扶手" in service.sealed.read(row.sealed, submission_id=row.id).need


def test_a_receipt_that_was_decided_is_not_written_over(client, database, poster, typed, submission, wish_id):
    answer = page(client.post(poster, data=typed | {"receipt": submission.code}))
    assert readable(submission.code) not in answer.text
    with database.read() as session:
        assert session.query(WishSubmission).count() == 2


def test_what_nobody_reads_is_erased_and_old_receipts_go(given, database, submission):
    sent_at = of(database, submission).sent_at
    given(service.sweep, sent_at + NETWORK_KNOWN_FOR * 2)
    row = of(database, submission)
    assert (row.network_digest, row.status) == (None, SubmissionStatus.WAITING)
    assert given(service.sweep, sent_at + KEPT_UNREAD_FOR * 2) == 1
    row = of(database, submission)
    assert (row.sealed, row.status) == (None, SubmissionStatus.LAPSED)
    given(service.sweep, row.ended_at + RECEIPT_KNOWN_FOR * 2)
    assert of(database, submission) is None
