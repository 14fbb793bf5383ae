"""Three people of the domain's worked examples, from the ledger through the service to page, paper and file."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from app.features.ledger.rules import FactType
from app.features.scores import queries
from app.features.scores.periods import period_of
from app.features.scores.service import pin_rules
from app.features.scores.trial import as_json
from tests.features.scores.makers import make_facts, words
from tests.makers import ENGLISH, as_member, make_member
from tests.page import page

QUARTERS = (3, 6, 9, 12)
PEOPLE = {
    "P1": (
        ["good", "good", "fairly_good", "good"],
        """pledge.kept pledge.kept pledge.missed pledge.excused attendance.absent attendance.late
        study.item@3 study.item@3 study.item@3 study.session study.quiz_passed review.result=933
        service.wish_realised service.half_day service.half_day bonus.lecture""",
        {"A": "35.17", "B": "22.90", "C": "10.00", "D": "13.33", "E": "2.00", "total": "83.40", "advice": "qualified"},
        "qualified",
    ),
    "P2": (
        ["good"] * 4,
        """attendance.absent_key leave.unreported leave.unclosed leave.overdue review.result=800
        study.training_day=450 task.urgent=200 task.urgent=200 task.urgent=100 bonus.commendation:province/M1
        bonus.commendation:unit/M1 bonus.commendation:unit/M2""",
        {"A": "40.00", "B": "22.00", "C": "6.00", "D": "12.00", "E": "6.00", "total": "86.00", "advice": "qualified"},
        "qualified",
    ),
    "P3": (
        ["average", "poor", "average", "average"],
        """attendance.absent attendance.absent attendance.absent attendance.absent attendance.absent attendance.absent
        attendance.absent attendance.private_leave attendance.absent_key attendance.absent_key review.result=525
        bonus.commendation:nation""",
        {"A": "23.50", "B": "1.00", "C": "10.00", "D": "5.25", "E": "0.00", "total": "39.75", "advice": "help"},
        "talk and help",
    ),
}


def facts_of(grades, text):
    """The facts of a line such as ``bonus.commendation:unit/M1`` or ``review.result=933``."""
    for month, grade in zip(QUARTERS, grades, strict=True):
        yield "appraisal.quarter", date(2026, month, 28), {"grade": grade}
    for one in text.split():
        fact, _at, month = one.partition("@")
        counted, _is, quantity = fact.partition("=")
        kind, _of, graded = counted.partition(":")
        grade, _about, matter = graded.partition("/")
        said = {"grade": grade, "matter": matter} | ({"quantity": int(quantity)} if quantity else {})
        yield kind, date(2026, int(month or 6), 15), said


@pytest.fixture(params=PEOPLE)
def lived(request, given, branch, all_kept):
    given(pin_rules, year=2026, version="2026.1")
    grades, text, expected, advice = PEOPLE[request.param]
    person = given(make_member, branch, request.param)
    for number, (kind, day, said) in enumerate(facts_of(grades, text)):
        given(make_facts, person, FactType(kind), day, source_id=f"{person.id} {number}", **said)
    return person, expected, advice


def test_the_numbers_are_the_worked_ones_on_page_paper_and_file(client, database, lived, sam, year_over):
    person, expected, advice = lived
    with database.read() as session:
        shown = queries.member_sheet(session, person.actor, person.id, period_of(date(2027, 1, 20), year=2026))
    assert as_json(shown.sheet) == expected | {"double_good": False}
    soup = page(client.get("/sheet/2026", headers=ENGLISH | as_member(person)))
    heads = [float(words(one).split(" / ")[0]) for one in soup.select(".sheet-lines h2 .pts")]
    assert heads == [float(expected[section]) for section in "ABCDE"]
    assert words(soup.select_one(".advice")) == advice
    base = float(expected["total"]) - float(expected["E"])
    assert words(soup.select_one(".fig")).startswith(f"{base:g} / 100")
    paper = words(page(client.get("/sheets/print?through=2026-12", headers=ENGLISH | as_member(sam))).main)
    assert f"Total 100 {base:g}" in paper
    assert "from 90: excellent suggested, from 75: qualified" in paper
    workbook = load_workbook(io.BytesIO(client.get("/sheet/2026/export.xlsx", headers=as_member(person)).content))
    sums = {row[1]: row[3] for row in workbook.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert {section: f"{sums[section]:.2f}" for section in "ABCDE"} == {one: expected[one] for one in "ABCDE"}


def test_what_was_missed_and_what_is_neutral_is_said_in_words(client, given, branch, all_kept, november):
    person = given(make_member, branch, "P4")
    given(make_facts, person, FactType.PLEDGE_KEPT, date(2026, 3, 9))
    given(make_facts, person, FactType.DUTY_MISSED, date(2026, 4, 9))
    given(make_facts, person, FactType.PLEDGE_EXCUSED, date(2026, 5, 9))
    line = page(client.get("/sheet/2026/lines/A2", headers=ENGLISH | as_member(person)))
    marks = [one["aria-label"] for one in line.select(".line-facts svg[role=img]")]
    assert marks == ["counted", "missed", "without points"]
    links = [one["href"] for one in line.select(".line-facts a[href^='/objections']")]
    assert len([link for link in links if "fact=" in link]) == 3
    assert links[-1] == "/objections/new?year=2026&rule=A2"
    assert client.get(links[0], headers=as_member(person)).status_code == 200
    content = client.get("/sheet/2026/export.xlsx", headers=ENGLISH | as_member(person)).content
    rows = load_workbook(io.BytesIO(content))["Ledger"].iter_rows(min_row=2, values_only=True)
    assert [row[-1] for row in rows] == ["counted", "missed", "without points"]
