"""An open quiz on the page of today and as one piece of news; what is kept of it, and until when."""

import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import update

from app.features.members.models import Member
from app.features.study.quiz import coverage, own, queries, service
from app.features.study.quiz.due import QUIZ_DUE
from app.features.study.quiz.models import Quiz
from tests.features.study.quizzes import OPENS, hand_in, make_quiz, passes
from tests.makers import ENGLISH, as_member
from tests.page import page

RIGHT = ("A", "B", "AC", "ABD", "T")
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def while_it_is_open():
    with time_machine.travel(NOON, tick=False) as at:
        yield at


@pytest.fixture
def quiz(given, sam):
    return given(make_quiz, sam)


def told(session):
    return {one.member_id: one for one in QUIZ_DUE.due(session, NOON)}


def today(client, person):
    return page(client.get("/", headers=ENGLISH | as_member(person))).get_text(" ", strip=True)


def test_who_is_asked_and_has_not_begun_reads_a_line_and_one_piece_of_news(
    client, database, quiz, alice, bob, olga, carl
):
    with database.write() as session:
        hand_in(session, quiz, bob, RIGHT)
        news = told(session)
        assert alice.id in news
        assert news[alice.id].once
        assert not {bob.id, olga.id, carl.id} & news.keys()
        said = QUIZ_DUE.words(news[alice.id].details)
    assert "三月测试" in said
    assert "三月测试" in today(client, alice)
    assert "三月测试" not in today(client, olga)


def test_before_it_opens_and_after_it_closes_nobody_hears_of_it(database, quiz, alice):
    with database.read() as session:
        for now in (OPENS - timedelta(minutes=1), OPENS + timedelta(days=31)):
            assert not QUIZ_DUE.due(session, now)


def test_no_officer_reads_who_has_not_taken_part(client, database, given, quiz, sam, alice, bob):
    with database.write() as session:
        hand_in(session, quiz, bob, RIGHT)
    text = page(client.get(f"/study/quizzes/{quiz}", headers=ENGLISH | as_member(sam))).get_text(" ", strip=True)
    assert alice.name not in text
    assert bob.name not in text


def test_alice_takes_along_what_she_answered_and_nobody_else_s(client, database, quiz, alice, bob):
    with database.write() as session:
        for person in (alice, bob):
            hand_in(session, quiz, person, RIGHT)
    file = client.get("/me/export.xlsx", headers=ENGLISH | as_member(alice))
    sheet = next(
        one for one in load_workbook(io.BytesIO(file.content)).worksheets if one.title.startswith("Quizzes you took")
    )
    rows = list(sheet.values)
    assert len(rows) == 2
    assert "1. A; 2. B; 3. AC; 4. ABD; 5. T" in rows[1]
    in_chinese = load_workbook(io.BytesIO(client.get("/me/export.xlsx", headers=as_member(alice)).content))
    assert any("作答" in row for sheet in in_chinese.worksheets for row in sheet.values)
    with time_machine.travel(OPENS + timedelta(days=40)):
        assert "已结束" in client.get("/study/quizzes", headers=as_member(alice)).text


def test_a_year_after_somebody_left_answers_and_score_are_erased_and_the_numbers_stay(database, quiz, alice, sam):
    with database.write() as session:
        hand_in(session, quiz, alice, RIGHT)
        session.execute(update(Member).where(Member.id == alice.id).values(left_on=NOON.date()))
        assert own.forget_leavers(session, NOON + timedelta(days=300)) == 0
        for number in (1, 0):
            assert own.forget_leavers(session, NOON + timedelta(days=370)) == number
    with database.write() as session:
        (there,) = queries.mine(session, quiz, alice.id)
        assert (there.answers, there.score, there.total, there.passed) == ({}, 0, 0, True)
        assert coverage.of_branch(session, session.get(Quiz, quiz), sam.branch_id).taken == 1
        for name in queries.asked(session, quiz):  # what was erased is scored by nothing any more
            service.withdraw(session, sam.actor, quiz_id=quiz, question_id=name)
        assert len(passes(session)) == 1
