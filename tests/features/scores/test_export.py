"""The file holds what the page shows: numbers as numbers, facts with their day, source and hands."""

import io
import json
from datetime import date
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from app.core.formats import hundredths
from app.features.ledger.rules import FactType
from app.features.ledger.service import reverse
from app.features.scores.rule_set import rule_set
from app.features.scores.trial import read_facts, try_rules
from tests.features.scores.makers import EXAMPLES, make_facts
from tests.makers import ENGLISH, as_member
from tests.page import page

SHEETS = json.loads((EXAMPLES / "sheets.json").read_text(encoding="utf-8"))


def opened(response):
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.content))


def rows(workbook, name):
    return [list(row) for row in workbook[name].iter_rows(min_row=2, values_only=True)]


def test_the_file_has_the_worked_numbers(client, examples, year_over):
    table = (EXAMPLES / "facts.csv").read_text(encoding="utf-8-sig")
    for name, expected in SHEETS.items():
        workbook = opened(client.get("/sheet/2026/export.xlsx", headers=ENGLISH | as_member(examples[name])))
        lines = rows(workbook, "Sheet")
        sums = {row[1]: f"{row[3]:.2f}" for row in lines if row[1] in tuple("ABCDE")}
        assert f"{lines[-2][3]:.2f}" == f"{sum(row[3] for row in lines if row[1] in tuple('ABCD')):.2f}"
        assert sums | {"total": f"{lines[-1][3]:.2f}"} == {key: expected[key] for key in (*"ABCDE", "total")}
        assert {row[1] for row in lines} >= {rule.id for rule in rule_set("2026.1").rules()}
        assert len(rows(workbook, "Ledger")) == table.count(name)


def told(element):
    return " ".join(element.get_text(" ").split()) if element else ""


@pytest.mark.parametrize("name", SHEETS)
def test_page_paper_and_file_say_the_same(client, examples, year_over, name):
    headers = ENGLISH | as_member(examples[name])
    soup = page(client.get("/sheet/2026", headers=headers))
    shown = {}
    for line in soup.select("details.line"):
        points, most = told(line.select_one("summary .pts")).split(" / ")
        steps = line.select("summary .said .step") or line.select(".sumline .step")
        shown[told(line.select_one(".t"))] = (points, most, "; ".join(told(step).removesuffix(";") for step in steps))
    paper = [[told(cell) for cell in row.select("td")] for row in soup.select(".paper-only .lines tbody tr")]
    extra = {told(head): told(head.select_one(".pts")) for head in soup.select(".sheet h2") if head.select_one(".pts")}
    on_paper = {what: (points, most, steps) for what, most, points, steps in (row for row in paper if len(row) == 4)}
    lines = rows(opened(client.get("/sheet/2026/export.xlsx", headers=headers)), "Sheet")
    in_file = {row[2]: (points_of(row[3]), points_of(row[4]), row[6] or "") for row in lines if row[2] in shown}
    assert in_file == shown
    assert {what: on_paper.get(what, said) for what, said in shown.items()} == shown
    assert len(on_paper) == len([row for row in lines if row[1] and row[1][0] in "ABCD" and row[1][1:]])
    sums = {row[0]: f"{points_of(row[3])} / {points_of(row[4])}" for row in lines if row[1] in tuple("ABCDE")}
    assert sums == {heading.removesuffix(points).strip(): points for heading, points in extra.items()}


def points_of(value):
    return "–" if value is None else hundredths(round(value * 100))


def test_a_fact_says_all_that_is_known_of_it(client, given, alice, sam, dora, november):
    (fact,) = given(
        make_facts,
        alice,
        FactType.SERVICE_HALF_DAY,
        date(2026, 5, 4),
        quantity=200,
        note="Tree planting",
        recorded_by_id=dora.id,
        confirmed_by_id=sam.id,
    )
    given(reverse, [fact.id], recorded_by_id=dora.id, note="another day")
    workbook = opened(client.get("/sheet/2026/export.xlsx", headers=ENGLISH | as_member(alice)))
    (row,) = rows(workbook, "Ledger")
    assert row[:4] == ["2026-05-04", "Half-days of volunteering", None, "2 half-days"]
    assert row[5:10] == ["Tree planting", None, dora.name, sam.name, "May 2026"]
    assert row[10] == f"taken back on 22 Nov by {dora.name}: another day"


def test_the_file_says_whose_it_is(client, alice, november):
    response = client.get("/sheet/2026/export.xlsx?through=2026-06", headers=ENGLISH | as_member(alice))
    about = dict(rows(opened(response), "About this sheet"))
    assert (about["Name"], about["Branch"], about["Period"]) == (alice.name, alice.branch_name, "Up to June 2026")
    named = unquote(response.headers["content-disposition"])
    assert f"Sheet of {alice.name}" in named
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("language", [{}, ENGLISH], ids=["Chinese", "English"])
def test_the_file_opens_again_as_a_trial_and_gives_the_same_sheet(client, given, examples, alice, year_over, language):
    late = {"counts_in": date(2026, 2, 1), "quantity": 150}
    given(make_facts, alice, FactType.STUDY_TRAINING_DAY, date(2025, 12, 20), **late)  # confirmed after 15 January
    given(make_facts, alice, FactType.BONUS_COMMENDATION, date(2026, 5, 4), grade="province", matter="M1")
    given(make_facts, alice, FactType.APPRAISAL_QUARTER, date(2026, 3, 31), grade="not_graded")
    (wrong,) = given(make_facts, alice, FactType.ATTENDANCE_ABSENT, date(2026, 4, 4))
    given(reverse, [wrong.id], recorded_by_id=alice.id)
    for who in (alice, *examples.values()):
        response = client.get("/sheet/2026/export.xlsx", headers=language | as_member(who))
        table = read_facts(response.content)
        assert (table.bad_rows, list(table.totals)) == ((), [who.name])
        (tried,) = try_rules(rule_set("2026.1"), table, year=2026).values()
        lines = {row[1]: row[3] for row in list(opened(response).worksheets[0].iter_rows(min_row=2, values_only=True))}
        for section in tried.sections:
            assert lines[section.id] == section.points / 100
            for one in section.lines:
                assert lines[one.rule_id] == (None if one.has_no_result else one.points / 100)
