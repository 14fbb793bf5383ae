"""A faulty question is withdrawn, and the withdrawal taken back: passes are gained by it, and none is ever lost."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import given as holds
from hypothesis import strategies as st

from app.core import clock
from app.core.errors import ForbiddenError
from app.core.ids import new_id
from app.features.study.bank import service as bank
from app.features.study.bank.rules import NewQuestion
from app.features.study.quiz import happened, queries, service
from app.features.study.quiz.rules import QuestionType
from tests.features.study.quizzes import KEYS, OPENS, hand_in, make_quiz, passes, waiting
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page

JUST = ("A", "B", "A", "ABD", "F")
"""15 of 25, study §9."""
TOO_LITTLE = ("A", "C", "A", "AB", "F")
"""5 of 25; 5 of 15 without the second and the fourth, 5 of 5 with the first one alone."""


@pytest.fixture(autouse=True)
def while_it_is_open():
    with time_machine.travel(OPENS + timedelta(hours=1), tick=False) as at:
        yield at


@pytest.fixture
def quiz(given, sam):
    return given(make_quiz, sam)


def names(session, quiz):
    return list(queries.asked(session, quiz))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_without_question_two_a_pass_of_before_stays(client, database, quiz, sam, alice, bob, headers):
    """Study §9: 10 of 20 and passed all the same; who had 10 of 25 has 10 of 20, and no pass."""
    with database.write() as session:
        hand_in(session, quiz, alice, JUST)
        hand_in(session, quiz, bob, ("A", "C", "AC", "ABC", "F"))
        second = names(session, quiz)[1]
    for _twice in range(2):
        sent = client.post(
            f"/study/quizzes/{quiz}/withdraw", data={"question_id": str(second)}, headers=headers | as_member(sam)
        )
        assert sent.status_code < 400
    with database.read() as session:
        (hers,), (his,) = queries.mine(session, quiz, alice.id), queries.mine(session, quiz, bob.id)
        assert (hers.score, hers.total, hers.passed) == (1000, 2000, True)
        assert (his.score, his.total, his.passed) == (1000, 2000, False)
        assert [who for who, _day in passes(session)] == [alice.id]
        assert [one.step for one in happened.history(session, quiz)] == ["planned", "withdrawn"]


def test_a_pass_that_it_brings_is_of_the_day_of_the_attempt(database, quiz, sam, alice, while_it_is_open):
    with database.write() as session:
        hand_in(session, quiz, alice, ("A", "C", "AC", "AB", "F"))  # 10 of 25
        hand_in(session, quiz, sam, ("A", "C", "AC", "AB", "F"))
        there = names(session, quiz)
    day = clock.today()
    while_it_is_open.shift(timedelta(days=50))
    with database.write() as session:
        for at in (1, 3):
            service.withdraw(session, sam.actor, quiz_id=quiz, question_id=there[at])
        assert passes(session) == [(alice.id, day)]
        assert waiting(session) == [(sam.id, day)]  # the own pass of who withdrew it wants another officer


def test_taken_back_the_question_counts_again_and_each_pass_stays(client, database, quiz, sam, alice):
    with database.write() as session:
        hand_in(session, quiz, alice, ("A", "C", "AC", "AB", "F"))
        there = names(session, quiz)
        for at in (1, 3):
            service.withdraw(session, sam.actor, quiz_id=quiz, question_id=there[at])
    own = page(client.get(f"/study/quizzes/{quiz}", headers=ENGLISH | as_member(sam)))
    assert own.find("form", action=f"/study/quizzes/{quiz}/restore")
    for _twice in range(2):
        client.post(f"/study/quizzes/{quiz}/restore", data={"question_id": str(there[1])}, headers=as_member(sam))
    with database.read() as session:
        (hers,) = queries.mine(session, quiz, alice.id)
        assert (hers.score, hers.total, hers.passed) == (1000, 2000, True)
        assert len(passes(session)) == 1
        assert queries.asked(session, quiz)[there[1]].of_quiz.is_drawn
        steps = [one.step for one in happened.history(session, quiz)]
        assert steps == ["planned", "withdrawn", "withdrawn", "restored"]
    text = page(client.get(f"/study/quizzes/{quiz}", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
    assert "withdrawal taken back: “第二题”" in text


def test_a_version_that_was_replaced_is_not_asked_again_by_that(database, quiz, sam):
    with database.write() as session:
        first = names(session, quiz)[0]
        later = bank.change(
            session, sam.actor, question_id=first, new=NewQuestion(QuestionType.SINGLE, "第一题", ["甲", "乙"], "B")
        )
        service.withdraw(session, sam.actor, quiz_id=quiz, question_id=first)
        service.restore(session, sam.actor, quiz_id=quiz, question_id=first)
        there = queries.asked(session, quiz)
        assert (there[first].of_quiz.is_drawn, there[later].of_quiz.is_drawn) == (False, True)


def test_nobody_else_withdraws_or_takes_back(client, database, quiz, alice, oscar, carl):
    with database.write() as session:
        first = names(session, quiz)[0]
        with pytest.raises(ForbiddenError):
            service.restore(session, alice.actor, quiz_id=quiz, question_id=first)
    for person, status in ((alice, 403), (oscar, 404), (carl, 404)):
        for act in ("withdraw", "restore"):
            sent = client.post(
                f"/study/quizzes/{quiz}/{act}", data={"question_id": str(first)}, headers=as_member(person)
            )
            assert sent.status_code == status


@holds(
    tries=st.lists(
        st.tuples(*(st.sampled_from(["", key, "A", "B"]) for key in KEYS[:4]), st.sampled_from("TF")),
        min_size=1,
        max_size=5,
    ),
    faulty=st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=6),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_answered_withdrawn_and_taken_back_no_pass_is_lost(database, given, sam, branch, tries, faulty):
    quiz, person = given(make_quiz, sam, title=f"任意{new_id()}"), given(make_member, branch)
    with database.write() as session:
        for answers in tries:
            hand_in(session, quiz, person, answers)
        there = names(session, quiz)
        for is_withdrawn, at in faulty:
            before = {one.id for one in queries.mine(session, quiz, person.id) if one.passed}
            had = [who for who, _day in passes(session) if who == person.id]
            act = service.withdraw if is_withdrawn else service.restore
            act(session, sam.actor, quiz_id=quiz, question_id=there[at])
            after = queries.mine(session, quiz, person.id)
            assert before <= {one.id for one in after if one.passed}
            has = [who for who, _day in passes(session) if who == person.id]
            assert len(had) <= len(has) <= 1
            assert bool(has) == any(one.passed and one.counts for one in after)
        assert sum(one.counts for one in queries.mine(session, quiz, person.id)) == min(len(tries), 3)
