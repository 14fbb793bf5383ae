"""A committee's quiz for its branches: each branch reads its own numbers, the committee those of all, none of few."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import update

from app.core.ids import new_id
from app.features.members.models import Member
from app.features.members.rules import Role
from app.features.study.quiz import coverage, queries
from app.features.study.quiz.coverage import Coverage
from app.features.study.quiz.models import Quiz
from tests.features.study.quizzes import OPENS, hand_in, make_quiz, passes
from tests.makers import ENGLISH, HTMX, as_member, make_branch, make_general_branch, make_member
from tests.page import page

RIGHT = ("A", "B", "AC", "ABD", "T")
WRONG = ("B", "A", "B", "A", "F")


@pytest.fixture(autouse=True)
def while_it_is_open():
    with time_machine.travel(OPENS + timedelta(hours=1), tick=False) as at:
        yield at


@pytest.fixture
def quiz(given, carl, committee):
    """Of the committee, for all of its branches."""
    return given(make_quiz, carl, organisation_id=committee.id)


def text(client, address, person):
    return page(client.get(address, headers=ENGLISH | as_member(person))).get_text(" ", strip=True)


def planned(names, **said):
    form = {"id": str(new_id()), "title": "委员会测试", "opens_on": "2026-03-09", "closes_on": "2026-03-20"}
    return form | {"questions": [str(name) for name in names]} | said


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_carl_asks_chosen_branches_with_the_committee_s_questions(
    client, database, quiz, carl, committee, branch, other_branch, alice, olga, headers
):
    with database.read() as session:
        names = list(queries.asked(session, quiz))
    offered = page(client.get(f"/study/quizzes/new?of={committee.id}", headers=ENGLISH | as_member(carl)))
    assert [box["value"] for box in offered.find_all("input", {"name": "chosen"})][:2]
    form = planned(names, organisation_id=str(committee.id), chosen=[str(branch.id)])
    for _twice in range(2):
        client.post("/study/quizzes", data=form, headers=headers | as_member(carl))
    assert client.get(f"/study/quizzes/{form['id']}", headers=as_member(alice)).status_code == 200
    assert client.get(f"/study/quizzes/{form['id']}/take", headers=as_member(olga)).status_code == 404
    assert client.get(f"/study/quizzes/{form['id']}", headers=as_member(olga)).status_code == 404


def test_nobody_asks_branches_out_of_reach(client, database, given, quiz, carl, sam, committee, branch, other_branch):
    with database.read() as session:
        names = list(queries.asked(session, quiz))
    general = given(make_general_branch, "第一党总支", committee)
    below = given(make_branch, "总支下支部", parent=general)
    gina = given(make_member, below, "葛琳", roles=(Role.COMMITTEE_OFFICER,), at=general)
    for person, organisation, chosen, status in (
        (gina, committee.id, [], 404),  # not hers to speak for
        (gina, general.id, [branch.id], 404),  # not below her
        (gina, general.id, [], 303),
        (sam, committee.id, [], 404),
        (sam, branch.id, [other_branch.id], 404),
    ):
        form = planned(names, organisation_id=str(organisation), chosen=[str(one) for one in chosen])
        assert client.post("/study/quizzes", data=form, headers=as_member(person)).status_code == status
        if status == 303:
            with database.read() as session:
                assert queries.asks(session, UUID(form["id"]), below.id)


def test_an_officer_of_a_branch_neither_changes_it_nor_reads_its_keys(client, database, quiz, sam, carl, olga):
    with database.read() as session:
        first = next(iter(queries.asked(session, quiz)))
    said = text(client, f"/study/quizzes/{quiz}", sam)
    assert "Questions and keys" not in said
    assert "All branches" not in said
    for act in ("withdraw", "restore", "off"):
        sent = client.post(f"/study/quizzes/{quiz}/{act}", data={"question_id": str(first)}, headers=as_member(sam))
        assert sent.status_code == 404
    assert client.get(f"/study/quizzes/{quiz}/branches", headers=as_member(sam)).status_code == 404
    assert client.get(f"/study/quizzes/{quiz}/branches", headers=as_member(olga)).status_code == 403
    assert "Questions and keys" in text(client, f"/study/quizzes/{quiz}", carl)


def test_members_of_all_branches_answer_and_each_pass_counts_at_home(database, quiz, alice, olga):
    with database.write() as session:
        for person in (alice, olga):
            hand_in(session, quiz, person, RIGHT)
        assert {who for who, _day in passes(session)} == {alice.id, olga.id}


def test_each_branch_reads_its_own_numbers_and_the_committee_all_without_small_ones(
    client, database, given, quiz, branch, other_branch, sam, oscar, carl, while_it_is_open
):
    here = [given(make_member, branch, f"此{n}") for n in "甲乙丙丁戊己"]
    there = [given(make_member, other_branch, f"彼{n}") for n in "甲乙丙"]
    with database.write() as session:
        for person in here[:5]:
            hand_in(session, quiz, person, RIGHT)
        for person in (here[5], *there):
            hand_in(session, quiz, person, WRONG)
    while_it_is_open.shift(timedelta(days=50))
    own, others = (text(client, f"/study/quizzes/{quiz}", one) for one in (sam, oscar))
    assert "Took part: 6/10" in own
    assert "passed: 5/6" in own
    assert "Fewer than five" in others
    above = text(client, f"/study/quizzes/{quiz}", carl)
    assert "Took part: 6/10" in above  # nine took part: the three of the other branch are in no sum
    assert "branches in which fewer than five took part" in above
    paper = page(client.get(f"/study/quizzes/{quiz}/branches", headers=ENGLISH | as_member(carl)))
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in paper.find("tbody").find_all("tr")]
    assert [row[0] for row in rows] == [
        "第一党支部",
        "第二党支部",
        "机关党委办公室党支部",
        "All of those with a number",
    ]
    assert rows[1][2:] == ["<5", "<5"]
    assert rows[0][1:] == ["10", "6", "5"]
    assert rows[-1][1:] == ["10", "6", "5"]
    assert not [person.name for person in (*here, *there) if person.name in paper.get_text()]
    assert client.get(f"/study/quizzes/{quiz}/branches.xlsx", headers=as_member(carl)).status_code == 200


def test_while_it_is_open_the_committee_reads_no_pass(client, database, given, quiz, branch, carl):
    with database.write() as session:
        for n in "甲乙丙丁戊":
            hand_in(session, quiz, make_member(session, branch, f"员{n}"), RIGHT)
    assert "passed:" not in text(client, f"/study/quizzes/{quiz}", carl)
    paper = page(client.get(f"/study/quizzes/{quiz}/branches", headers=ENGLISH | as_member(carl)))
    assert [row.find_all("td")[3].get_text() for row in paper.find("tbody").find_all("tr")] == [""] * 4


def test_no_difference_of_numbers_is_about_fewer_than_five():
    rows = [("甲", Coverage(9, 7, 5)), ("乙", Coverage(8, 3, 1)), ("丙", Coverage(20, 10, 10))]
    total, left_out = coverage.together(rows)
    assert (total.asked, total.taken, total.passed, left_out) == (29, 17, 15, 1)
    assert coverage.together([("乙", Coverage(8, 3, 1))])[0].is_small


def test_who_answers_in_one_branch_and_moves_stays_a_number_of_that_one(database, quiz, given, branch, other_branch):
    with database.write() as session:
        people = [make_member(session, branch, f"迁{n}") for n in "甲乙丙丁戊"]
        for person in people:
            hand_in(session, quiz, person, RIGHT)
        session.execute(update(Member).where(Member.id == people[0].id).values(branch_id=other_branch.id))
    with database.read() as session:
        of = session.get(Quiz, quiz)
        assert coverage.of_branch(session, of, branch.id).taken == 5
        assert coverage.of_branch(session, of, other_branch.id).taken == 0
