"""A draw that anybody computes again: by hand, on its page and by command; its seed is told once it helps nobody."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine

from app.features.study.bank import service as bank
from app.features.study.bank.rules import NewQuestion
from app.features.study.quiz import queries, service
from app.features.study.quiz.rules import QuestionType
from tests.features.study.quizzes import OPENS, hand_in, make_quiz
from tests.makers import ENGLISH, as_member
from tests.page import page
from tests.tries import answer

UNANSWERED = ("", "")


@pytest.fixture(autouse=True)
def while_it_is_open():
    with time_machine.travel(OPENS + timedelta(hours=1), tick=False) as at:
        yield at


@pytest.fixture
def quiz(given, sam):
    return given(make_quiz, sam, take=2)


def drawn_by_hand(seed, ids, take):
    return sorted(ids, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest())[:take]


def draw_page(client, quiz, person):
    return page(client.get(f"/study/quizzes/{quiz}/draw", headers=ENGLISH | as_member(person)))


def test_drawn_sets_differ_between_people_and_anybody_recomputes_them(database, quiz, alice, bob, sam):
    with database.read() as session:
        of, there = queries.quiz(session, alice.actor, quiz), queries.asked(session, quiz)
        sets = {who.id: queries.next_set(session, who.actor, of, there).question_ids for who in (alice, bob, sam)}
        for who, drawn in sets.items():
            seed = hashlib.sha256(f"{of.seed}:{who}:1".encode()).hexdigest()
            assert list(drawn) == drawn_by_hand(seed, there, 2)


def test_while_it_is_open_its_page_shows_the_promise_and_no_seed(client, database, quiz, alice, sam):
    with database.write() as session:
        hand_in(session, quiz, alice, UNANSWERED)
        seed = queries.quiz(session, alice.actor, quiz).seed
    for person in (alice, sam):  # not to the planner either: it would tell which questions come
        text = str(draw_page(client, quiz, person))
        assert seed not in text
        assert hashlib.sha256(seed.encode()).hexdigest() in text


def test_once_closed_alice_computes_her_draw_again_by_the_printed_command(
    client, database, quiz, alice, while_it_is_open
):
    with database.write() as session:
        mine = [list(hand_in(session, quiz, alice, UNANSWERED).answers) for _attempt in range(2)]
        seed = queries.quiz(session, alice.actor, quiz).seed
    while_it_is_open.shift(timedelta(days=40))
    shown = draw_page(client, quiz, alice)
    assert seed in shown.get_text()
    assert hashlib.sha256(seed.encode()).hexdigest() in shown.get_text()
    commands = [one.get_text().splitlines() for one in shown.find_all("pre")]
    assert len(commands) == 2
    for number, (command, questions) in enumerate(zip(commands, mine, strict=True), start=1):
        (case,) = json.loads(command[1])
        assert case["seed"] == hashlib.sha256(f"{seed}:{alice.id}:{number}".encode()).hexdigest()
        assert set(drawn_by_hand(case["seed"], case["ids"], case["take"])) == set(questions)
        assert set(answer("draw", case)["drawn"]) == set(questions)


def test_what_was_withdrawn_or_corrected_since_does_not_change_an_earlier_draw(
    client, database, quiz, alice, sam, while_it_is_open
):
    with database.write() as session:
        before = set(hand_in(session, quiz, alice, UNANSWERED).answers)
        names = list(queries.asked(session, quiz))
    while_it_is_open.shift(timedelta(days=1))
    with database.write() as session:
        service.withdraw(session, sam.actor, quiz_id=quiz, question_id=names[0])
        new = NewQuestion(QuestionType.SINGLE, "第二题", ["甲", "乙", "丙", "丁"], "D")
        bank.change(session, sam.actor, question_id=names[1], new=new)
        hand_in(session, quiz, alice, UNANSWERED)
    while_it_is_open.shift(timedelta(days=1))
    with database.write() as session:
        service.restore(session, sam.actor, quiz_id=quiz, question_id=names[0])
    while_it_is_open.shift(timedelta(days=40))
    cases = [json.loads(one.get_text().splitlines()[1])[0] for one in draw_page(client, quiz, alice).find_all("pre")]
    assert [len(case["ids"]) for case in cases] == [5, 4]
    assert set(answer("draw", cases[0])["drawn"]) == before


def test_a_stranger_finds_no_draw_and_bob_not_alice_s(client, database, quiz, alice, bob, olga, while_it_is_open):
    with database.write() as session:
        hand_in(session, quiz, alice, UNANSWERED)
    while_it_is_open.shift(timedelta(days=40))
    assert client.get(f"/study/quizzes/{quiz}/draw", headers=as_member(olga)).status_code == 404
    shown = draw_page(client, quiz, bob)
    assert not shown.find("pre")
    assert str(alice.id) not in shown.get_text()


def test_the_result_leads_to_the_draw(client, database, quiz, alice):
    with database.write() as session:
        hand_in(session, quiz, alice, UNANSWERED)
    own = page(client.get(f"/study/quizzes/{quiz}", headers=as_member(alice)))
    assert own.find("a", href=f"/study/quizzes/{quiz}/draw")
