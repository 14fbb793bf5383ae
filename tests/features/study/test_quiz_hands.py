"""Who may know the keys of a quiz before answering it: what such a person passes waits for another officer."""

from datetime import timedelta

import pytest
import time_machine

from app.core.errors import BadInputError
from app.core.ids import new_id
from app.features.members.models import RoleTerm
from app.features.members.rules import Role
from app.features.reviews import service as reviews
from app.features.reviews.rules import ReviewStatus
from app.features.study.bank import service as bank
from app.features.study.bank.rules import NewQuestion
from app.features.study.quiz import queries, service
from app.features.study.quiz.models import BankQuestion
from app.features.study.quiz.rules import QuestionType
from tests.features.study.quizzes import OPENS, attempt, hand_in, make_quiz, passes, waiting
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_member
from tests.page import page

RIGHT = ("A", "B", "AC", "ABD", "T")


@pytest.fixture(autouse=True)
def while_it_is_open():
    with time_machine.travel(OPENS + timedelta(hours=1), tick=False) as at:
        yield at


@pytest.fixture
def quiz(given, sam):
    return given(make_quiz, sam)


@pytest.fixture
def paula(given, branch):
    """Publicity commissioner: keeps the bank and approves nothing."""
    return given(make_member, branch, "潘澜", roles=(Role.PUBLICITY,))


def who(rows):
    return {member for member, _day in rows}


def test_everybody_whose_post_opens_the_bank_waits_and_nobody_else(
    database, quiz, sam, dora, paula, alice, given, branch
):
    """The discipline commissioner reads no key; the group leader neither."""
    others = [given(make_member, branch, "纪严", roles=(Role.DISCIPLINE,)), alice]
    with database.write() as session:
        for person in (sam, dora, paula, *others):
            hand_in(session, quiz, person, RIGHT)
        assert who(waiting(session)) == {sam.id, dora.id, paula.id}
        assert who(passes(session)) == {person.id for person in others}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_another_officer_approves_and_nobody_the_own(client, database, quiz, sam, dora, alice, headers):
    with database.write() as session:
        attempts = {person.id: hand_in(session, quiz, person, RIGHT).id for person in (sam, dora)}
    said = page(client.get("/approvals", headers=ENGLISH | as_member(dora))).get_text(" ", strip=True)
    assert "May have known the keys" in said
    assert "2500" not in said
    for person in (sam, alice):
        form = {"ids": [str(attempts[sam.id])], "decision": "approve"}
        client.post("/approvals/decide", data=form, headers=headers | as_member(person))
    with database.read() as session:
        assert passes(session) == []
    with database.write() as session:
        reviews.approve(session, dora.actor, [attempts[sam.id]])
        reviews.approve(session, sam.actor, [attempts[dora.id]])
        assert who(passes(session)) == {sam.id, dora.id}
    with database.write() as session:
        hand_in(session, quiz, sam, RIGHT)  # a better attempt brings no second pass
        assert waiting(session) == []
        assert len(passes(session)) == 2
    leads = client.get(f"/study/quizzes/of/{attempts[sam.id]}", headers=as_member(dora), follow_redirects=False)
    assert leads.headers["location"] == f"/study/quizzes/{quiz}"


def test_one_pass_waits_once_and_a_returned_one_may_be_tried_again(database, quiz, sam, dora):
    with database.write() as session:
        first = hand_in(session, quiz, sam, RIGHT).id
        hand_in(session, quiz, sam, RIGHT)
        assert len(waiting(session)) == 1
        reviews.return_to_member(session, dora.actor, [first], reason="答案是您自己定的")
        hand_in(session, quiz, sam, RIGHT)
        assert len(waiting(session)) == 1
        assert passes(session) == []


def test_who_left_the_post_after_the_quiz_was_planned_waits_too(client, database, quiz, paula, while_it_is_open):
    while_it_is_open.shift(timedelta(days=2))
    with database.write() as session:
        (term,) = session.query(RoleTerm).where(RoleTerm.member_id == paula.id)
        term.ends_on = (OPENS + timedelta(days=1)).date()
    with database.write() as session:
        hand_in(session, quiz, paula, RIGHT)
        assert who(waiting(session)) == {paula.id}


def test_who_was_in_post_long_before_it_was_planned_does_not(database, given, sam, paula):
    with database.write() as session:
        (term,) = session.query(RoleTerm).where(RoleTerm.member_id == paula.id)
        term.ends_on = (OPENS - timedelta(days=60)).date()
    quiz = given(make_quiz, sam)
    with database.write() as session:
        hand_in(session, quiz, paula, RIGHT)
        assert who(passes(session)) == {paula.id}


