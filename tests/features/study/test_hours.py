"""My year of education hours: three classes with a line each, and online hours that count where a committee says so."""

import io
from datetime import date

import pytest
import time_machine
from hypothesis import given as over
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.core.ids import new_id
from app.features.education.rules import MINUTES, due_by
from app.features.members.models import AuditEntry
from app.features.study.rules import StudyKind
from tests.features.members.makers import make_exemption
from tests.features.study.makers import MORNING, make_approved_study, make_study_record
from tests.makers import ENGLISH, HTMX, as_member
from tests.page import page

DECISIONS = "/study/hours/decisions"
DAY = date(2026, 2, 2)


@pytest.fixture(autouse=True)
def on_a_march_morning():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def a_year(given, alice, sam):
    """The worked example: organised 1900 minutes, on one's own 600, online 900; and an hour that waits."""
    for number, (kind, minutes) in enumerate(
        [(StudyKind.COURSE, 1400), (StudyKind.LECTURE, 500), (StudyKind.SELF_STUDY, 600), (StudyKind.ONLINE, 900)]
    ):
        given(make_approved_study, alice, sam, kind=kind, minutes=minutes, title=f"第{number}课", occurred_on=DAY)
    given(make_study_record, alice, kind=StudyKind.LECTURE, minutes=60, title="待审批", occurred_on=DAY)


def decided(client, person, headers=HTMX, **said):
    form = {"id": str(new_id()), "network_counts": "yes", "first_year": "2026", "document": "机党〔2026〕9号", **said}
    return client.post(DECISIONS, data=form, headers=headers | ENGLISH | as_member(person))


def text_of(response, status=200):
    return page(response, status=status).main.get_text(" ", strip=True)


def test_each_class_has_its_line_and_organised_hours_count(client, a_year, alice):
    said = text_of(client.get("/study/hours", headers=ENGLISH | as_member(alice)))
    assert "organised 31.6 education hours online 15 education hours self-study 10 education hours" in said
    assert "counted 31.6 education hours" in said
    mine = text_of(client.get("/study", headers=ENGLISH | as_member(alice)))
    assert "31.6 / 32 education hours Waiting for approval: 1 education hours. Online besides: 15" in mine


@pytest.mark.parametrize(("headers", "status"), [({}, 303), (HTMX, 200)], ids=["plain", "htmx"])
def test_online_hours_count_once_the_committee_says_so(client, a_year, alice, carl, committee, headers, status):
    before = text_of(client.get("/study/hours?year=2025", headers=ENGLISH | as_member(alice)))
    assert decided(client, carl, headers, committee=str(committee.id)).status_code == status
    said = text_of(client.get("/study/hours", headers=ENGLISH | as_member(alice)))
    assert "counted 46.6 education hours Online hours count as well, by 机党〔2026〕9号 of" in said
    assert text_of(client.get("/study/hours?year=2025", headers=ENGLISH | as_member(alice))) == before
    decided(client, carl, committee=str(committee.id), network_counts="no", document="机党〔2026〕12号")
    assert "counted 31.6" in text_of(client.get("/study/hours", headers=ENGLISH | as_member(alice)))


def test_the_same_decision_twice_is_one_and_stands_in_the_log(client, database, carl, committee):
    form = {"id": str(new_id()), "committee": str(committee.id)}
    decided(client, carl, **form)
    decided(client, carl, **form)
    with database.read() as session:
        noted = session.query(AuditEntry).where(AuditEntry.action == "hours_decided").all()
    assert [(one.actor_id, one.subject, one.changes["network_counts"]) for one in noted] == [
        (carl.id, "机党〔2026〕9号", [None, "True"])
    ]


def test_a_form_without_a_number_keeps_what_was_typed(client, carl, committee):
    said = page(decided(client, carl, {}, committee=str(committee.id), document=" ", first_year="2027"), status=422)
    assert said.find(attrs={"name": "first_year"})["value"] == "2027"
    assert "Nothing is decided" in said.get_text()


def test_nobody_else_decides_it(client, lenient_client, sam, alice, carl, other_branch):
    for person in (sam, alice):
        assert lenient_client.get(DECISIONS, headers=as_member(person)).status_code == 403
    assert decided(client, carl, committee=str(other_branch.id)).status_code == 404


def test_the_database_lets_nobody_change_a_decision(client, database, carl, committee):
    decided(client, carl, committee=str(committee.id))
    with database.write() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("UPDATE hours_decisions SET network_counts = false"))


def test_who_is_exempt_is_asked_for_none(client, given, a_year, alice):
    given(make_exemption, alice)
    mine = text_of(client.get("/study", headers=ENGLISH | as_member(alice)))
    assert "31.6 education hours; none are asked while you are exempt" in mine


def test_the_paper_and_the_file_say_the_same_as_the_page(client, given, a_year, alice, bob, sam):
    given(make_approved_study, bob, sam, title="别人的")
    given(make_approved_study, alice, sam, kind=StudyKind.COURSE, minutes=1400, title="第 0 课", occurred_on=DAY)
    paper = page(client.get("/study/hours/paper?year=2026", headers=ENGLISH | as_member(alice)))
    content = client.get("/study/hours/register.xlsx?year=2026", headers=ENGLISH | as_member(alice)).content
    entries, sums = (list(sheet.values) for sheet in load_workbook(io.BytesIO(content)).worksheets)
    assert [row[1:5] for row in entries[1:]] == [
        ("第0课", "Course", "organised", 23.3),
        ("第1课", "Lecture", "organised", 8.3),
        ("第2课", "Self-study", "self-study", 10),
        ("第3课", "Online course", "online", 15),
        ("第 0 课", "Course", "organised", "the same hours once"),
    ]
    assert {row[6] for row in entries[1:]} == {sam.name}
    assert sums[1:] == [("organised", 31.6), ("online", 15), ("self-study", 10), ("counted", 31.6)]
    on_paper = [[cell.get_text() for cell in row.find_all("td")] for row in paper.select(".a4")[1].select("tbody tr")]
    assert [(name, float(hours)) for name, hours in on_paper] == [(name, float(hours)) for name, hours in sums[1:]]


@over(st.sampled_from([32, 56, 11]), st.dates(date(2026, 1, 1), date(2026, 12, 30)), st.integers(1, 12))
def test_what_is_due_grows_to_the_whole_and_begins_with_the_month_of_arrival(hours, day, month):
    arrived = date(2026, month, 15)
    due = [due_by(hours, one, arrived_on=arrived) for one in (day, date.fromordinal(day.toordinal() + 1))]
    assert due == sorted(due)
    assert due_by(hours, date(2026, 12, 31), arrived_on=arrived) == MINUTES * hours
    assert due_by(hours, date(2026, month, 1), arrived_on=arrived) == 0
