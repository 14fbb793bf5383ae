"""Answers out of a phone's queue: what counts, what is practice, and what is forged, each with its word."""

from datetime import timedelta

import pytest
import time_machine

from app.core import clock
from app.core.ids import new_id
from app.features.members.rules import Role
from app.features.study.quiz import own, queries, service
from app.features.study.quiz.models import ShowAnswers
from tests.features.study.quizzes import OPENS, attempt, make_quiz, passes, waiting
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

RIGHT = ("A", "B", "AC", "ABD", "T")
WRONG = ("B", "A", "B", "A", "F")


@pytest.fixture(autouse=True)
def while_it_is_open():
    with time_machine.travel(OPENS + timedelta(hours=1), tick=False) as at:
        yield at


@pytest.fixture
def quiz(given, sam):
    return given(make_quiz, sam)


@pytest.fixture
def take(database, quiz):
    """What the page of questions gives a person, filled with these answers."""

    def run(person, answers=RIGHT):
        with database.read() as session:
            new = attempt(session, quiz, person, answers)
        return {
            "quiz_id": str(quiz),
            "number": new.given.number,
            "signature": new.given.signature,
            "answers": {str(name): letters for name, letters in new.answers.items()},
        }

    return run


def send(client, person, payload, *, item_id=None, made=None):
    """One item as a phone sends it; gives verdict, code and id."""
    now = clock.local_time(clock.now()).isoformat()
    item = {
        "id": item_id or str(new_id()),
        "kind": "quiz.attempt",
        "payload": payload,
        "occurred_at": made or now,
        "seq": 1,
        "made_offline": True,
    }
    envelope = {
        "device_id": "phone",
        "member_id": str(person.id),
        "sent_at": now,
        "app_version": "0.1.0",
        "items": [item],
    }
    (said,) = client.post("/sync", json=envelope, headers=as_member(person)).json()["verdicts"]
    return said["verdict"], said.get("code"), item["id"]


def test_sent_twice_it_counts_once_and_its_score_is_the_server_s(client, database, quiz, take, alice):
    payload = take(alice, WRONG) | {"score": 2500, "total": 2500, "passed": True}
    verdict, code, item_id = send(client, alice, payload)
    assert (verdict, code) == ("accepted", "counted")
    send(client, alice, payload, item_id=item_id)
    with database.read() as session:
        (there,) = queries.mine(session, quiz, alice.id)
        assert (there.score, there.passed) == (0, False)
        assert passes(session) == []


@pytest.mark.parametrize("forged", ["member", "signature", "number", "question", "option", "two of one"])
def test_what_is_forged_is_a_bad_payload(client, database, quiz, take, alice, bob, forged):
    payload = take(bob if forged == "member" else alice)
    first, *others = payload["answers"]
    payload |= {
        "member": {},
        "signature": {"signature": "0" * 64},
        "number": {"number": 3},
        "question": {"answers": {str(new_id()): "A"} | dict.fromkeys(others, "A")},
        "option": {"answers": payload["answers"] | {first: "H"}},
        "two of one": {"answers": payload["answers"] | {first: "AB"}},
    }[forged]
    verdict, code, _id = send(client, alice, payload)
    assert (verdict, code) == ("refused", "bad_payload")
    with database.read() as session:
        assert not queries.mine(session, quiz, alice.id)
        assert passes(session) == []


def test_the_fourth_attempt_is_practice_and_so_is_one_after_closing(
    client, database, quiz, take, alice, bob, while_it_is_open
):
    for _attempt in range(3):
        assert send(client, alice, take(alice, WRONG))[:2] == ("accepted", "counted")
    assert send(client, alice, take(alice))[:2] == ("accepted", "practice")
    early = take(bob)
    while_it_is_open.shift(timedelta(days=40))
    assert send(client, bob, early)[:2] == ("accepted", "practice")
    with database.read() as session:
        assert passes(session) == []
    with database.read() as session:
        assert waiting(session) == []


