"""What is kept of somebody about wishes goes along with their data, and nobody else's."""

import io
import json

import openpyxl

from tests.features.wishes.makers import make_realised
from tests.makers import ENGLISH, as_member


def test_alice_takes_along_where_she_took_part(client, given, alice, bob, cora, wish):
    given(make_realised, wish, alice, cora)
    held = json.loads(client.get("/me/export.json", headers=as_member(alice)).content)
    (row,) = held["wishes"]
    assert (row["code"], row["kind"], row["ended_as"]) == (wish.code, "alone", None)
    assert [step["step"] for step in held["wish_steps"]] == ["claim", "contact", "fulfil"]
    others = json.loads(client.get("/me/export.json", headers=as_member(bob)).content)
    assert (others["wishes"], others["wish_steps"], others["wish_revisits"]) == ([], [], [])


def test_the_table_says_it_in_words(client, given, alice, cora, wish):
    given(make_realised, wish, alice, cora)
    response = client.get("/me/export.xlsx", headers=as_member(alice) | ENGLISH)
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    headings, row = ([cell.value for cell in line] for line in book["Wishes taken part in"].iter_rows(max_row=2))
    said = dict(zip(headings, row, strict=True))
    assert (said["Number"], said["How"]) == (wish.code, "alone")
    steps = [row[2].value for row in book["Steps taken with wishes"].iter_rows(min_row=2)]
    assert steps == ["Claimed", "Wisher contacted", "Handed over"]
