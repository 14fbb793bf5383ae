"""The yearly sheet of pledges 承诺践诺表: the branch's for its officers, one's own for everybody else."""

import io

import time_machine
from openpyxl import load_workbook

from app.features.shows.pledges.rules import Ending
from app.features.shows.wall import queries
from tests.features.shows.pledges.makers import DECEMBER, make_draft, make_ended
from tests.makers import as_member
from tests.page import page


def sheet(client, person):
    response = client.get("/shows/promises.xlsx?year=2026", headers=as_member(person))
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.content))


@time_machine.travel(DECEMBER, tick=False)
def test_sam_takes_the_branchs_sheet_along(client, given, alice, bob, sam, olga):
    given(make_ended, alice, sam, Ending.EXCUSED)
    given(make_draft, bob, text="把还没想好的写下来")
    book = sheet(client, sam)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert {row[1] for row in rows[1:]} == {alice.name}
    texts = [row[4] for row in rows]
    assert "信访件 5 个工作日内答复" in texts
    assert "把还没想好的写下来" not in texts
    (said,) = {row[-2] for row in rows[1:] if row[-2]}
    assert said == "对口帮扶单位撤并"
    without = {row[0] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)}
    assert bob.name in without
    assert olga.name not in without


@time_machine.travel(DECEMBER, tick=False)
def test_alice_sees_her_own_rows_alone(client, given, alice, bob, sam):
    given(make_ended, alice, sam)
    given(make_ended, bob, sam)
    said = page(client.get("/shows/promises?year=2026", headers=as_member(alice))).get_text()
    assert "信访件 5 个工作日内答复" in said
    assert bob.name not in said
    (book,) = sheet(client, alice).worksheets
    assert {row[1] for row in book.iter_rows(min_row=2, values_only=True)} == {alice.name}


@time_machine.travel(DECEMBER, tick=False)
def test_a_year_without_pledges_says_so(client, sam, alice):
    soup = page(client.get("/shows/promises?year=2025", headers=as_member(alice)))
    assert "2025" in soup.get_text()
    assert not soup.select("table")
    assert client.get("/shows/promises?year=2027", headers=as_member(sam)).status_code == 404


@time_machine.travel(DECEMBER, tick=False)
def test_the_sheet_of_one_member_names_nobody_else(session, alice, bob, sam):
    make_ended(session, alice, sam)
    (promise,), without = queries.promises(session, alice.branch_id, year=2026, member_id=alice.id)
    assert (promise.name, without) == (alice.name, [])