def test_who_wrote_a_question_and_then_lost_the_post_waits(database, given, sam, paula):
    """The first version was hers; another hand corrected it, and both are known."""
    with database.write() as session:
        new = NewQuestion(QuestionType.SINGLE, "谁写的", ["甲", "乙"], "A")
        written = bank.add(session, paula.actor, bank_id=paula.branch_id, new=new)
        (term,) = session.query(RoleTerm).where(RoleTerm.member_id == paula.id)
        term.ends_on = (OPENS - timedelta(days=60)).date()
        new = NewQuestion(QuestionType.SINGLE, "谁写的", ["甲", "乙", "丙"], "A")
        corrected = bank.change(session, sam.actor, question_id=written, new=new)
        assert corrected != written
        authors = [session.get(BankQuestion, name).entered_by_id for name in (written, corrected)]
        assert authors == [paula.id, sam.id]
    quiz = given(make_quiz, sam, question_ids=[corrected])
    with database.write() as session:
        hand_in(session, quiz, paula, ("A",))
        assert who(waiting(session)) == {paula.id}


def test_the_own_hand_corrects_in_place_as_long_as_nobody_was_asked(database, sam):
    with database.write() as session:
        new = NewQuestion(QuestionType.SINGLE, "自己改", ["甲", "乙"], "A")
        name = bank.add(session, sam.actor, bank_id=sam.branch_id, new=new)
        new = NewQuestion(QuestionType.SINGLE, "自己改", ["甲", "乙"], "B")
        assert bank.change(session, sam.actor, question_id=name, new=new) == name
        assert (session.get(BankQuestion, name).key, session.get(BankQuestion, name).version) == ("B", 1)


def test_a_correction_by_another_hand_is_what_a_planned_quiz_asks(database, given, sam, dora, while_it_is_open):
    quiz = given(make_quiz, sam, opens_at=OPENS + timedelta(days=1))
    with database.write() as session:
        first = next(iter(queries.asked(session, quiz)))
        new = NewQuestion(QuestionType.SINGLE, "第一题", ["甲", "乙", "丙", "丁"], "D")
        later = bank.change(session, dora.actor, question_id=first, new=new)
        drawn = [name for name, one in queries.asked(session, quiz).items() if one.of_quiz.is_drawn]
        assert first not in drawn
        assert later in drawn
        assert len(drawn) == 5


def test_who_planned_another_quiz_with_the_committee_s_question_waits_in_the_committee_s(
    database, given, carl, oscar, olga, committee, other_branch
):
    """The page of the other quiz shows the planner its keys."""
    quiz = given(make_quiz, carl, organisation_id=committee.id)
    names = list(given(queries.asked, quiz))
    given(make_quiz, oscar, question_ids=names[:1], title="偷看", opens_at=OPENS + timedelta(days=20))
    with database.write() as session:
        for person in (oscar, olga):
            hand_in(session, quiz, person, RIGHT)
        assert who(waiting(session)) == {oscar.id}
        assert who(passes(session)) == {olga.id}


def test_nobody_who_could_gain_reads_a_key_on_its_page_open_or_closed(client, given, quiz, branch, alice):
    organiser = given(make_member, branch, "祖织", roles=(Role.ORGANISATION,))
    for days in (0, 40):
        with time_machine.travel(OPENS + timedelta(days=days)):
            for person in (organiser, alice):
                shown = client.get(f"/study/quizzes/{quiz}", headers=ENGLISH | as_member(person))
                assert "Questions and keys" not in shown.text


def test_in_a_branch_with_one_officer_the_committee_decides(database, given, carl):
    branch = given(make_branch, "独一支部")
    only = given(make_member, branch, "单人", roles=(Role.SECRETARY,))
    quiz = given(make_quiz, only)
    with database.write() as session:
        own = hand_in(session, quiz, only, RIGHT)
        outcome = reviews.approve(session, carl.actor, [own.id])
        assert [one.status for one in outcome.done] == [ReviewStatus.APPROVED]
        assert who(passes(session)) == {only.id}


def test_a_forged_id_of_a_question_of_another_quiz_is_refused(database, given, quiz, sam, alice):
    other = given(make_quiz, sam, title="别的")
    with database.write() as session:
        mine, theirs = attempt(session, quiz, alice, RIGHT), attempt(session, other, alice, RIGHT)
        fields = {name: getattr(mine, name) for name in service.NewAttempt.__slots__}
        swapped = mine.given._replace(question_ids=theirs.given.question_ids)
        with pytest.raises(BadInputError):
            service.hand_in(
                session,
                service.NewAttempt(**fields | {"id": new_id(), "given": swapped, "answers": theirs.answers}),
            )
