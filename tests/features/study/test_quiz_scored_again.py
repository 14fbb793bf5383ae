"""Attempts of many are scored anew some people at a time: stopped in the middle it goes on, by hand or by itself."""

from datetime import timedelta

import pytest
import time_machine

from app.core import clock
from app.features.study.quiz import again, happened, queries, service
from tests.features.study.quizzes import OPENS, hand_in, make_quiz, passes
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import fragment, page

TOO_LITTLE = ("A", "C", "AC", "AB", "F")
"""10 of 25; 10 of 15 without the second and the fourth."""


@pytest.fixture(autouse=True)
def while_it_is_open(monkeypatch):
    monkeypatch.setattr(again, "AT_ONCE", 2)
    with time_machine.travel(OPENS + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def quiz(given, sam, alice, bob, branch, database):
    """Five have handed it in; the second question is withdrawn already."""
    quiz = given(make_quiz, sam)
    people = [alice, bob, *(given(make_member, branch) for _more in range(3))]
    with database.write() as session:
        for person in people:
            hand_in(session, quiz, person, TOO_LITTLE)
        came = service.withdraw(session, sam.actor, quiz_id=quiz, question_id=names(session, quiz)[1])
        while not came.portion.is_last:
            came = service.go_on(session, sam.actor, quiz_id=quiz)
    return quiz


def names(session, quiz):
    return list(queries.asked(session, quiz))


@pytest.fixture
def fourth(database, quiz):
    with database.read() as session:
        return {"question_id": str(names(session, quiz)[3])}


def passed(database):
    with database.read() as session:
        return len(passes(session))


def test_with_a_bar_it_goes_on_from_where_it_was_left(client, database, quiz, fourth, sam):
    bar = fragment(client.post(f"/study/quizzes/{quiz}/withdraw", data=fourth, headers=HTMX | ENGLISH | as_member(sam)))
    assert bar.find("progress")["value"] == "2"
    assert passed(database) == 2  # and here the browser is closed
    left = page(client.get(f"/study/quizzes/{quiz}", headers=ENGLISH | as_member(sam)))
    assert left.find("form", action=f"/study/quizzes/{quiz}/score")
    client.post(f"/study/quizzes/{quiz}/score", headers=as_member(sam))
    assert passed(database) == 5
    done = page(client.get(f"/study/quizzes/{quiz}", headers=ENGLISH | as_member(sam)))
    assert not done.find("form", action=f"/study/quizzes/{quiz}/score")


def test_a_plain_form_waits_for_all_and_twice_is_once(client, database, quiz, fourth, sam):
    for _twice in range(2):
        client.post(f"/study/quizzes/{quiz}/withdraw", data=fourth, headers=as_member(sam))
    with database.read() as session:
        assert len(passes(session)) == 5
        assert [one.step for one in happened.history(session, quiz)] == ["planned", "withdrawn", "withdrawn"]


def test_what_nobody_goes_on_with_the_sweep_finishes(client, database, quiz, fourth, sam):
    client.post(f"/study/quizzes/{quiz}/withdraw", data=fourth, headers=HTMX | as_member(sam))
    assert [again.finish(database, clock.now()) for _twice in range(2)] == [1, 0]
    assert passed(database) == 5


def test_taken_back_in_the_middle_everybody_is_scored_by_what_holds(client, database, quiz, fourth, sam, alice):
    client.post(f"/study/quizzes/{quiz}/withdraw", data=fourth, headers=HTMX | as_member(sam))
    client.post(f"/study/quizzes/{quiz}/restore", data=fourth, headers=as_member(sam))
    with database.read() as session:
        (hers,) = queries.mine(session, quiz, alice.id)
        assert (hers.score, hers.total) == (1000, 2000)
        assert len(passes(session)) == 2  # no pass is taken away


def test_nobody_else_goes_on_with_it(client, quiz, fourth, sam, alice, oscar):
    client.post(f"/study/quizzes/{quiz}/withdraw", data=fourth, headers=HTMX | as_member(sam))
    assert client.post(f"/study/quizzes/{quiz}/score", headers=as_member(alice)).status_code == 403
    assert client.post(f"/study/quizzes/{quiz}/score", headers=as_member(oscar)).status_code == 404
