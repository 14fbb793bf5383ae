"""The sheets of a branch in one go: on paper a page a person, in a file a table a person, by group and name."""

import io
import tracemalloc
from datetime import date

import pytest
from openpyxl import load_workbook

from app.core import clock
from app.features.scores.periods import period_of
from app.features.scores.queries import sheets_of_branch
from tests.features.scores.makers import words
from tests.features.shows.duties.makers import make_duty
from tests.makers import ENGLISH, HTMX, as_member, make_member
from tests.page import page


def test_each_has_a_page_of_paper_by_group_and_name(client, examples, sam, year_over):
    soup = page(client.get("/sheets/print", headers=ENGLISH | as_member(sam)))
    listed = page(client.get("/sheets", headers=as_member(sam)))
    names = [name.get_text() for name in listed.select(".row b.t")]
    assert [paper["aria-label"] for paper in soup.select("article.a4")] == names


def test_the_paper_has_the_numbers_of_the_page(client, examples, sam, year_over):
    for member in examples.values():
        soup = page(client.get(f"/members/{member.id}/sheet/2026", headers=ENGLISH | as_member(sam)))
        paper = soup.select_one("article.a4")
        assert words(paper.select_one(".total b")) == words(soup.select_one(".fig b"))


def test_the_file_has_a_table_for_each_person(client, examples, sam, year_over):
    response = client.get("/sheets/export.xlsx", headers=ENGLISH | as_member(sam))
    workbook = load_workbook(io.BytesIO(response.content))
    listed = page(client.get("/sheets", headers=as_member(sam)))
    names = [name.get_text() for name in listed.select(".row b.t")]
    assert workbook.sheetnames == [f"{number} {name}" for number, name in enumerate(names, start=1)]


def test_no_name_keeps_the_file_of_the_others_away(client, given, branch, sam):
    for name in ("A/B", "张[三]", "买买提:艾力", "x?", "O'"):
        given(make_member, branch, name)
    response = client.get("/sheets/export.xlsx", headers=ENGLISH | as_member(sam))
    assert "买买提：艾力" in " ".join(load_workbook(io.BytesIO(response.content)).sheetnames)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_the_file_says_that_it_came_and_what_is_refused_does_not(client, alice, sam, november, headers):
    def said(person, **asked):
        return client.get("/sheets/export.xlsx", params=asked, headers=headers | as_member(person)).headers

    came = said(sam)
    assert came["set-cookie"] == "sanliang_came=1; Max-Age=60; Path=/; SameSite=lax", "nothing of whom or what"
    assert int(came["content-length"]) > 0, "the browser's own bar knows of how much"
    for refused in (said(alice), said(sam, through="2009-03")):
        assert "sanliang_came" not in refused.get("set-cookie", "")


@pytest.mark.parametrize("address", ["/sheets/print", "/sheets/export.xlsx"])
def test_fifty_cost_no_more_statements_than_four_and_little_memory(
    client, given, branch, sam, november, statements, address
):
    def cost(until):
        there = len(page(client.get("/sheets", headers=as_member(sam))).select(".row b.t"))
        for _ in range(until - there):
            given(make_member, branch, "Nora")
        statements.clear()
        tracemalloc.start()
        assert client.get(address, headers=ENGLISH | as_member(sam)).status_code == 200
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return len([sql for sql in statements if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]), peak

    cost(until=4)  # the first time reads templates and rules
    (few, small), (many, large) = cost(until=4), cost(until=50)
    assert few == many, "while the year runs: what is still due is asked for all at once"
    assert (large - small) / 46 < 60_000, "bytes for each further paper"


@pytest.mark.parametrize("address", ["/sheets/print", "/sheets/export.xlsx"])
@pytest.mark.parametrize("person", ["alice", "carl"])
def test_they_are_for_officers(client, request, address, person):
    assert client.get(address, headers=as_member(request.getfixturevalue(person))).status_code == 403


@pytest.mark.parametrize("address", ["/sheets/print", "/sheets/export.xlsx"])
def test_a_year_of_which_nobody_has_a_sheet_gives_no_paper_and_no_file(client, examples, sam, year_over, address):
    refused = client.get(address, params={"through": "2009-03"}, headers=ENGLISH | as_member(sam))
    assert "2026" in page(refused, status=404).main.get_text(), "and from which year on there are some"


def test_each_sheet_names_what_is_still_due_for_its_own_person(database, given, alice, dora, sam, november):
    for holder, number in ((alice, 2), (dora, 1)):
        for day in range(number):
            given(make_duty, holder, by=sam, due_on=date(2026, 12, 10 + day))
    with database.read() as session:
        sheets = list(sheets_of_branch(session, sam.actor, period_of(clock.today())))
    due = {one.name: one.line("A2").to_come for one in sheets if one.line("A2")}
    assert (due[alice.name], due[dora.name], due[sam.name]) == (2, 1, 0)