def test_answered_in_time_on_a_train_it_counts_whenever_it_arrives(
    client, database, quiz, take, alice, bob, while_it_is_open
):
    mine = take(alice)
    send(client, bob, take(bob, WRONG))
    second = take(bob)
    made = clock.local_time(clock.now()).isoformat()
    while_it_is_open.shift(timedelta(days=40))
    for person, payload in ((alice, mine), (bob, second)):
        assert send(client, person, payload, made=made)[:2] == ("accepted", "late_upload")
    with database.read() as session:
        assert [who for who, _day in passes(session)] == [alice.id]
        # Bob's page has shown him the answers since it closed: another officer says whether he knew them
        assert [who for who, _day in waiting(session)] == [bob.id]


def test_who_has_read_the_answers_by_a_practice_has_no_pass_by_a_forged_moment(
    client, database, quiz, take, bob, sam, while_it_is_open
):
    payload = take(bob)
    made = clock.local_time(clock.now()).isoformat()
    while_it_is_open.shift(timedelta(days=40))
    send(client, bob, payload)
    while_it_is_open.shift(timedelta(minutes=1))
    assert send(client, bob, payload, made=made)[:2] == ("accepted", "late_upload")
    with database.write() as session:
        withdrawn = next(iter(queries.asked(session, quiz)))
        service.withdraw(session, sam.actor, quiz_id=quiz, question_id=withdrawn)  # which lets nothing slip through
        assert passes(session) == []
        assert [who for who, _day in waiting(session)] == [bob.id]


def shown(client, quiz, person):
    return page(client.get(f"/study/quizzes/{quiz}", headers=ENGLISH | as_member(person))).get_text(" ", strip=True)


def test_an_officer_who_plans_no_quiz_reads_no_key_without_an_attempt(
    client, database, given, quiz, take, branch, sam, while_it_is_open
):
    """Who has kept the questions could else read the key after closing and send a moment of before."""
    orla = given(make_member, branch, "欧兰", roles=(Role.ORGANISATION,))
    payload = take(orla)
    made = clock.local_time(clock.now()).isoformat()
    while_it_is_open.shift(timedelta(days=40))
    assert "Questions and keys" not in shown(client, quiz, orla)
    assert "Questions and keys" in shown(client, quiz, sam)
    send(client, orla, payload)
    assert "Answers and explanations" in shown(client, quiz, orla).split("My attempts")[1]
    while_it_is_open.shift(timedelta(minutes=1))
    send(client, orla, payload, made=made)
    with database.read() as session:
        assert passes(session) == []
        assert [who for who, _day in waiting(session)] == [orla.id]


@pytest.mark.parametrize("shows", [*ShowAnswers])
def test_the_same_set_sent_again_tries_out_no_key(client, database, given, alice, sam, shows, while_it_is_open):
    quiz = given(make_quiz, sam, shows=shows)
    with database.write() as session:
        first = attempt(session, quiz, alice, WRONG)
        service.hand_in(session, first)
        fields = {name: getattr(first, name) for name in service.NewAttempt.__slots__}
        tried = {"id": new_id(), "answers": dict(zip(first.answers, RIGHT, strict=True))}
        while_it_is_open.shift(timedelta(seconds=1))
        service.hand_in(session, service.NewAttempt(**fields | tried | {"received_at": clock.now()}))
    text = shown(client, quiz, alice)
    assert "Its score stands here after closing." in text
    assert "100.00 %" not in text
    assert ("Right:" in text) is (shows is ShowAnswers.AFTER_EACH)  # of the attempt that counts
    with database.read() as session:
        assert [(row.score, row.passed) for row in own.ATTEMPTS.rows(session, alice.actor)] == [
            (0, False),
            (None, None),
        ]
    while_it_is_open.shift(timedelta(days=40))
    assert "100.00 %" in shown(client, quiz, alice)


def test_no_phone_keeps_a_page_with_a_key_on_it(client, quiz, alice, sam):
    take, both = f"/study/quizzes/{quiz}/take", [f"/study/quizzes/{quiz}", f"/study/quizzes/{quiz}/take"]
    for person, pages in ((alice, both), (sam, [take])):
        assert client.get("/sync/lists", headers=as_member(person)).json()["pages"] == pages
