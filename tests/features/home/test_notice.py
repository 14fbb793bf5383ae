"""The notice of purposes: shown once for each version, answered freely, taken back at will."""

import hashlib

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from app.features.home import notice
from app.features.home.models import NoticeAnswer
from app.features.home.purposes import OF_COMMUNITY, PURPOSES
from tests.features.wishes.makers import make_collector, make_community
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import page
from tests.races import race

SAID_BY = {"2027-01": "2ffbcf4a"}
"""Of each version the digest of what is kept and who sees it: who changes that gives it a new version."""


def is_asked(client, person):
    return bool(page(client.get("/", headers=as_member(person))).select("main a[href='/me/notice']"))


def answers(database):
    with database.read() as session:
        return session.execute(select(NoticeAnswer.version, NoticeAnswer.agreed).order_by(NoticeAnswer.id)).all()


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
@pytest.mark.parametrize("said", ["yes", "no"])
def test_alice_is_asked_once_whatever_she_says(client, database, alice, bob, headers, status, said):
    assert is_asked(client, alice)
    for _ in range(2):
        assert (
            client.post("/me/notice", data={"agreed": said}, headers=headers | as_member(alice)).status_code == status
        )
    assert answers(database) == [(notice.VERSION, said == "yes")]
    assert not is_asked(client, alice)
    assert is_asked(client, bob)


@pytest.mark.race
def test_eight_taps_at_once_are_one_answer(database, alice):
    def tap(_number):
        with database.write() as session:
            notice.answer(session, alice.actor, agreed=True)

    assert race(8, tap) == [None] * 8
    assert answers(database) == [(notice.VERSION, True)]


def test_whoever_does_not_agree_reads_and_records_as_before(client, alice):
    client.post("/me/notice", data={"agreed": "no"}, headers=as_member(alice))
    for address in ("/", "/study", "/study/new", "/sheet", "/wishes", "/me"):
        page(client.get(address, headers=as_member(alice)))


def test_an_agreement_is_taken_back(client, database, alice):
    for said in ("yes", "no"):
        client.post("/me/notice", data={"agreed": said}, headers=as_member(alice))
    assert [answer.agreed for answer in answers(database)] == [True, False]
    assert "You have not agreed." in page(client.get("/me/notice", headers=as_member(alice) | ENGLISH)).main.get_text()


def test_who_answered_an_older_version_is_asked_again(client, database, alice):
    with database.write() as session:
        session.add(NoticeAnswer(member_id=alice.id, version="2000-01", agreed=True))
    assert is_asked(client, alice)
    client.post("/me/notice", data={"agreed": "yes"}, headers=as_member(alice))
    assert not is_asked(client, alice)
    assert answers(database) == [("2000-01", True), (notice.VERSION, True)]


def test_the_notice_names_every_purpose(client, alice):
    told = page(client.get("/me/notice", headers=as_member(alice) | ENGLISH)).main.get_text()
    for purpose in PURPOSES.values():
        assert purpose.used_for.message in told


def test_who_works_for_a_community_reads_an_own_one(client, given, branch):
    cora = given(make_collector, given(make_community, branch))
    told = page(client.get("/me/notice", headers=as_member(cora) | ENGLISH)).main.get_text()
    assert all(purpose.used_for.message in told for purpose in OF_COMMUNITY.values())
    assert page(client.get("/me", headers=as_member(cora))).select("main a[href='/me/notice']")


def test_who_keeps_more_or_shows_it_to_others_changes_the_version():
    told = "".join(
        f"{name}:{one.seen_by.message};" for table in (PURPOSES, OF_COMMUNITY) for name, one in table.items()
    )
    assert hashlib.sha256(told.encode()).hexdigest().startswith(SAID_BY[notice.VERSION])


def test_what_was_said_stays_so(database, client, alice):
    client.post("/me/notice", data={"agreed": "yes"}, headers=as_member(alice))
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(update(NoticeAnswer).values(agreed=False))
