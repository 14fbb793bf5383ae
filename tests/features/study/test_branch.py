"""The branch's year of study: a number of people, never a list of who lacks hours; the register as a file."""

import io
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from openpyxl import load_workbook

from app.features.members.rules import MemberStatus
from app.features.members.service import move_member
from app.features.study import queries as study
from app.features.study.hours.queries import coverage
from app.features.study.rules import StudyKind
from tests.features.members.makers import make_business_administrator, make_exemption
from tests.features.study.makers import MORNING, make_approved_study, make_study_record
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

LECTURE = {"kind": StudyKind.LECTURE}


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


def learn(given, person, officer, *, hours, **said):
    """A lecture of these ``hours`` on as many days as it takes."""
    for number in range(hours // 8):
        given(
            make_approved_study,
            person,
            officer,
            **{"title": f"培训 {number}", "minutes": 480, "occurred_on": date(2026, 2, number + 1), **LECTURE, **said},
        )


@pytest.fixture
def some(given, branch):
    """Three more members, so that a number is nobody's own: four hours are too few, and one is exempt."""
    three = [given(make_member, branch, name) for name in ("冯宁", "顾青", "何岚")]
    given(make_exemption, three[2])
    return three


def test_how_many_have_reached_what_is_asked_of_each(given, database, some, alice, bob, sam, dora):
    learn(given, alice, sam, hours=32)
    learn(given, bob, sam, hours=32, kind=StudyKind.SELF_STUDY)
    learn(given, sam, dora, hours=32)  # of the secretary 56 are asked
    given(make_study_record, alice, title="《宪法》")
    with database.read() as session:
        covered = coverage(session, alice.branch_id, date(2026, 3, 9))
        records = study.records(session, alice.branch_id, date(2026, 3, 9))
    assert (covered.asked, covered.reached, covered.not_asked) == (6, 1, 1)
    assert (covered.on_track, covered.percent, covered.is_small) == (2, 33, False)  # the secretary has two months' 9:20
    assert records == (12, 1)


def test_less_is_asked_of_who_joined_this_year(given, database, branch, sam):
    pia = given(make_member, branch, "裴雅", joined="2026-10-10", status=MemberStatus.PROBATIONARY)
    learn(given, pia, sam, hours=8)  # 32 × 3 / 12
    with database.read() as session:
        assert coverage(session, branch.id, date(2026, 12, 9)).reached == 1


def test_the_page_names_nobody(client, given, some, alice, bob, sam):
    learn(given, alice, sam, hours=32)
    soup = page(client.get("/study/branch", headers=ENGLISH | as_member(sam)))
    said = " ".join(soup.main.get_text(" ").split())
    assert "1 / 6 members have reached the hours of the year" in said
    assert "1 exempt member is not asked." in said
    assert not any(person.name in said for person in (alice, bob, *some))


def test_few_people_are_no_number(client, sam, alice):
    soup = page(client.get("/study/branch", headers=ENGLISH | as_member(sam)))
    assert "no number is shown" in soup.find(id="hours").get_text()


def test_the_register_is_a_file_by_group_and_name(client, given, alice, bob, sam, olga):
    given(make_approved_study, alice, sam, title="《宪法》", minutes=45)
    given(make_approved_study, alice, sam, title="党课", minutes=90, occurred_on=date(2026, 2, 1), **LECTURE)
    given(make_study_record, bob, title="=1+1", **LECTURE)
    given(make_approved_study, alice, sam, title="去年", occurred_on=date(2025, 12, 31))
    given(make_study_record, olga, title="外支部")
    content = client.get("/study/branch.xlsx?year=2026", headers=ENGLISH | as_member(sam)).content
    records, sums = (list(sheet.values) for sheet in load_workbook(io.BytesIO(content)).worksheets)
    assert [(row[1], row[3], row[5], row[6]) for row in records[1:]] == [
        (alice.name, "党课", 90, "approved"),
        (alice.name, "《宪法》", 45, "approved"),
        (bob.name, "=1+1", 30, "waiting for approval"),
    ]
    assert {row[1]: row[2:] for row in sums[1:]}[alice.name] == (2, 1.5, 0, 0.7)
    assert {row[1]: row[2:] for row in sums[1:]}[bob.name] == (0, 0, 0, 0)


def test_what_was_recorded_before_a_move_stays_with_the_old_branch(
    client, given, database, branch, other_branch, committee, alice, sam, oscar
):
    vera = given(make_business_administrator, branch, committee)
    learn(given, alice, sam, hours=32)
    given(make_study_record, alice, title="旧支部的学习")
    given(move_member, vera.actor, member_id=alice.id, branch_id=other_branch.id)
    given(make_study_record, replace(alice, branch_id=other_branch.id), title="新支部的学习")
    titles = {}
    for officer in (sam, oscar):
        content = client.get("/study/branch.xlsx?year=2026", headers=as_member(officer)).content
        records, sums = (list(sheet.values) for sheet in load_workbook(io.BytesIO(content)).worksheets)
        assert records[0][5] == "分钟"
        titles[officer] = [row[3] for row in records[1:] if row[1] == alice.name]
        assert {row[1]: row[2:] for row in sums[1:]}[alice.name] == ((4, 32, 0, 0) if officer is sam else (0, 0, 0, 0))
    assert titles[sam][-1] == "旧支部的学习"
    assert titles[oscar] == ["新支部的学习"]
    with database.read() as session:
        there = study.records(session, other_branch.id, date(2026, 3, 9))
        assert coverage(session, other_branch.id, date(2026, 3, 9)).reached == 1
    assert there == (0, 1)


@pytest.mark.parametrize("address", ["/study/branch", "/study/branch.xlsx?year=2026"])
def test_it_is_for_the_officers_of_the_branch(lenient_client, alice, address):
    page(lenient_client.get(address, headers=as_member(alice)), status=403)


def test_the_page_costs_few_statements(client, given, statements, some, sam, alice):
    learn(given, alice, sam, hours=32)
    statements.clear()
    page(client.get("/study/branch", headers=as_member(sam)))
    # those of the page before, and: hours of meetings, whose posts and exemptions, by whose decision
    assert len([sql for sql in statements if sql.startswith("SELECT")]) <= 7


def test_the_numbers_that_it_says_are_those_of_the_rules(client, monkeypatch, sam):
    for name, number in (("MEMBER_HOURS", 33), ("OFFICER_HOURS", 57), ("SMALL_CELL", 6)):
        monkeypatch.setattr(f"app.features.study.routes.{name}", number)
    said = page(client.get("/study/branch", headers=ENGLISH | as_member(sam))).main.get_text()
    assert "fewer than 6 members" in said
    assert "33 hours, of the secretary and the committee 57" in said
